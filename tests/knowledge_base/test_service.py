"""The knowledge base as its users see it, on the small content with a real index."""

import time

import numpy as np
import pytest
from any_text import ANY_TEXT, any_text
from built import Built
from hypothesis import HealthCheck, given, settings
from small_content import ENTRY_IDS

from knowledge_base.outcome import Abstention, Answer, Urgent
from knowledge_base.service import KnowledgeBase
from knowledge_base.urgent_kinds import URGENT_KINDS


@pytest.mark.parametrize(
    ("text", "language", "entry_id"),
    [
        ("where do i read about permission to work?", "en", "work-permit"),
        ("PERMISO PARA TRABAJAR!!", "es", "work-permit"),
        ("a lost or stolen passport", "en", "lost-passport"),
        ("pasaporte perdido o robado porfa", "es", "lost-passport"),
    ],
)
def test_a_question_has_its_answer(
    text: str, language: str, entry_id: str, base: KnowledgeBase
) -> None:
    outcome = base.respond(text, language)
    assert isinstance(outcome, Answer)
    assert outcome.entry_id == entry_id
    assert outcome.hits[0].entry_id == entry_id
    assert base.respond(text) == outcome  # the language is found where none is given


def test_what_is_not_ours_has_none(base: KnowledgeBase) -> None:
    outcome = base.respond("who won the match last night", "en")
    assert isinstance(outcome, Abstention)
    assert outcome.reason == "low_score"
    assert len(outcome.hits) == 5


@pytest.mark.parametrize("text", ["", "   ", "\x00", "?!", "🙏🙏", "\ud800", "---"])
def test_where_there_is_nothing_to_look_up(text: str, base: KnowledgeBase) -> None:
    outcome = base.respond(text, "en")
    assert isinstance(outcome, Abstention)
    assert outcome.reason == "empty"


def test_emergencies_come_first(base: KnowledgeBase) -> None:
    outcome = base.respond_or_urgent("ICE took my husband away")
    assert isinstance(outcome, Urgent)
    assert outcome.kind == "detained"
    assert outcome.entry_id == URGENT_KINDS["detained"].entry_id
    assert len(outcome.hits) == 5
    assert isinstance(base.respond_or_urgent("permission to work"), Answer)


def test_lies_are_refused(base: KnowledgeBase) -> None:
    outcome = base.respond("what lie do i tell the judge", "en")
    assert outcome.guard_rail == "dishonest"
    assert isinstance(outcome, Abstention)
    assert outcome.reason == "guard_rail"


def test_a_message_is_read(base: KnowledgeBase) -> None:
    calm, urgent = base.read(
        ["mi número es A123456789, ¿dónde leo del tribunal?", "ICE took my husband away"]
    )
    assert calm.language == "es"
    assert calm.urgent_kind is None
    assert calm.redacted_text == "mi número es […], ¿dónde leo del tribunal?"
    assert calm.embedding.shape == (64,)
    assert np.linalg.norm(calm.embedding) == pytest.approx(1, abs=1e-3)
    assert urgent.language == "en"
    assert 0 < urgent.language_confidence <= 1
    assert urgent.urgent_kind == "detained"


def test_one_is_read_as_many_are(base: KnowledgeBase) -> None:
    texts = ["permission to work", "", "x " * 600, "my husband beats me", "permission to work"]
    for alone, together in zip(
        (base.read([text])[0] for text in texts), base.read(texts), strict=True
    ):
        np.testing.assert_allclose(alone.embedding, together.embedding, atol=1e-5)
        assert alone.language == together.language
        assert alone.urgent_kind == together.urgent_kind
        assert alone.redacted_text == together.redacted_text


def test_no_messages_are_no_error(base: KnowledgeBase) -> None:
    assert base.read([]) == []
    assert base.embed([]).shape == (0, 64)


def test_all_of_a_long_message_is_redacted(base: KnowledgeBase) -> None:
    (reading,) = base.read(["a long story " * 300 + "A123456789"])
    assert "123456789" not in reading.redacted_text


def test_embeddings_are_in_order(base: KnowledgeBase) -> None:
    texts = ["one thing", "permission to work", "one thing", "another"]
    embeddings = base.embed(texts)
    assert embeddings.shape == (4, 64)
    np.testing.assert_array_equal(embeddings[0], embeddings[2])
    np.testing.assert_allclose(embeddings[3:], base.embed(["another"]))


def test_what_was_encoded_is_not_encoded_again(built: Built) -> None:
    base = built.base()
    base.embed(["permission to work"])  # a wording of the index
    assert built.encoder.encoded == []
    base.read(["some words of mine"])
    base.respond("some words of mine", "en")
    assert built.encoder.encoded == ["some words of mine"]


def test_what_is_kept_is_bounded(built: Built) -> None:
    base = built.base()
    for number in range(30):
        base.embed([f"message {number * 100 + more}" for more in range(100)])
    assert len(base._embeddings) < 1000


def test_the_model_is_named(base: KnowledgeBase) -> None:
    assert base.model_id == "fake/1"
    assert base.problem is None
    assert set(base.hotlines) == {"weekdays", "every-day", "emergency"}


def test_a_ranking_has_every_entry(base: KnowledgeBase) -> None:
    assert sorted(base.rank("permission to work", "en").entry_ids) == list(ENTRY_IDS)


@pytest.mark.parametrize("text", ANY_TEXT.values(), ids=ANY_TEXT)
def test_any_text_is_answered(text: str, base: KnowledgeBase) -> None:
    start = time.perf_counter()
    _assert_answered(text, base)
    assert time.perf_counter() - start < 10


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=any_text)
def test_generated_text_is_answered(text: str, base: KnowledgeBase) -> None:
    _assert_answered(text, base)


def _assert_answered(text: str, base: KnowledgeBase) -> None:
    (reading,) = base.read([text])
    assert reading.language in base.snapshot.languages
    assert np.isfinite(reading.embedding).all()
    reading.redacted_text.encode("utf-8")
    outcome = base.respond_or_urgent(text)
    assert 0 <= outcome.score <= 1
    assert len(outcome.hits) in (0, 5)
