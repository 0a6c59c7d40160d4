"""Content to snapshot to index to publication, doing only what changed."""

from collections.abc import Callable
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from knowledge_base.content import load_content
from knowledge_base.encoder import Encoder
from knowledge_base.errors import KnowledgeBaseError, SnapshotError
from knowledge_base.index import (
    FORMAT,
    Index,
    Manifest,
    load_index,
    read_manifest,
    save_index,
)
from knowledge_base.index_build import build_index, provisional_index
from knowledge_base.settings import Settings
from knowledge_base.signals import Signals, load_signals
from knowledge_base.snapshot import (
    Snapshot,
    current_snapshot_id,
    make_snapshot,
    publish,
    read_snapshot,
    write_snapshot,
)

FloatArray = NDArray[np.float32]


def index_folder(settings: Settings, snapshot_id: str) -> Path:
    """Return where the index of a snapshot is kept."""
    return settings.index_dir / snapshot_id


def build_from_content(
    settings: Settings, encoder: Encoder, report: Callable[[str], None] = lambda _: None
) -> Snapshot:
    """Publish the entries in the content folder, and return them as a snapshot.

    Raises:
        ContentError: an entry can't be used.
    """
    report("reading the entries")
    snapshot = make_snapshot(load_content(settings.content_dir))
    write_snapshot(snapshot, settings.snapshot_dir)
    ensure_index(snapshot, settings, encoder, report)
    publish(snapshot.snapshot_id, settings.snapshot_dir)
    return snapshot


def ensure_index(
    snapshot: Snapshot,
    settings: Settings,
    encoder: Encoder,
    report: Callable[[str], None] = lambda _: None,
) -> Index:
    """Return the index of `snapshot`, building it where there is none that fits."""
    signals = load_signals(settings.content_dir, settings.nlu_dir)
    wanted = Manifest(FORMAT, encoder.model_id, snapshot.snapshot_id, signals.signals_id)
    folder = index_folder(settings, snapshot.snapshot_id)
    if read_manifest(folder) == wanted:
        return load_index(folder, encoder.model_id)
    known = known_embeddings(settings, encoder)
    report(f"building the index ({_new_texts(snapshot, signals, known)} new texts to encode)")
    index = build_index(snapshot, signals, encoder, known)
    save_index(index, folder)
    draft = settings.index_dir / ".known.npz"
    np.savez(
        draft,
        model_id=encoder.model_id,
        texts=np.array([text.encode() for text in known], dtype=np.bytes_),
        embeddings=np.stack(list(known.values())).astype(np.float16),
    )
    draft.replace(settings.index_dir / "known.npz")
    return index


def known_embeddings(settings: Settings, encoder: Encoder) -> dict[str, FloatArray]:
    """Return what this encoder has encoded for earlier builds, by text."""
    try:
        with np.load(settings.index_dir / "known.npz") as arrays:
            if str(arrays["model_id"]) != encoder.model_id:
                return {}
            texts = [text.decode() for text in arrays["texts"]]
            embeddings = arrays["embeddings"].astype(np.float32)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
    return dict(zip(texts, embeddings, strict=True))


def load_published(settings: Settings, encoder: Encoder) -> tuple[Snapshot, Index]:
    """Return the published snapshot with its index, built where there is none.

    Raises:
        KnowledgeBaseError: nothing is published, or it can't be used.
    """
    snapshot_id = current_snapshot_id(settings.snapshot_dir)
    if snapshot_id is None:
        raise KnowledgeBaseError("Nothing is published yet. Run `python -m knowledge_base build`.")
    snapshot = read_snapshot(settings.snapshot_dir / snapshot_id)
    return snapshot, ensure_index(snapshot, settings, encoder)


def load_at_once(
    settings: Settings, encoder: Encoder, snapshot_id: str, previous: Index
) -> tuple[Snapshot, Index, bool]:
    """Return a published snapshot with an index, and whether that is the whole one.

    Where the whole index isn't built yet, a provisional one stands in for it: people are answered
    from what was published within two seconds.

    Raises:
        KnowledgeBaseError: the snapshot can't be used.
    """
    snapshot = read_snapshot(settings.snapshot_dir / snapshot_id)
    if not snapshot.entries:
        raise SnapshotError(f"Snapshot {snapshot_id} has no entries. Publish again.")
    folder = index_folder(settings, snapshot_id)
    manifest = read_manifest(folder)
    if manifest and manifest.model_id == encoder.model_id and manifest.format == FORMAT:
        return snapshot, load_index(folder, encoder.model_id), True
    known = dict(zip(previous.wordings.texts, previous.embeddings, strict=True))
    return snapshot, provisional_index(previous, snapshot, encoder, known), False


def _new_texts(snapshot: Snapshot, signals: Signals, known: dict[str, FloatArray]) -> int:
    texts = {text for entry in snapshot.entries for text in entry.wordings}
    texts |= {example.text for example in signals.all}
    return len(texts - known.keys())
