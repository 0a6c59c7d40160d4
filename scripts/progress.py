"""Runs the commands of the set-up and shows how far they are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from typing import Mapping, Sequence

_LINES_SHOWN_ON_FAILURE = 40
_SECONDS_BETWEEN_SIGNS = 15  # without a terminal, where no line can be written over


class SetupError(Exception):
    """The set-up can't go on; the message says why and what to do."""


def run(command: Sequence[str | Path], root: Path, env: Mapping[str, str] | None = None) -> None:
    """Run a command, showing its latest line; all of its last lines where it fails.

    Raises:
        SetupError: it ended with another exit code than 0.
    """
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=root,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    last: deque[str] = deque(maxlen=_LINES_SHOWN_ON_FAILURE)
    sign = _Sign()
    assert process.stdout is not None  # noqa: S101 (it was started with a pipe)
    try:
        with process.stdout as lines:
            for line in lines:
                last.append(line.rstrip())
                sign.show(line)
        code = process.wait()
    except BaseException:
        _end(process)
        raise
    finally:
        sign.clear()
    if code:
        sys.stdout.write("".join(f"    {line}\n" for line in last))
        raise SetupError(f"This failed with exit code {code}: {' '.join(map(str, command))}")


class _Sign:
    """One line that says what is going on: written over on a terminal, now and then elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stdout.isatty()
        self._shown_at = time.monotonic()

    def show(self, line: str) -> None:
        text = line.strip()
        # pip says it of every package, of each place that has none.
        if not text or text.startswith("WARNING: Location"):
            return
        now = time.monotonic()
        if self._terminal:
            width = shutil.get_terminal_size().columns - 6
            sys.stdout.write(f"\r\x1b[2K    {text[:width]}")
        elif now - self._shown_at > _SECONDS_BETWEEN_SIGNS:
            sys.stdout.write(f"    … {text[:100]}\n")
            self._shown_at = now
        sys.stdout.flush()

    def clear(self) -> None:
        if self._terminal:
            sys.stdout.write("\r\x1b[2K")
            sys.stdout.flush()


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
