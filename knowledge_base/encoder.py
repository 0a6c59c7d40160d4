"""Text to vector: sentence-transformers' API, with ONNX Runtime inside."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
from transformers import AutoTokenizer

from knowledge_base.errors import ModelError
from knowledge_base.model.onnx_names import FP32_NAME, INT8_NAME
from knowledge_base.settings import Settings
from text_classification.text import MAX_ENCODED_CHARS, clean

FloatArray = NDArray[np.float32]

# E5 was trained with a prefix; `query:` on both sides suits question-to-question search
# (Wang et al. 2024, "Multilingual E5 Text Embeddings", section 3).
_PREFIX = "query: "
_BATCH_SIZE = 32
_ONNX_NAMES = {"int8": INT8_NAME, "fp32": FP32_NAME}


class Encoder(Protocol):
    """Anything that turns texts into unit vectors."""

    @property
    def model_id(self) -> str:
        """Which model made the vectors: two encoders with one id give the same ones."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return embeddings, float32, (len(texts), dimension), rows of length 1."""


class OnnxTransformer(InputModule):
    """The transformer of a sentence-transformers pipeline, run by ONNX Runtime.

    Args:
        folder: a sentence-transformers folder with an `onnx/` folder in it.
        name: the ONNX file, relative to `folder`.
    """

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        options = onnxruntime.SessionOptions()
        # Two threads collapse when both cores are busy (docs/decisions/0002-model.md).
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            folder / name, options, providers=["CPUExecutionProvider"]
        )
        self._tokenize: Any = AutoTokenizer.from_pretrained(folder)
        self.tokenizer = self._tokenize

    def preprocess(self, inputs: Any, prompt: str | None = None, **_: Any) -> Any:
        """Tokenize `inputs`, padded to the longest."""
        texts = [(prompt or "") + text for text in inputs]
        return self._tokenize(texts, padding=True, truncation=True, return_tensors="pt")

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        """Add `token_embeddings`, float32, (batch, tokens, dimension)."""
        (embeddings,) = self._session.run(
            None, {key: features[key].numpy() for key in ("input_ids", "attention_mask")}
        )
        return {**features, "token_embeddings": torch.from_numpy(embeddings)}

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Refuse: the folder that this was loaded from is the saved form."""
        raise NotImplementedError("Copy the model's folder instead.")


class SentenceEncoder:
    """Encodes with sentence-transformers.

    Args:
        model: the pipeline.
        model_id: see `Encoder.model_id`.
    """

    def __init__(self, model: SentenceTransformer, model_id: str) -> None:
        self._model = model
        self._model_id = model_id

    @property
    def model_id(self) -> str:
        """Which model and which weights."""
        return self._model_id

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return embeddings, float32, (len(texts), dimension), rows of length 1."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        prepared = [_PREFIX + clean(text)[:MAX_ENCODED_CHARS] for text in texts]
        # Texts of one length together: less padding to compute.
        order = sorted(range(len(prepared)), key=lambda row: len(prepared[row]))
        embeddings = np.empty((len(prepared), self.dimension), np.float32)
        for start in range(0, len(prepared), _BATCH_SIZE):
            rows = order[start : start + _BATCH_SIZE]
            embeddings[rows] = self._encode_batch([prepared[row] for row in rows])
        embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
        return embeddings

    def _encode_batch(self, prepared: list[str]) -> FloatArray:
        # What `SentenceTransformer.encode` does around this, for lists and devices, costs half a
        # millisecond a message.
        with torch.inference_mode():
            encoded = self._model(self._model.preprocess(prepared))["sentence_embedding"]
        return np.asarray(encoded.numpy(), np.float32)


def load_encoder(settings: Settings) -> SentenceEncoder:
    """Load the encoder that the settings name.

    Raises:
        ModelError: the folder is missing or holds no model.
    """
    torch.set_num_threads(1)
    source = settings.embedding_model
    folder = Path(source)
    if folder.is_dir():
        return _from_folder(folder, settings.embedding_precision)
    if folder.is_absolute() or source.startswith("."):
        raise ModelError(
            f"There is no model in {source}. Run `make setup`, or correct EMBEDDING_MODEL."
        )
    try:
        model = SentenceTransformer(source, device="cpu")
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The model {source} could not be fetched. Set EMBEDDING_MODEL to a folder or a hub"
            " name that this machine can reach."
        ) from error
    return SentenceEncoder(model, model_id=source)


def _from_folder(folder: Path, precision: str) -> SentenceEncoder:
    name = _ONNX_NAMES.get(precision)
    if name is None or not (folder / name).is_file():
        model = SentenceTransformer(str(folder), device="cpu")
        return SentenceEncoder(
            model, f"{folder.name}/torch/{_digest(folder / 'model.safetensors')}"
        )
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    transformer = OnnxTransformer(folder, name)
    dimension = transformer._session.get_outputs()[0].shape[-1]
    pipeline = SentenceTransformer(
        modules=[transformer, Pooling(dimension, pooling_mode="mean"), Normalize()], device="cpu"
    )
    return SentenceEncoder(pipeline, f"{folder.name}/{precision}/{_digest(folder / name)}")


def _digest(weights: Path) -> str:
    if not weights.is_file():
        return "unknown"
    with weights.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]
