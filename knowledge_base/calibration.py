"""Turns a ranking's raw share into a probability of being right, language by language.

Platt scaling (Platt 1999) on the development set: p = 1 / (1 + exp(-(slope * logit(share) +
intercept))). `python -m evals.calibrate` writes `calibration.json`; its error is published there.
"""

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("calibration.json")

_OTHER_LANGUAGES = "default"


@dataclass(frozen=True)
class Calibration:
    """One language's scale and cut-offs.

    Args:
        slope: of the scaling, above 0.
        intercept: of the scaling.
        min_score: 0 to 1: answer from this probability on.
        min_choice_score: 0 to 1: offer choices from this share of the best three on.
        min_urgent_score: 0 to 1: take the urgent path from this score on.
        min_danger_score: 0 to 1: or from this share of it on that speaks for danger to a life.
        error: 0 to 1: expected calibration error on the development set, ten bins.
    """

    slope: float = 1.0
    intercept: float = 0.0
    min_score: float = 0.6
    min_choice_score: float = 0.5
    min_urgent_score: float = 0.5
    min_danger_score: float = 0.3
    error: float = 1.0

    def probability(self, share: float) -> float:
        """Return how likely a first hit with this share is right, 0 to 1."""
        bounded = min(max(share, 1e-6), 1 - 1e-6)
        logit = math.log(bounded / (1 - bounded))
        return 1 / (1 + math.exp(-(self.slope * logit + self.intercept)))


@lru_cache(maxsize=1)
def calibrations() -> dict[str, Calibration]:
    """Return every language's calibration, read once."""
    if not FILE.is_file():
        return {}
    return {name: Calibration(**values) for name, values in json.loads(FILE.read_text()).items()}


def calibration(language: str) -> Calibration:
    """Return the calibration of a language; one not measured yet takes the strictest."""
    known = calibrations()
    return known.get(language) or known.get(_OTHER_LANGUAGES) or Calibration()
