"""Exports a sentence-transformers folder's transformer to ONNX, in fp32 and int8."""

import logging
import warnings
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel

from knowledge_base.model.onnx_names import FP32_NAME, INT8_NAME

_OPSET = 17


class _TokenEmbeddings(torch.nn.Module):
    """The transformer alone: token ids in, token embeddings out."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        outputs = self.model(input_ids=input_ids, attention_mask=attention_mask)
        return outputs.last_hidden_state  # type: ignore[no-any-return]


def export(folder: Path) -> None:
    """Write `onnx/model_fp32.onnx` and `onnx/model_int8.onnx` into `folder`."""
    fp32, int8 = folder / FP32_NAME, folder / INT8_NAME
    fp32.parent.mkdir(exist_ok=True)
    model = AutoModel.from_pretrained(
        folder, attn_implementation="eager", add_pooling_layer=False
    ).eval()
    example = torch.ones((2, 8), dtype=torch.long)
    dynamic = {0: "batch", 1: "tokens"}
    with warnings.catch_warnings(), torch.no_grad():
        # The exporter warns of constants in the attention mask; the shared encoder checks
        # compare the result with torch for batches of other shapes.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _TokenEmbeddings(model),
            (example, example),
            str(fp32),
            input_names=["input_ids", "attention_mask"],
            output_names=["token_embeddings"],
            dynamic_axes=dict.fromkeys(
                ("input_ids", "attention_mask", "token_embeddings"), dynamic
            ),
            opset_version=_OPSET,
            dynamo=False,
        )
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser advises a pre-processing step
    quantize_dynamic(fp32, int8, per_channel=True, weight_type=QuantType.QInt8)
