"""A memory that forgets: what was used lately, bounded in number and in time."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Recent(Generic[Kept]):
    """Values by key; the one unused for longest goes first.

    Args:
        max_items: how many are kept.
        idle_seconds: how long one that nobody asks for is kept.
        clock: seconds, never going back.
    """

    def __init__(
        self, max_items: int, idle_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._max_items = max_items
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._items: OrderedDict[str, tuple[float, Kept]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._items)

    def get(self, key: str) -> Kept | None:
        """Return the value of `key` if it is still kept, and keep it longer."""
        self.sweep()
        if key not in self._items:
            return None
        value = self._items[key][1]
        self.put(key, value)
        return value

    def put(self, key: str, value: Kept) -> None:
        """Keep `value`, dropping the longest unused beyond the bound."""
        self._items[key] = (self._clock(), value)
        self._items.move_to_end(key)
        while len(self._items) > self._max_items:
            self._items.popitem(last=False)

    def forget(self, key: str) -> None:
        """Drop `key`, if it is there."""
        self._items.pop(key, None)

    def sweep(self) -> None:
        """Drop what has been idle for too long; the items lie in the order of their last use."""
        oldest_kept = self._clock() - self._idle_seconds
        while self._items:
            key, (used, _) = next(iter(self._items.items()))
            if used >= oldest_kept:
                return
            del self._items[key]
