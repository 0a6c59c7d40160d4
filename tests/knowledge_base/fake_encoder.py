"""An encoder for tests: quick, without a model or a network, and the same on every machine."""

import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from text_classification.text import MAX_ENCODED_CHARS, clean

FloatArray = NDArray[np.float32]

_DIMENSION = 64
_BUCKETS = 4096
_PROJECTION = np.random.default_rng(7).standard_normal((_BUCKETS, _DIMENSION)).astype(np.float32)


class FakeEncoder:
    """A hashed bag of letter n-grams, projected: texts that share letters lie near each other.

    Args:
        model_id: two encoders of one id are taken for the same by whoever keeps vectors.
    """

    def __init__(self, model_id: str = "fake/1") -> None:
        self.model_id = model_id
        self.dimension = _DIMENSION
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return embeddings, float32, (len(texts), 64), rows of length 1."""
        self.encoded += texts
        vectors = np.zeros((len(texts), _DIMENSION), np.float32)
        for row, text in enumerate(texts):
            buckets = [zlib.crc32(ngram.encode()) % _BUCKETS for ngram in _ngrams(text)]
            counts = np.bincount(buckets, minlength=_BUCKETS).astype(np.float32)
            vectors[row] = counts @ _PROJECTION
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _ngrams(text: str) -> Iterator[str]:
    padded = f" {clean(text)[:MAX_ENCODED_CHARS].casefold()} "
    yield "<start>"  # so that the empty text has a vector, too
    for size in (2, 3, 4):
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]
