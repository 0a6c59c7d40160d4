"""Moves embeddings into the space in which they are compared.

Vectors of one language lie around a mean of their own, so that a query meets its own language
first; and they spread most in directions that say how a thing is asked, not what. Taking off
each language's mean, then whitening by the spread *within* entries (as Fisher's linear
discriminant does), removes both (docs/decisions/0003-retrieval.md has the figures).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

# How much of the whitening is plain scaling: with few wordings an entry, the spread measured
# in 384 directions is mostly noise.
_SHRINKAGE = 0.6


@dataclass(frozen=True)
class Geometry:
    """A fitted space.

    Args:
        languages: the languages that have a mean, sorted.
        means: float32, (n_languages, dimension).
        whitening: float32, (dimension, dimension), symmetric.
    """

    languages: tuple[str, ...]
    means: FloatArray
    whitening: FloatArray

    def centre(self, embeddings: FloatArray, languages: Sequence[str]) -> FloatArray:
        """Return the embeddings less their language's mean, rows of length 1 again."""
        index = {language: row for row, language in enumerate(self.languages)}
        overall = self.means.mean(axis=0)
        means = [
            self.means[index[language]] if language in index else overall for language in languages
        ]
        return normalise(embeddings - np.stack(means))

    def whiten(self, centred: FloatArray) -> FloatArray:
        """Return centred embeddings with the spread within entries evened out."""
        return normalise(centred @ self.whitening)

    def save(self, file: Path) -> None:
        """Write the arrays."""
        np.savez(file, languages=self.languages, means=self.means, whitening=self.whitening)

    @classmethod
    def load(cls, file: Path) -> "Geometry":
        """Read what `save` wrote."""
        with np.load(file) as arrays:
            languages = tuple(str(language) for language in arrays["languages"])
            return cls(languages, arrays["means"], arrays["whitening"])


def fit_geometry(
    embeddings: FloatArray, languages: Sequence[str], entry_ids: Sequence[str]
) -> Geometry:
    """Learn means and whitening from the wordings of the entries.

    Args:
        embeddings: float32, (n_wordings, dimension), rows of length 1.
        languages: of each wording.
        entry_ids: of each wording.
    """
    names = tuple(sorted(set(languages)))
    rows = np.array([names.index(language) for language in languages])
    means = np.stack([embeddings[rows == row].mean(axis=0) for row in range(len(names))])
    centred = normalise(embeddings - means[rows])
    _, entry_rows = np.unique(entry_ids, return_inverse=True)
    counts = np.bincount(entry_rows)
    totals = np.zeros((len(counts), centred.shape[1]), np.float32)
    np.add.at(totals, entry_rows, centred)
    within = centred - (totals / counts[:, None])[entry_rows]
    spread = within.T @ within / len(within)
    dimension = spread.shape[0]
    scale = np.trace(spread) / dimension or 1.0
    spread = (1 - _SHRINKAGE) * spread + _SHRINKAGE * scale * np.eye(dimension)
    values, vectors = np.linalg.eigh(spread)
    whitening = (vectors * values**-0.5) @ vectors.T
    return Geometry(names, means.astype(np.float32), whitening.astype(np.float32))


def normalise(vectors: FloatArray) -> FloatArray:
    """Return the rows with length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)
