"""What the page shows of a conversation. In memory only; gone after half an hour of silence."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from channels.wire import Reply


@dataclass(frozen=True)
class Exchange:
    """What the person said, and what they read then.

    Args:
        said: the person's words or the title of the button; None where the gateway began.
        replies: what was answered.
    """

    said: str | None
    replies: Sequence[Reply]


@dataclass
class Transcript:
    """One conversation of the page.

    Args:
        exchanges: oldest first, bounded: the oldest go.
        draft: text that could not be answered, put back into the box.
    """

    exchanges: deque[Exchange] = field(default_factory=deque)
    draft: str = ""

    @classmethod
    def of_length(cls, length: int) -> "Transcript":
        """Return an empty transcript that keeps `length` exchanges."""
        return cls(exchanges=deque(maxlen=length))

    @property
    def has_begun(self) -> bool:
        """Whether the person has said anything."""
        return any(exchange.said is not None for exchange in self.exchanges)
