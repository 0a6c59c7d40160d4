"""Ranks the entries for a query."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge_base.index import OUT_OF_SCOPE, Index
from text_classification.text import fold

FloatArray = NDArray[np.float32]

# Wordings looked at, and how many of an entry's best ones speak for it: one alone may fit by
# chance, and an entry has few that are close (docs/decisions/0003-retrieval.md).
_NEIGHBOURS = 400
_BEST_OF_ENTRY = 5

# How much a difference in similarity weighs beside one in the classifier's log probability.
_SIMILARITY_WEIGHT = 10.0

# What the classifier is taken to say of an entry that it has not learnt yet: enough for the
# nearest wordings to decide.
_NEW_ENTRY = 0.3

# What staff wrote as a wording of an entry is one, whatever the classifier makes of it.
_EXACT_WORDING = 8.0

# Messages whose classification is kept for the rest of their turn.
_KEPT = 64


@dataclass(frozen=True)
class Ranking:
    """All entries, best first, and what no entry has of the evidence.

    Args:
        entry_ids: best first.
        scores: float32, (n_entries,), descending, 0 to 1: each entry's share of the evidence.
        out_of_scope: 0 to 1: the share that speaks for no entry at all; the shares add up to 1.
        similarity: -1 to 1: the best entry's mean cosine over its nearest wordings.
    """

    entry_ids: tuple[str, ...]
    scores: FloatArray
    out_of_scope: float
    similarity: float


class Retriever:
    """Searches one index.

    Args:
        index: the index; never changed.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._entry_ids = sorted(set(index.wordings.entry_ids))
        rows = {entry_id: row for row, entry_id in enumerate(self._entry_ids)}
        self._entry_rows = np.array([rows[entry_id] for entry_id in index.wordings.entry_ids])
        labels = {label: column for column, label in enumerate(index.entries.labels)}
        # An entry published after the classifier was trained has no column yet.
        self._columns = np.array([labels.get(entry_id, -1) for entry_id in self._entry_ids])
        self._exact = {
            fold(text): rows[entry_id]
            for text, entry_id in zip(index.wordings.texts, index.wordings.entry_ids, strict=True)
        }
        self._classify = lru_cache(maxsize=_KEPT)(self._classify_bytes)
        self._outside = index.entries.labels.index(OUT_OF_SCOPE)

    def off_topic(self, text: str, embedding: FloatArray, language: str) -> float:
        """Return how surely no entry is about a text, 0 to 1; arguments as for `rank`."""
        _, probabilities = self._classified(text, embedding, language)
        return float(probabilities[self._outside])

    def rank(self, text: str, embedding: FloatArray, language: str) -> Ranking:
        """Return every entry, ranked.

        Args:
            text: the query.
            embedding: as encoded, float32, (1, dimension).
            language: of the query.
        """
        whitened, probabilities = self._classified(text, embedding, language)
        similarities = self._similarities(whitened)
        known = np.where(self._columns >= 0, probabilities[self._columns], _NEW_ENTRY)
        evidence = np.log(known + 1e-9)
        evidence += _SIMILARITY_WEIGHT * similarities
        exact = self._exact.get(fold(text))
        if exact is not None:
            evidence[exact] += _EXACT_WORDING
        outside = np.log(probabilities[self._outside] + 1e-9)
        outside += _SIMILARITY_WEIGHT * float(np.median(similarities))
        shares = np.exp(np.append(evidence, outside) - max(evidence.max(), outside))
        shares /= shares.sum()
        order = np.argsort(-evidence)
        return Ranking(
            tuple(self._entry_ids[row] for row in order),
            shares[:-1][order].astype(np.float32),
            float(shares[-1]),
            float(similarities[order[0]]),
        )

    def _similarities(self, whitened: FloatArray) -> FloatArray:
        """Return float32, (n_entries,): the mean cosine of each entry's nearest wordings."""
        top_k = min(_NEIGHBOURS, self._index.vectors.ntotal)
        cosines, rows = self._index.vectors.search(whitened, top_k)
        # An entry with fewer than five wordings among the nearest counts the farthest for the rest.
        best = np.full((len(self._entry_ids), _BEST_OF_ENTRY), cosines[0, -1], np.float32)
        entries = self._entry_rows[rows[0]]
        by_entry = np.argsort(entries, kind="stable")
        grouped = entries[by_entry]
        nth = np.arange(top_k) - np.searchsorted(grouped, grouped)
        is_best = nth < _BEST_OF_ENTRY
        best[grouped[is_best], nth[is_best]] = cosines[0, by_entry[is_best]]
        return np.asarray(best.mean(axis=1), np.float32)

    def _classified(
        self, text: str, embedding: FloatArray, language: str
    ) -> tuple[FloatArray, FloatArray]:
        """Return the whitened embedding and the classifier's probabilities, of one text.

        A message is looked at up to three times in a turn: for urgency, alone and as a follow-up.
        """
        return self._classify(text, embedding.tobytes(), language)

    def _classify_bytes(
        self, text: str, embedding: bytes, language: str
    ) -> tuple[FloatArray, FloatArray]:
        geometry = self._index.geometry
        row = np.frombuffer(embedding, np.float32)[np.newaxis]
        whitened = geometry.whiten(geometry.centre(row, [language]))
        return whitened, self._index.entries.probabilities([text], whitened)[0]
