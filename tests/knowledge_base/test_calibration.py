"""Shares to probabilities, and the committed figures."""

import math

import pytest
from hypothesis import given, strategies

from knowledge_base.calibration import Calibration, calibration, calibrations
from knowledge_base.snapshot import Snapshot


def test_without_scaling_the_probability_is_the_share() -> None:
    plain = Calibration(slope=1, intercept=0)
    for share in (0.01, 0.3, 0.5, 0.99):
        assert plain.probability(share) == pytest.approx(share)


def test_by_hand() -> None:
    # logit(.75) = ln 3; 2 ln 3 - ln 9 = 0, and the middle of the scale is a half
    assert Calibration(slope=2, intercept=-math.log(9)).probability(0.75) == pytest.approx(0.5)


@given(strategies.floats(0, 1), strategies.floats(0, 1))
def test_a_larger_share_is_never_less_probable(first: float, second: float) -> None:
    scaled = Calibration(slope=1.9, intercept=-1.5)
    low, high = sorted((first, second))
    assert 0 < scaled.probability(low) <= scaled.probability(high) < 1


def test_every_shipped_language_is_measured(shipped: Snapshot) -> None:
    assert set(shipped.languages) <= calibrations().keys()
    for language in shipped.languages:
        assert calibration(language) is calibrations()[language]


def test_the_figures_are_sound() -> None:
    for measured in calibrations().values():
        assert measured.slope > 0
        for cut in (
            measured.min_score,
            measured.min_choice_score,
            measured.min_urgent_score,
            measured.min_danger_score,
        ):
            assert 0 < cut < 1
        assert 0 <= measured.error < 0.15


def test_a_language_not_measured_is_no_laxer_than_any() -> None:
    unknown = calibration("ht")
    for measured in calibrations().values():
        assert unknown.min_score >= measured.min_score
