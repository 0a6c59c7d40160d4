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
from knowledge_base.urgency import Urgency

Array = NDArray[np.float64]

# What the cut-offs may cost on the development set. Below the bars of the product, since a
# threshold fits the set that it was chosen on better than any other.
MAX_FALSE_ANSWERS = 0.06
MAX_WRONG_ANSWERS = 0.03
MAX_FALSE_CHOICES = 0.30
MIN_OFFERED = 0.985

# How many missed emergencies a false alarm weighs: an alarm shows a hotline to a calm person, and
# costs them their answer.
FALSE_ALARM_COST = 1.0

# However good the development figures: say nothing that is likelier wrong than right.
LOWEST_MIN_SCORE = 0.5
LOWEST_MIN_CHOICE_SCORE = 0.3

_CALM, _URGENT = ("faq", "intent"), ("urgent",)
_GRID = np.linspace(0.02, 0.98, 97)
_URGENT_GRID = np.linspace(0.3, 0.9, 31)
_DANGER_GRID = np.linspace(0.14, 0.5, 19)
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
    urgent, danger = _urgent_cuts(base, questions, language)
    return Calibration(
        slope=round(slope, 4),
        intercept=round(intercept, 4),
        min_score=_min_score(probabilities, right, is_faq),
        min_choice_score=_min_choice_score(offered, right3, is_faq),
        min_urgent_score=urgent,
        min_danger_score=danger,
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


def _urgent_cuts(
    base: KnowledgeBase, questions: list[Question], language: str
) -> tuple[float, float]:
    """Return the cut-offs, of any emergency and of danger to a life, that cost least.

    A false alarm on a calm question costs as much as `FALSE_ALARM_COST` missed emergencies, per
    message of its kind. Of equally good pairs the middle one is taken: it is the one that stays
    good on other messages.
    """
    judged: dict[tuple[str, ...], list[Urgency]] = {
        kinds: [base.urgency_of(q.text, language) for q in questions if q.kind in kinds]
        for kinds in (_CALM, _URGENT)
    }

    def share(kinds: tuple[str, ...], urgent: float, danger: float) -> float:
        return float(np.mean([j.score >= urgent or j.danger >= danger for j in judged[kinds]]))

    costs = {
        (urgent, danger): (1 - share(_URGENT, urgent, danger))
        + FALSE_ALARM_COST * share(_CALM, urgent, danger)
        for urgent in _URGENT_GRID
        for danger in _DANGER_GRID
    }
    least = min(costs.values())
    best = [pair for pair, cost in costs.items() if cost <= least + 1e-9]
    urgent, danger = (float(np.median([pair[side] for pair in best])) for side in (0, 1))
    return round(urgent, 2), round(danger, 2)


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
