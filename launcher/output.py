"""Writes lines of several processes to one terminal, each with the name of who said it."""

import sys
import threading
from contextlib import suppress
from typing import TextIO

_COLOURS = ("36", "35", "33", "32")


class Output:
    """Writes whole lines, one at a time, from any thread.

    Args:
        names: who may speak; they are padded to the same width.
        stream: where to.
    """

    def __init__(self, names: list[str], stream: TextIO = sys.stdout) -> None:
        self._stream = stream
        self._width = max(len(name) for name in names)
        self._names = names
        self._colourful = stream.isatty()
        self._lock = threading.Lock()

    def line(self, name: str, text: str) -> None:
        """Write a line that a process said."""
        label = f"{name:<{self._width}} |"
        if self._colourful:
            label = f"\x1b[{_COLOURS[self._names.index(name) % len(_COLOURS)]}m{label}\x1b[0m"
        self._put(f"{label} {text}\n")

    def block(self, *lines: str) -> None:
        """Write what the launcher itself says, set apart from the rest."""
        self._put("".join(["\n", *(f"  {line}".rstrip() + "\n" for line in lines), "\n"]))

    def _put(self, text: str) -> None:
        # Where nobody reads any more, the processes go on: the terminal isn't what they are for.
        with self._lock, suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()
