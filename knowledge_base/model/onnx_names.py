"""Where the exported weights lie inside a model folder."""

FP32_NAME = "onnx/model_fp32.onnx"
INT8_NAME = "onnx/model_int8.onnx"
