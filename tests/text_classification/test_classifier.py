"""The classifier over meaning and spelling."""

from pathlib import Path

import numpy as np
import pytest
from any_text import ANY_TEXT, any_text
from fake_encoder import FakeEncoder
from hypothesis import given, settings

from text_classification.classifier import TextClassifier, train_classifier

FRUIT = ("green apples", "red apples", "yellow pears", "sweet pears and apples", "ripe pears")
TOOLS = ("a hammer", "an old hammer", "hammers and nails", "long nails", "nails for a hammer")
CITIES = ("the road to Queens", "Queens and Bronx", "a bus to Bronx", "Bronx by bus", "Queens bus")
ENCODER = FakeEncoder()


def _train(*pools: tuple[str, tuple[str, ...]], balanced: bool = False) -> TextClassifier:
    texts = [text for _, pool in pools for text in pool]
    labels = [label for label, pool in pools for _ in pool]
    return train_classifier(texts, ENCODER.encode(texts), labels, balanced=balanced)


@pytest.fixture(scope="module")
def classifier() -> TextClassifier:
    return _train(("fruit", FRUIT), ("tool", TOOLS), ("city", CITIES))


def _best(classifier: TextClassifier, text: str) -> str:
    probabilities = classifier.probabilities([text], ENCODER.encode([text]))[0]
    return classifier.labels[int(np.argmax(probabilities))]


def test_it_learns_its_examples(classifier: TextClassifier) -> None:
    assert classifier.labels == ("city", "fruit", "tool")
    assert _best(classifier, "some apples and pears") == "fruit"
    assert _best(classifier, "hammer with nails") == "tool"
    assert _best(classifier, "is there a bus to Queens") == "city"


def test_rows_add_up_to_one(classifier: TextClassifier) -> None:
    texts = [*FRUIT, *TOOLS, ""]
    probabilities = classifier.probabilities(texts, ENCODER.encode(texts))
    assert probabilities.shape == (len(texts), 3)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_two_classes_have_two_columns() -> None:
    classifier = _train(("fruit", FRUIT), ("tool", TOOLS))
    probabilities = classifier.probabilities(FRUIT, ENCODER.encode(FRUIT))
    assert probabilities.shape == (len(FRUIT), 2)
    assert (probabilities[:, 0] > 0.5).all()


def test_balance_makes_a_rare_class_likelier() -> None:
    pools = (("fruit", FRUIT * 8), ("tool", TOOLS[:2]))
    text = ["a hammer and apples"]
    plain, balanced = (
        _train(*pools, balanced=balanced).probabilities(text, ENCODER.encode(text))[0, 1]
        for balanced in (False, True)
    )
    assert balanced > plain


def test_it_is_read_as_it_was_written(classifier: TextClassifier, tmp_path: Path) -> None:
    classifier.save(tmp_path / "classifier")
    read = TextClassifier.load(tmp_path / "classifier")
    texts = [*FRUIT, "apples in Queens"]
    embeddings = ENCODER.encode(texts)
    assert read.labels == classifier.labels
    np.testing.assert_allclose(
        read.probabilities(texts, embeddings),
        classifier.probabilities(texts, embeddings),
        atol=1e-6,
    )


@pytest.mark.parametrize("text", ANY_TEXT.values(), ids=ANY_TEXT)
def test_any_text_has_probabilities(classifier: TextClassifier, text: str) -> None:
    assert np.isfinite(classifier.probabilities([text], ENCODER.encode([text]))).all()


@settings(deadline=None, max_examples=50)
@given(any_text)
def test_generated_text_has_probabilities(text: str) -> None:
    classifier = _trained()
    probabilities = classifier.probabilities([text], ENCODER.encode([text]))
    np.testing.assert_allclose(probabilities.sum(), 1, atol=1e-4)


_cache: list[TextClassifier] = []


def _trained() -> TextClassifier:
    if not _cache:
        _cache.append(_train(("fruit", FRUIT), ("tool", TOOLS)))
    return _cache[0]
