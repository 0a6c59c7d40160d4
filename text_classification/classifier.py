"""Logistic regression over what a text means (its embedding) and how it is written.

The embedding carries across wordings and languages. Character n-grams catch what short, misspelt
messages have in common, and word n-grams the small words that turn a meaning round: “tomorrow”,
“last year”, “if they”. Each alone is weaker (docs/decisions/0003-retrieval.md).
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from text_classification.text import fold, words

FloatArray = NDArray[np.float32]

# All kinds of row have length 1; these weights set how much each may say, and with `C` how
# strongly the whole is regularised. Chosen on the development set.
_MEANING_WEIGHT = 3.0
_NGRAM_WEIGHTS = {"letters": 4.0, "words": 4.0}
_INVERSE_REGULARISATION = 3.0
_MAX_ITERATIONS = 300
_LONGEST_PHRASE = 3


@dataclass(frozen=True)
class NgramWeights:
    """What the n-grams of one kind say for each label.

    Args:
        vocabulary: row by n-gram.
        idf: inverse document frequencies, float32, (n_ngrams,).
        weights: float32, (n_ngrams, n_labels).
    """

    vocabulary: dict[str, int]
    idf: FloatArray
    weights: FloatArray

    def logits(self, found: "Found") -> FloatArray | float:
        """Return float32, (n_labels,): what the n-grams found in one text say.

        The same figures as scikit-learn's, without its checks of input and output, which cost
        more than the work for a single short text.
        """
        rows = np.fromiter(map(self.vocabulary.get, found.ngrams, repeat(-1)), int)
        known = rows >= 0
        rows = rows[known]
        if not rows.size:
            return 0.0
        tf_idf = found.frequencies[known] * self.idf[rows]
        return np.asarray(tf_idf / np.linalg.norm(tf_idf) @ self.weights[rows], np.float32)


@dataclass(frozen=True)
class TextClassifier:
    """A trained classifier.

    Args:
        labels: the classes, sorted.
        meaning: weights of the embedding, float32, (dimension, n_labels).
        ngrams: the weights of each kind of n-gram.
        intercept: float32, (n_labels,).
    """

    labels: tuple[str, ...]
    meaning: FloatArray
    ngrams: dict[str, NgramWeights]
    intercept: FloatArray

    def probabilities(self, texts: Sequence[str], embeddings: FloatArray) -> FloatArray:
        """Return float32, (n_texts, n_labels), rows that add up to 1."""
        logits = embeddings @ self.meaning + self.intercept
        for row, text in enumerate(texts):
            for kind, weights in self.ngrams.items():
                logits[row] += weights.logits(_find(kind, text))
        logits -= logits.max(axis=1, keepdims=True)
        exponents = np.exp(logits)
        return np.asarray(exponents / exponents.sum(axis=1, keepdims=True), np.float32)

    def save(self, folder: Path) -> None:
        """Write `weights.npz` and `ngrams.json` into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {"meaning": self.meaning, "intercept": self.intercept}
        for kind, ngrams in self.ngrams.items():
            arrays |= {f"{kind}_idf": ngrams.idf, f"{kind}_weights": ngrams.weights}
        np.savez(folder / "weights.npz", **arrays)
        # In the order of their rows.
        ngrams_by_kind = {kind: [*ngrams.vocabulary] for kind, ngrams in self.ngrams.items()}
        content = {"labels": self.labels, "ngrams": ngrams_by_kind}
        (folder / "ngrams.json").write_text(json.dumps(content, ensure_ascii=False))

    @classmethod
    def load(cls, folder: Path) -> "TextClassifier":
        """Read what `save` wrote."""
        content = json.loads((folder / "ngrams.json").read_text())
        with np.load(folder / "weights.npz") as arrays:
            ngrams = {
                kind: NgramWeights(
                    {ngram: row for row, ngram in enumerate(known)},
                    arrays[f"{kind}_idf"],
                    arrays[f"{kind}_weights"],
                )
                for kind, known in content["ngrams"].items()
            }
            return cls(tuple(content["labels"]), arrays["meaning"], ngrams, arrays["intercept"])


def train_classifier(
    texts: Sequence[str],
    embeddings: FloatArray,
    labels: Sequence[str],
    *,
    balanced: bool = False,
) -> TextClassifier:
    """Fit a classifier.

    Args:
        texts: the examples.
        embeddings: float32, (n_texts, dimension), rows of length 1.
        labels: a class for each text; at least two classes.
        balanced: weigh rare classes up.
    """
    vectorizers = {kind: _vectorizer(kind) for kind in _ANALYZERS}
    columns = [csr_matrix(embeddings * _MEANING_WEIGHT)]
    for kind, vectorizer in vectorizers.items():
        columns.append(vectorizer.fit_transform(texts) * _NGRAM_WEIGHTS[kind])
    model = LogisticRegression(
        C=_INVERSE_REGULARISATION,
        max_iter=_MAX_ITERATIONS,
        class_weight="balanced" if balanced else None,
    ).fit(hstack(columns, format="csr"), labels)
    weights, intercept = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
        weights, intercept = np.vstack([-weights, weights]) / 2, np.array([-1, 1]) * intercept / 2
    ends = np.cumsum([column.shape[1] for column in columns])
    meaning, *by_kind = np.split(np.ascontiguousarray(weights.T, np.float32), ends[:-1])
    return TextClassifier(
        tuple(str(label) for label in model.classes_),
        meaning * _MEANING_WEIGHT,
        {
            kind: NgramWeights(
                {ngram: row for row, ngram in enumerate(vectorizer.get_feature_names_out())},
                vectorizer.idf_.astype(np.float32),
                part * _NGRAM_WEIGHTS[kind],
            )
            for (kind, vectorizer), part in zip(vectorizers.items(), by_kind, strict=True)
        },
        intercept.astype(np.float32),
    )


def _phrases(text: str) -> list[str]:
    """Return the word n-grams of a text, one to three words long."""
    spoken = words(text)
    return [
        " ".join(spoken[start : start + length])
        for length in range(1, _LONGEST_PHRASE + 1)
        for start in range(len(spoken) - length + 1)
    ]


_letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), lowercase=False).build_analyzer()

_ANALYZERS: dict[str, Callable[[str], list[str]]] = {
    "letters": lambda text: _letters(fold(text)),
    "words": _phrases,
}


class Found(NamedTuple):
    """The n-grams of a text, each once, and their sublinear frequencies, float32."""

    ngrams: tuple[str, ...]
    frequencies: FloatArray


@lru_cache(maxsize=512)
def _find(kind: str, text: str) -> Found:
    """Return the n-grams of a text; all classifiers of a message share them."""
    counts = Counter(_ANALYZERS[kind](text))
    return Found(tuple(counts), 1 + np.log(np.fromiter(counts.values(), np.float32)))


def _vectorizer(kind: str) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=_ANALYZERS[kind], sublinear_tf=True, min_df=2, dtype=np.float32)
