"""Logistic regression over what a text means (its embedding) and how it is spelt.

The embedding carries across wordings and languages; the character n-grams catch what short,
misspelt messages have in common. Either alone is weaker (docs/decisions/0003-retrieval.md).
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from knowledge_base.text import fold

FloatArray = NDArray[np.float32]

# Both kinds of row have length 1; these weights set how much each may say, and with `C` how
# strongly the whole is regularised. Chosen on the development set.
_MEANING_WEIGHT = 4.0
_SPELLING_WEIGHT = 3.0
_INVERSE_REGULARISATION = 3.0
_MAX_ITERATIONS = 300


@dataclass(frozen=True)
class TextClassifier:
    """A trained classifier.

    Args:
        labels: the classes, sorted.
        vectorizer: character n-grams, fitted.
        meaning: weights of the embedding, float32, (dimension, n_labels).
        spelling: weights of the n-grams, float32, (n_ngrams, n_labels).
        intercept: float32, (n_labels,).
    """

    labels: tuple[str, ...]
    vectorizer: TfidfVectorizer
    meaning: FloatArray
    spelling: FloatArray
    intercept: FloatArray

    def probabilities(self, texts: Sequence[str], embeddings: FloatArray) -> FloatArray:
        """Return float32, (n_texts, n_labels), rows that add up to 1."""
        spelling = np.stack([self._spelling_logits(text) for text in texts])
        logits = embeddings @ self.meaning * _MEANING_WEIGHT + spelling + self.intercept
        logits -= logits.max(axis=1, keepdims=True)
        exponents = np.exp(logits)
        return np.asarray(exponents / exponents.sum(axis=1, keepdims=True), np.float32)

    def _spelling_logits(self, text: str) -> FloatArray:
        """Return float32, (n_labels,): what the n-grams of one text say.

        The same figures as the vectorizer's own, without its checks of input and output, which
        cost more than the work for a single short text.
        """
        vocabulary = self.vectorizer.vocabulary_
        counts = {
            vocabulary[ngram]: count
            for ngram, count in _ngram_counts(text).items()
            if ngram in vocabulary
        }
        if not counts:
            return np.zeros(len(self.labels), np.float32)
        columns = np.fromiter(counts, int)
        row = (1 + np.log(np.fromiter(counts.values(), np.float32))) * self.vectorizer.idf_[columns]
        row /= np.linalg.norm(row)
        return np.asarray(row @ self.spelling[columns] * _SPELLING_WEIGHT, np.float32)

    def save(self, folder: Path) -> None:
        """Write `weights.npz` and `ngrams.json` into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(
            folder / "weights.npz",
            meaning=self.meaning,
            spelling=self.spelling,
            intercept=self.intercept,
            idf=self.vectorizer.idf_,
        )
        vocabulary = sorted(self.vectorizer.vocabulary_, key=self.vectorizer.vocabulary_.get)
        content = {"labels": self.labels, "ngrams": vocabulary}
        (folder / "ngrams.json").write_text(json.dumps(content, ensure_ascii=False))

    @classmethod
    def load(cls, folder: Path) -> "TextClassifier":
        """Read what `save` wrote."""
        content = json.loads((folder / "ngrams.json").read_text())
        with np.load(folder / "weights.npz") as arrays:
            vectorizer = _vectorizer(vocabulary=content["ngrams"])
            vectorizer.idf_ = arrays["idf"]
            return cls(
                tuple(content["labels"]),
                vectorizer,
                arrays["meaning"],
                arrays["spelling"],
                arrays["intercept"],
            )


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
    vectorizer = _vectorizer()
    ngrams = vectorizer.fit_transform([fold(text) for text in texts])
    features = hstack(
        [csr_matrix(embeddings * _MEANING_WEIGHT), ngrams * _SPELLING_WEIGHT], format="csr"
    )
    model = LogisticRegression(
        C=_INVERSE_REGULARISATION,
        max_iter=_MAX_ITERATIONS,
        class_weight="balanced" if balanced else None,
    ).fit(features, labels)
    weights, intercept = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
        weights, intercept = np.vstack([-weights, weights]) / 2, np.array([-1, 1]) * intercept / 2
    dimension = embeddings.shape[1]
    return TextClassifier(
        tuple(str(label) for label in model.classes_),
        vectorizer,
        np.ascontiguousarray(weights[:, :dimension].T, np.float32),
        np.ascontiguousarray(weights[:, dimension:].T, np.float32),
        intercept.astype(np.float32),
    )


@lru_cache(maxsize=256)
def _ngram_counts(text: str) -> Counter[str]:
    """Return the n-grams of a text; all classifiers of a message share them."""
    return Counter(_analyze(fold(text)))


def _vectorizer(vocabulary: Sequence[str] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 5),
        sublinear_tf=True,
        min_df=2,
        dtype=np.float32,
        vocabulary=vocabulary,
        lowercase=False,
    )


_analyze = _vectorizer().build_analyzer()
