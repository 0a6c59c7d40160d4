"""The searchable form of a snapshot: built once, stored beside its model's id, swapped whole.

On disk, one folder an index: `wordings.faiss` (whitened vectors), `embeddings.npy` (as encoded,
float16, so that a later build encodes only what is new), `wordings.json`, `geometry.npz`, a folder for each
classifier, and `manifest.json`, written last.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge_base.encoder import Encoder
from knowledge_base.errors import IndexMismatch
from knowledge_base.geometry import Geometry, fit_geometry
from knowledge_base.signals import CALM, NO_RAIL, Signals
from knowledge_base.snapshot import Snapshot
from knowledge_base.text_classifier import TextClassifier, train_classifier

FloatArray = NDArray[np.float32]

# Raised whenever an index of the last version can't be read or would answer differently.
FORMAT = 1

# The class of the entry classifier that stands for everything no entry answers.
OUT_OF_SCOPE = "-"

# Entries about despair and violence have wordings that are emergencies themselves: they would
# teach the urgency classifier that such messages are calm.
_NEVER_CALM = frozenset({"feeling-hopeless", "domestic-violence-or-trafficking"})

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


def build_index(
    snapshot: Snapshot, signals: Signals, encoder: Encoder, known: dict[str, FloatArray]
) -> Index:
    """Build the index of `snapshot`.

    Args:
        snapshot: the entries.
        signals: the counter-examples.
        encoder: encodes what `known` lacks.
        known: embeddings by text, of the same encoder; extended with what was encoded.
    """
    wordings = Wordings([], [], [])
    for entry in snapshot.entries:
        for text in entry.wordings:
            wordings.texts.append(text)
            wordings.entry_ids.append(entry.entry_id)
            wordings.languages.append(entry.language)
    embeddings = _encode(wordings.texts, encoder, known)
    geometry = fit_geometry(embeddings, wordings.languages, wordings.entry_ids)
    centred = geometry.centre(embeddings, wordings.languages)
    whitened = geometry.whiten(centred)
    vectors = faiss.IndexFlatIP(encoder.dimension)
    vectors.add(whitened)

    def examples_of(
        pool: Sequence[tuple[str, str, str]],
    ) -> tuple[list[str], FloatArray, list[str]]:
        texts = [text for text, _, _ in pool]
        encoded = _encode(texts, encoder, known)
        moved = geometry.centre(encoded, [language for _, _, language in pool])
        return texts, moved, [label for _, label, _ in pool]

    outside, outside_vectors, _ = examples_of(
        [(e.text, OUT_OF_SCOPE, e.language) for e in signals.out_of_scope]
    )
    entries = train_classifier(
        wordings.texts + outside,
        np.concatenate([whitened, geometry.whiten(outside_vectors)]),
        wordings.entry_ids + [OUT_OF_SCOPE] * len(outside),
    )
    calm = [
        (text, CALM, language)
        for text, entry_id, language in zip(
            wordings.texts, wordings.entry_ids, wordings.languages, strict=True
        )
        if entry_id not in _NEVER_CALM
    ]
    calm += [
        (e.text, CALM, e.language)
        for e in (*signals.out_of_scope, *signals.guard_rails, *signals.small_talk)
    ]
    urgent = [(e.text, e.label, e.language) for e in signals.urgent]
    urgency = train_classifier(*examples_of(urgent + calm), balanced=True)
    rails = [(e.text, e.label, e.language) for e in signals.guard_rails]
    near = [(text, NO_RAIL, language) for text, _, language in calm[:: len(calm) // 1500 + 1]]
    guard_rails = train_classifier(*examples_of(rails + near), balanced=True)
    spoken = [example.text for example in signals.all]
    languages = train_classifier(
        wordings.texts + spoken,
        np.concatenate([embeddings, _encode(spoken, encoder, known)]),
        wordings.languages + [example.language for example in signals.all],
    )
    manifest = Manifest(FORMAT, encoder.model_id, snapshot.snapshot_id, signals.signals_id)
    return Index(
        manifest,
        wordings,
        embeddings,
        vectors,
        geometry,
        entries,
        urgency,
        guard_rails,
        languages,
    )


def save_index(index: Index, folder: Path) -> None:
    """Write `index` to `folder`, whole or not at all."""
    draft = folder.with_name(f".{folder.name}.draft")
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


def _encode(texts: Sequence[str], encoder: Encoder, known: dict[str, FloatArray]) -> FloatArray:
    new = list(dict.fromkeys(text for text in texts if text not in known))
    for text, embedding in zip(new, encoder.encode(new), strict=True):
        known[text] = embedding
    return np.stack([known[text] for text in texts])
