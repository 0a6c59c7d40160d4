"""One queue a sender: Rasa gets the messages of a conversation one at a time, in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

# Two messages of one sender at once make Rasa's lock poll once a second (DESIGN.md 6.8).
MAX_WAITING = 5


class QueueFull(Exception):
    """A sender has MAX_WAITING messages waiting already."""


@dataclass
class _Line:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    inside: int = 0  # the one being answered and those that wait


class SenderQueues:
    """The queues of all senders; one that nobody stands in takes no memory.

    Args:
        max_waiting: messages of one sender that may wait behind the one being answered.
    """

    def __init__(self, max_waiting: int = MAX_WAITING) -> None:
        self._max_inside = max_waiting + 1
        self._lines: dict[str, _Line] = {}

    def __len__(self) -> int:
        """Return how many senders have a message under way."""
        return len(self._lines)

    @asynccontextmanager
    async def turn(self, sender_id: str) -> AsyncIterator[None]:
        """Wait for the sender's turn and hold it; `asyncio.Lock` is first come, first served.

        Raises:
            QueueFull: at once, if too many wait.
        """
        line = self._lines.setdefault(sender_id, _Line())
        if line.inside >= self._max_inside:
            raise QueueFull
        line.inside += 1
        try:
            async with line.lock:
                yield
        finally:
            line.inside -= 1
            if not line.inside:
                del self._lines[sender_id]
