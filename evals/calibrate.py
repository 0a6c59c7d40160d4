"""`python -m evals.calibrate`: sets each language's scale and cut-offs on the development set.

Writes `knowledge_base/calibration.json`. The test set is never read here.
"""

import json

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from evals.questions import FOLDER, Question, read_questions
from knowledge_base.calibration import FILE, Calibration
from knowledge_base.retriever import Ranking
from knowledge_base.service import KnowledgeBase

Array = NDArray[np.float64]

# What the cut-offs may cost on the development set. Below the bars of the product, since a
# threshold fits the set that it was chosen on better than any other.
MAX_FALSE_ANSWERS = 0.06
MAX_WRONG_ANSWERS = 0.03
MAX_FALSE_CHOICES = 0.30
MIN_OFFERED = 0.985

# Missing an emergency is worse than showing a hotline to a calm person: the urgent cut-off is as low
# as this many false alarms on calm messages allow.
MAX_FALSE_ALARMS = 0.035

# Danger to a life is believed at half the score.
DANGER_SHARE = 0.5

# However good the development figures: say nothing that is likelier wrong than right.
LOWEST_MIN_SCORE = 0.5
LOWEST_MIN_CHOICE_SCORE = 0.3

# Small talk has a cut-off of its own (bot/components/urgency_gate.py).
_CALM = ("faq",)
_GRID = np.linspace(0.02, 0.98, 97)
_URGENT_GRID = np.linspace(0.2, 0.9, 71)
_BINS = 10


def main() -> None:
    """Calibrate every language that has a development set."""
    base = KnowledgeBase.load()
    result = {}
    for file in sorted(FOLDER.glob("dev.*.jsonl")):
        language = file.name.split(".")[1]
        result[language] = _calibrate(base, read_questions([file]), language)
        print(language, result[language])
    strictest = max(result.values(), key=lambda found: found.min_score)
    result["default"] = strictest
    FILE.write_text(json.dumps({k: vars(v) for k, v in result.items()}, indent=1) + "\n")


def _calibrate(base: KnowledgeBase, questions: list[Question], language: str) -> Calibration:
    looked_up = [q for q in questions if q.kind in ("faq", "out_of_scope")]
    rankings = [base.rank(question.text, language) for question in looked_up]
    shares = np.array([ranking.scores[0] for ranking in rankings], float)
    offered = np.array([ranking.scores[:3].sum() for ranking in rankings], float)
    right = np.array([_right(q, r, 1) for q, r in zip(looked_up, rankings, strict=True)])
    right3 = np.array([_right(q, r, 3) for q, r in zip(looked_up, rankings, strict=True)])
    is_faq = np.array([q.kind == "faq" for q in looked_up])
    slope, intercept = _platt(shares, right)
    scale = Calibration(slope=slope, intercept=intercept)
    probabilities = np.array([scale.probability(share) for share in shares])
    min_urgent_score = _min_urgent_score(base, questions, language)
    return Calibration(
        slope=round(slope, 4),
        intercept=round(intercept, 4),
        min_score=_min_score(probabilities, right, is_faq),
        min_choice_score=_min_choice_score(offered, right3, is_faq),
        min_urgent_score=min_urgent_score,
        min_danger_score=round(min_urgent_score * DANGER_SHARE, 2),
        error=round(_expected_error(probabilities, right), 4),
    )


def _right(question: Question, ranking: Ranking, top_k: int) -> bool:
    return bool({*ranking.entry_ids[:top_k]} & {*question.entry_ids})


def _platt(shares: Array, right: NDArray[np.bool_]) -> tuple[float, float]:
    bounded = np.clip(shares, 1e-6, 1 - 1e-6)
    logits = np.log(bounded / (1 - bounded))[:, None]
    model = LogisticRegression(C=1.0).fit(logits, right)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _min_score(probabilities: Array, right: NDArray[np.bool_], is_faq: NDArray[np.bool_]) -> float:
    """Return the lowest cut-off that keeps wrong and false answers within bounds."""
    for cut in _GRID[_GRID >= LOWEST_MIN_SCORE]:
        answered = probabilities >= cut
        wrong = (answered & ~right)[is_faq].mean()
        false = answered[~is_faq].mean()
        if wrong <= MAX_WRONG_ANSWERS and false <= MAX_FALSE_ANSWERS:
            return round(float(cut), 2)
    return round(float(_GRID[-1]), 2)


def _min_choice_score(
    offered: Array, right3: NDArray[np.bool_], is_faq: NDArray[np.bool_]
) -> float:
    """Return the highest cut-off that still offers enough right entries, within bounds."""
    best = LOWEST_MIN_CHOICE_SCORE
    for cut in _GRID[_GRID >= LOWEST_MIN_CHOICE_SCORE]:
        shown = offered >= cut
        if (shown & right3)[is_faq].mean() < MIN_OFFERED:
            break
        best = float(cut)
        if shown[~is_faq].mean() <= MAX_FALSE_CHOICES:
            break
    return round(best, 2)


def _min_urgent_score(base: KnowledgeBase, questions: list[Question], language: str) -> float:
    """Return the lowest cut-off that keeps false alarms on calm messages within bounds."""
    judged = [base.urgency_of(q.text, language) for q in questions if q.kind in _CALM]
    scores = np.array([max(j.score, j.danger / DANGER_SHARE) for j in judged])
    within = [cut for cut in _URGENT_GRID if (scores >= cut).mean() <= MAX_FALSE_ALARMS]
    return round(float(within[0] if within else _URGENT_GRID[-1]), 2)


def _expected_error(probabilities: Array, right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error (Naeini et al. 2015), ten equal bins."""
    bins = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    error = 0.0
    for row in range(_BINS):
        inside = bins == row
        if inside.any():
            gap = abs(right[inside].mean() - probabilities[inside].mean())
            error += inside.mean() * gap
    return float(error)


if __name__ == "__main__":
    main()
