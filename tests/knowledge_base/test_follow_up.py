"""Messages that need what went before."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings, strategies

from knowledge_base.follow_up import points_back, rank_in_context
from knowledge_base.outcome import Answer
from knowledge_base.retriever import Ranking
from knowledge_base.service import KnowledgeBase

NAMES = ("a", "b", "c", "d", "e")
LONG = "i came here with my two children nine years ago and now i have got a letter from a judge"


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("and how long does that take?", "en"),
        ("how much?", "en"),
        ("¿y si la pierdo?", "es"),
        ("cuánto cuesta eso", "es"),
        ("and what happens to my children when they do it that way", "en"),
        ("konbyen sa koute", "ht"),
    ],
)
def test_pointing_back(query: str, language: str) -> None:
    assert points_back(query, language)


@pytest.mark.parametrize("query", ["", "   ", LONG, LONG.replace("i", "it")])
@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_not_pointing_back(query: str, language: str) -> None:
    assert not points_back(query, language)


def test_a_longer_message_without_a_pointer_stands_alone() -> None:
    assert not points_back("my brother wants a lawyer from your firm in Queens", "en")


@strategies.composite
def _rankings(draw: strategies.DrawFn) -> Ranking:
    weights = np.array(draw(strategies.lists(strategies.floats(0.001, 1), min_size=6, max_size=6)))
    shares = weights / weights.sum()
    order = np.argsort(-shares[:5])
    return Ranking(
        tuple(NAMES[row] for row in order),
        shares[:5][order].astype(np.float32),
        float(shares[5]),
        0.5,
    )


def _context(entry_id: str, *related: str) -> SimpleNamespace:
    return SimpleNamespace(entry_id=entry_id, related=list(related), question="?")


def _share(ranking: Ranking, entry_id: str) -> float:
    return float(ranking.scores[ranking.entry_ids.index(entry_id)])


@settings(deadline=None)
@given(_rankings(), _rankings())
def test_a_ranking_in_context_is_a_ranking(alone: Ranking, joined: Ranking) -> None:
    ranking = rank_in_context(alone, joined, _context("c", "d"))
    assert sorted(ranking.entry_ids) == list(NAMES)
    assert (np.diff(ranking.scores) <= 0).all()
    assert float(ranking.scores.sum()) + ranking.out_of_scope == pytest.approx(1, abs=1e-4)
    assert ranking.scores.dtype == np.float32


@settings(deadline=None)
@given(_rankings())
def test_the_entry_before_and_its_neighbours_gain(alone: Ranking) -> None:
    nothing = rank_in_context(alone, alone, _context("none"))
    near = rank_in_context(alone, alone, _context("c", "d"))
    assert _share(near, "c") + _share(near, "d") > _share(nothing, "c") + _share(nothing, "d")
    for name in ("a", "b", "e"):
        assert _share(near, name) < _share(nothing, name)


@settings(deadline=None)
@given(_rankings(), _rankings())
def test_among_the_others_nothing_moves_without_evidence(alone: Ranking, joined: Ranking) -> None:
    first = rank_in_context(alone, joined, _context("c"))
    second = rank_in_context(alone, joined, _context("none"))
    others = [name for name in first.entry_ids if name != "c"]
    ratios = [_share(first, name) / _share(second, name) for name in others]
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-2)


def test_the_service_reads_a_follow_up_in_context(base: KnowledgeBase) -> None:
    alone = base.respond("and how much?", "en")
    after = base.respond("and how much?", "en", context_entry_id="filing-fee")
    share = {hit.entry_id: hit.score for hit in after.hits}
    before = {hit.entry_id: hit.score for hit in alone.hits}
    assert share.get("filing-fee", 0) > before.get("filing-fee", 0)


def test_a_question_of_its_own_is_answered_in_any_context(base: KnowledgeBase) -> None:
    outcome = base.respond("a lost or stolen passport", "en", context_entry_id="filing-fee")
    assert isinstance(outcome, Answer)
    assert outcome.entry_id == "lost-passport"


def test_a_context_that_was_withdrawn_is_no_error(base: KnowledgeBase) -> None:
    assert base.respond("and how much?", "en", context_entry_id="gone") == base.respond(
        "and how much?", "en"
    )
