"""Which language a message is in."""

import numpy as np
import pytest
from any_text import ANY_TEXT
from built import Built

from knowledge_base.language import DetectedLanguage, identify
from knowledge_base.service import KnowledgeBase


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where do i read about the court", "en"),
        ("dónde leo del tribunal", "es"),
        ("permission to work", "en"),
        ("permiso para trabajar", "es"),
        ("hi there", "en"),
        ("buenas", "es"),
    ],
)
def test_it_learns_from_the_entries(text: str, language: str, base: KnowledgeBase) -> None:
    assert base.identify(text) == language


@pytest.mark.parametrize("text", ["", "12345", "😭🙏", "?!", "(718) 555-0100"])
def test_where_there_are_no_letters_it_is_the_default(text: str, built: Built) -> None:
    for default in ("en", "es"):
        settings = built.settings.model_copy(update={"default_language": default})
        base = KnowledgeBase(settings, built.encoder, *_published(built))
        assert base.identify(text) == default
        assert base.read([text])[0].language_confidence == 0


@pytest.mark.parametrize("text", ANY_TEXT.values(), ids=ANY_TEXT)
def test_any_text_has_a_published_language(text: str, base: KnowledgeBase) -> None:
    assert base.identify(text) in base.snapshot.languages


def test_the_likeliest_is_taken() -> None:
    class ByHand:
        labels = ("en", "es", "ht")

        def probabilities(self, texts: object, embeddings: object) -> np.ndarray:
            return np.array([[0.2, 0.5, 0.3]], np.float32)

    detected = identify(ByHand(), "abc", np.zeros((1, 2), np.float32), "en")
    assert detected == DetectedLanguage("es", pytest.approx(0.5))


def _published(built: Built) -> tuple:
    from knowledge_base.build import load_published

    return load_published(built.settings, built.encoder)
