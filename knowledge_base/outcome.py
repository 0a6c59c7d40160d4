"""What the knowledge base decides for a message: one type an outcome."""

from dataclasses import dataclass
from typing import Literal

GuardRail = Literal["advice", "prediction", "dishonest"]


@dataclass(frozen=True)
class Hit:
    """An entry and how well it fits a query.

    Args:
        entry_id: the entry.
        score: 0 to 1, the share that this entry has of all entries' evidence.
    """

    entry_id: str
    score: float


@dataclass(frozen=True)
class Outcome:
    """A decision on one query.

    Args:
        hits: the best five, best first; also when abstaining.
        score: 0 to 1, how likely the first hit is right, calibrated for the language.
        guard_rail: the message asks for what the assistant must not give, or None.
    """

    hits: tuple[Hit, ...]
    score: float
    guard_rail: GuardRail | None = None


@dataclass(frozen=True)
class Answer(Outcome):
    """Sure enough to say one entry.

    Args:
        entry_id: the entry to answer with.
    """

    entry_id: str = ""


@dataclass(frozen=True)
class Choices(Outcome):
    """Not sure: the person picks one of up to three entries.

    Args:
        entry_ids: best first.
    """

    entry_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Abstention(Outcome):
    """There is no approved answer, or none that we are sure enough of.

    Args:
        reason: `empty`: nothing to look up; `low_score`: nothing fits; `guard_rail`: refused.
    """

    reason: Literal["empty", "low_score", "guard_rail"] = "low_score"


@dataclass(frozen=True)
class Urgent(Outcome):
    """A person is in an emergency now.

    Args:
        kind: a row of the urgent table (facts H).
        entry_id: the entry that helps.
    """

    kind: str = ""
    entry_id: str = ""
