"""The searchable form of a snapshot: built once, stored beside its model's id, swapped whole.

On disk, one folder an index: `wordings.faiss` (whitened vectors), `embeddings.npy` (as encoded,
float16, so that a later build encodes only what is new), `wordings.json`, `geometry.npz`, a folder for each
classifier, and `manifest.json`, written last.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import IndexMismatch
from knowledge_base.geometry import Geometry
from text_classification.classifier import TextClassifier

FloatArray = NDArray[np.float32]

# Raised whenever an index of the last version can't be read or would answer differently.
FORMAT = 2

# The class of the entry classifier that stands for everything no entry answers.
OUT_OF_SCOPE = "-"

_MANIFEST = "manifest.json"
_CLASSIFIERS = ("entries", "urgency", "guard_rails", "languages")


@dataclass(frozen=True)
class Manifest:
    """What an index was built from."""

    format: int
    model_id: str
    snapshot_id: str
    signals_id: str


@dataclass(frozen=True)
class Wordings:
    """Every text that queries are compared with, row by row.

    Args:
        texts: the questions and paraphrases.
        entry_ids: of each text.
        languages: of each text.
    """

    texts: list[str]
    entry_ids: list[str]
    languages: list[str]


@dataclass(frozen=True)
class Index:
    """A built index.

    Args:
        manifest: what it was built from.
        wordings: n_wordings rows.
        embeddings: as encoded, float32, (n_wordings, dimension), rows of length 1.
        vectors: the same, centred and whitened, for inner-product search.
        geometry: how queries are moved to `vectors`' space.
        entries: entry ids and `OUT_OF_SCOPE`.
        urgency: urgent kinds and `calm`.
        guard_rails: rails and `none`.
        languages: the languages of the wordings and examples; reads embeddings as encoded.
    """

    manifest: Manifest
    wordings: Wordings
    embeddings: FloatArray
    vectors: faiss.Index
    geometry: Geometry
    entries: TextClassifier
    urgency: TextClassifier
    guard_rails: TextClassifier
    languages: TextClassifier


def save_index(index: Index, folder: Path) -> None:
    """Write `index` to `folder`, whole or not at all."""
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    faiss.write_index(index.vectors, str(draft / "wordings.faiss"))
    np.save(draft / "embeddings.npy", index.embeddings.astype(np.float16))
    (draft / "wordings.json").write_text(json.dumps(asdict(index.wordings), ensure_ascii=False))
    index.geometry.save(draft / "geometry.npz")
    for name in _CLASSIFIERS:
        getattr(index, name).save(draft / name)
    (draft / _MANIFEST).write_text(json.dumps(asdict(index.manifest), indent=1))
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)


def read_manifest(folder: Path) -> Manifest | None:
    """Return what the index in `folder` was built from, or None where there is none."""
    try:
        return Manifest(**json.loads((folder / _MANIFEST).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def load_index(folder: Path, model_id: str) -> Index:
    """Load the index in `folder`.

    Raises:
        IndexMismatch: it is missing, of another format, or built by another model.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise IndexMismatch(f"There is no index in {folder}. Run `python -m knowledge_base build`.")
    if manifest.format != FORMAT:
        raise IndexMismatch(
            f"The index in {folder} has format {manifest.format}; this version reads {FORMAT}."
            " Run `python -m knowledge_base build`."
        )
    if manifest.model_id != model_id:
        raise IndexMismatch(
            f"The index in {folder} was built by the model {manifest.model_id}, but"
            f" EMBEDDING_MODEL is {model_id}. Run `python -m knowledge_base build`, or set"
            " EMBEDDING_MODEL back."
        )
    return Index(
        manifest,
        Wordings(**json.loads((folder / "wordings.json").read_text())),
        np.load(folder / "embeddings.npy").astype(np.float32),
        faiss.read_index(str(folder / "wordings.faiss")),
        Geometry.load(folder / "geometry.npz"),
        *(TextClassifier.load(folder / name) for name in _CLASSIFIERS),
    )
