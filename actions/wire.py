"""Writes the one JSON message that an action answers with (docs/wire.md).

`channels/wire.py` reads it; the examples in `tests/data/wire/` hold both to one shape.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["answer", "choices", "abstain", "urgent", "prompt", "notice", "booking"]


@dataclass(frozen=True)
class Choice:
    """An entry that can be picked."""

    entry_id: str
    title: str


@dataclass(frozen=True)
class Button:
    """A press that sends `payload`, an intent command of ours."""

    title: str
    payload: str


@dataclass(frozen=True)
class HotlineLine:
    """A phone line as it is shown: the phone's digits are never changed."""

    name: str
    phone: str
    hours: str
    open_now: bool


@dataclass(frozen=True)
class Reply:
    """One reply; `text` is plain text, paragraphs parted by blank lines.

    `short_text` is `text` without the phone lines, for a channel that shows `hotlines` as a block
    of its own; None where they are the same.
    """

    kind: Kind
    language: str
    text: str
    entry_id: str | None = None
    revision: int | None = None
    as_of: str | None = None
    past_review: bool = False
    translation: str | None = None
    score: float | None = None
    sources: list[dict[str, str | None]] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    hotlines: list[HotlineLine] = field(default_factory=list)
    notice: str | None = None
    short_text: str | None = None

    def to_wire(self) -> dict[str, Any]:
        """Return the JSON object."""
        return asdict(self)
