"""A real knowledge base, small and quick: a few entries, real index, vectors of letters."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.content import load_entry
from knowledge_base.entry import FAQEntry
from knowledge_base.index_build import build_index
from knowledge_base.service import KnowledgeBase
from knowledge_base.settings import Settings
from knowledge_base.signals import Example, Signals
from knowledge_base.snapshot import Snapshot, make_snapshot, publish, write_snapshot
from knowledge_base.urgent_kinds import URGENT_KINDS

ROOT = Path(__file__).resolve().parent.parent.parent
PLAIN_ENTRIES = (
    "how-big-is-the-backlog",
    "how-many-immigration-judges",
    "what-is-an-a-number",
    "how-to-check-my-case",
    "privacy-what-not-to-share",
    "free-or-low-cost-help",
)
_DIMENSION = 64
_PARAPHRASES = 15


class LetterEncoder:
    """Counts letter triples, hashed: the same text has the same vector, alike ones are near."""

    model_id = "letters/1"
    dimension = _DIMENSION

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return embeddings, float32, (len(texts), dimension), rows of length 1."""
        vectors = np.full((len(texts), _DIMENSION), 0.01, np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            padded = f"  {text.casefold()}  "
            for start in range(len(padded) - 2):
                triple = padded[start : start + 3].encode("utf-8", "replace")
                vector[hashlib.blake2b(triple, digest_size=1).digest()[0] % _DIMENSION] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def small_snapshot() -> Snapshot:
    """Return some of the shipped entries in both languages, with fewer wordings."""
    entry_ids = {*PLAIN_ENTRIES, *(kind.entry_id for kind in URGENT_KINDS.values())}
    return make_snapshot(
        _shortened(load_entry(ROOT / "content" / language / f"{entry_id}.yaml"))
        for language in ("en", "es")
        for entry_id in sorted(entry_ids)
    )


def small_base(folder: Path, snapshot: Snapshot | None = None) -> KnowledgeBase:
    """Return a knowledge base over `small_snapshot`, or another, published under `folder`."""
    snapshot = snapshot or small_snapshot()
    settings = Settings(snapshot_dir=folder / "snapshots", index_dir=folder / "index")
    settings.index_dir.mkdir(parents=True, exist_ok=True)
    write_snapshot(snapshot, settings.snapshot_dir)
    publish(snapshot.snapshot_id, settings.snapshot_dir)
    encoder = LetterEncoder()
    index = build_index(snapshot, _signals(), encoder, {})
    return KnowledgeBase(settings, encoder, snapshot, index)


def _shortened(entry: FAQEntry) -> FAQEntry:
    return entry.model_copy(update={"paraphrases": entry.paraphrases[:_PARAPHRASES]})


def _signals() -> Signals:
    def examples(label: str, *texts: str) -> tuple[Example, ...]:
        return tuple(Example(text, label, language) for language in ("en", "es") for text in texts)

    urgent = (
        *examples("detained", "ICE took my husband", "la migra agarró a mi esposo"),
        *examples("ice_at_the_door", "ICE is at my door now", "la migra está en mi puerta"),
        *examples("calm", "what is the weather", "qué tiempo hace"),
    )
    rails = (
        *examples("advice", "should i sign", "debo firmar"),
        *examples("prediction", "will i win", "voy a ganar"),
        *examples("dishonest", "what lie do i tell the judge", "qué mentira le digo al juez"),
        *examples("none", "what is a lie detector", "qué es una firma"),
    )
    outside = examples("other", "do you sell pizza", "venden pizza", "fix my car")
    return Signals(urgent, rails, outside)
