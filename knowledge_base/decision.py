"""Decides what a ranking is good for: an answer, a choice of up to three, or an honest no.

No score tells near misses from right answers well enough to answer or refuse outright
(docs/decisions/0003-retrieval.md): what lies between is for the person to choose.
"""

from knowledge_base.calibration import Calibration
from knowledge_base.outcome import Abstention, Answer, Choices, GuardRail, Hit, Outcome
from knowledge_base.retriever import Ranking

MAX_CHOICES = 3
_HITS = 5

# A choice with less than this share of the best one's is noise beside it.
_MIN_CHOICE_RATIO = 0.02


def decide(ranking: Ranking, calibration: Calibration, rail: GuardRail | None = None) -> Outcome:
    """Return the decision on a ranking.

    Args:
        ranking: of all entries for the query.
        calibration: of the query's language.
        rail: the guard rail that the message meets; lies are refused whatever the ranking.
    """
    hits = tuple(
        Hit(entry_id, round(float(score), 4))
        for entry_id, score in zip(ranking.entry_ids[:_HITS], ranking.scores[:_HITS], strict=True)
    )
    score = round(calibration.probability(float(ranking.scores[0])), 4)
    if rail == "dishonest":
        return Abstention(hits, score, rail, reason="guard_rail")
    if score >= calibration.min_score:
        return Answer(hits, score, rail, entry_id=hits[0].entry_id)
    if float(ranking.scores[:MAX_CHOICES].sum()) >= calibration.min_choice_score:
        floor = hits[0].score * _MIN_CHOICE_RATIO
        offered = tuple(hit.entry_id for hit in hits[:MAX_CHOICES] if hit.score >= floor)
        return Choices(hits, score, rail, entry_ids=offered)
    return Abstention(hits, score, rail)
