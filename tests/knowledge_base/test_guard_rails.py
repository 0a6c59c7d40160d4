"""Requests for what the assistant must not give."""

import numpy as np
import pytest

from knowledge_base.guard_rails import MIN_SCORES, guard_rail
from knowledge_base.signals import NO_RAIL, RAILS

NO_VECTOR = np.zeros((1, 2), np.float32)


class ByHand:
    """A classifier that says what it was told."""

    def __init__(self, **probabilities: float) -> None:
        self.labels = tuple(sorted(probabilities))
        self._row = np.array([[probabilities[label] for label in self.labels]], np.float32)

    def probabilities(self, texts: object, embeddings: object) -> np.ndarray:
        return self._row


@pytest.mark.parametrize("rail", sorted(set(RAILS) - {NO_RAIL}))
def test_a_rail_needs_its_score(rail: str) -> None:
    least = MIN_SCORES[rail]
    sure = {rail: least + 0.01, NO_RAIL: 1 - least - 0.01}
    doubtful = {rail: least - 0.01, NO_RAIL: 1 - least + 0.01}
    assert guard_rail(ByHand(**sure), "x", NO_VECTOR, answer_score=0.2) == rail
    assert guard_rail(ByHand(**doubtful), "x", NO_VECTOR, answer_score=0.2) is None


def test_what_is_near_but_fine_meets_none() -> None:
    by_hand = ByHand(advice=0.05, dishonest=0.03, none=0.9, prediction=0.02)
    assert guard_rail(by_hand, "x", NO_VECTOR, answer_score=0.2) is None


def test_refusing_an_answer_takes_more_than_going_before_one() -> None:
    assert MIN_SCORES["dishonest"] > max(MIN_SCORES["advice"], MIN_SCORES["prediction"])


def test_a_surely_answered_question_is_only_refused_when_it_surely_asks_for_a_lie() -> None:
    rather = {"dishonest": 0.9, NO_RAIL: 0.1}
    surely = {"dishonest": 0.97, NO_RAIL: 0.03}
    assert guard_rail(ByHand(**rather), "x", NO_VECTOR, answer_score=0.95) is None
    assert guard_rail(ByHand(**surely), "x", NO_VECTOR, answer_score=0.95) == "dishonest"
