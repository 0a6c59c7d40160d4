"""Three tiers and the guard rails, worked by hand.

With slope 1 and intercept 0 the probability is the share itself, so the numbers below read
directly against the cut-offs .6 and .5.
"""

import numpy as np
import pytest
from hypothesis import given, strategies

from knowledge_base.calibration import Calibration
from knowledge_base.decision import decide
from knowledge_base.outcome import Abstention, Answer, Choices, GuardRail, Hit
from knowledge_base.retriever import Ranking

BY_HAND = Calibration(slope=1, intercept=0, min_score=0.6, min_choice_score=0.5)


def _ranking(*shares: float) -> Ranking:
    scores = np.array(shares, np.float32)
    names = tuple("abcdefgh"[: len(shares)])
    return Ranking(names, scores, out_of_scope=float(1 - scores.sum()), similarity=0.5)


def test_a_sure_first_hit_is_the_answer() -> None:
    outcome = decide(_ranking(0.7, 0.2, 0.05), BY_HAND)
    assert outcome == Answer(
        (Hit("a", 0.7), Hit("b", 0.2), Hit("c", 0.05)), 0.7, None, entry_id="a"
    )


def test_the_cut_off_itself_is_enough() -> None:
    assert isinstance(decide(_ranking(0.6, 0.1), BY_HAND), Answer)
    assert not isinstance(decide(_ranking(0.59, 0.1), BY_HAND), Answer)


def test_an_unsure_one_is_a_choice_of_three() -> None:
    outcome = decide(_ranking(0.3, 0.2, 0.1, 0.1, 0.1, 0.05), BY_HAND)
    assert isinstance(outcome, Choices)
    assert outcome.entry_ids == ("a", "b", "c")
    assert outcome.score == pytest.approx(0.3)
    assert [hit.entry_id for hit in outcome.hits] == ["a", "b", "c", "d", "e"]


def test_what_has_no_share_is_not_offered() -> None:
    outcome = decide(_ranking(0.4, 0.2, 0, 0), BY_HAND)
    assert isinstance(outcome, Choices)
    assert outcome.entry_ids == ("a", "b")


def test_where_three_do_not_make_half_there_is_no_answer() -> None:
    outcome = decide(_ranking(0.2, 0.15, 0.1, 0.1), BY_HAND)
    assert isinstance(outcome, Abstention)
    assert outcome.reason == "low_score"
    assert outcome.score == pytest.approx(0.2)
    assert [hit.entry_id for hit in outcome.hits] == ["a", "b", "c", "d"]


def test_the_cut_offs_are_the_languages_own() -> None:
    ranking = _ranking(0.5, 0.2)
    strict = Calibration(min_score=0.9, min_choice_score=0.8)
    lenient = Calibration(min_score=0.4, min_choice_score=0.3)
    assert isinstance(decide(ranking, strict), Abstention)
    assert isinstance(decide(ranking, lenient), Answer)


def test_the_score_is_calibrated() -> None:
    # logit(.8) = ln 4; twice that is ln 16, and 16/17 = .9412
    outcome = decide(_ranking(0.8, 0.1), Calibration(slope=2, intercept=0, min_score=0.9))
    assert isinstance(outcome, Answer)
    assert outcome.score == pytest.approx(0.9412)


@pytest.mark.parametrize("shares", [(0.9, 0.05), (0.4, 0.3), (0.1, 0.1)])
def test_lies_are_refused_whatever_the_ranking(shares: tuple[float, ...]) -> None:
    outcome = decide(_ranking(*shares), BY_HAND, "dishonest")
    assert isinstance(outcome, Abstention)
    assert (outcome.reason, outcome.guard_rail) == ("guard_rail", "dishonest")
    assert outcome.hits[0].entry_id == "a"


@pytest.mark.parametrize("rail", ["advice", "prediction"])
@pytest.mark.parametrize(
    ("shares", "kind"), [((0.9, 0.05), Answer), ((0.4, 0.3), Choices), ((0.1, 0.1), Abstention)]
)
def test_other_rails_go_with_the_answer(
    rail: GuardRail, shares: tuple[float, ...], kind: type
) -> None:
    outcome = decide(_ranking(*shares), BY_HAND, rail)
    assert isinstance(outcome, kind)
    assert outcome.guard_rail == rail


@given(
    strategies.lists(strategies.floats(0.001, 1), min_size=1, max_size=8),
    strategies.floats(0.1, 1),
)
def test_a_higher_share_never_makes_it_less_sure(weights: list[float], total: float) -> None:
    shares = sorted((weight / sum(weights) * total for weight in weights), reverse=True)
    outcome = decide(_ranking(*shares), BY_HAND)
    assert 0 <= outcome.score <= 1
    assert len(outcome.hits) == min(5, len(shares))
    if isinstance(outcome, Choices):
        assert 1 <= len(outcome.entry_ids) <= 3
        assert outcome.entry_ids[0] == outcome.hits[0].entry_id
    order = (Abstention, Choices, Answer)
    surer = decide(_ranking(*(min(1.0, share * 1.2) for share in shares)), BY_HAND)
    assert surer.score >= outcome.score
    if sum(shares) * 1.2 <= 1:
        assert order.index(type(surer)) >= order.index(type(outcome))
