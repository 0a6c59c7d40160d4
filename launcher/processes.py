"""Processes that live and die together: none goes on when another has ended."""

import ctypes
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

KILL_AFTER_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1
_LONGEST_LINE_BYTES = 16_384
_GLANCE_SECONDS = 0.02
_GONE_AFTER_SECONDS = 1.0

Write = Callable[[str, str], None]


@dataclass(frozen=True)
class Command:
    """What to run, and the name that its output carries."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Ended:
    """A process ended; a negative code is the signal that ended it."""

    name: str
    code: int

    def __str__(self) -> str:
        """Say how, for people."""
        if self.code < 0:
            return f"{self.name} was ended by {signal.Signals(-self.code).name}"
        return f"{self.name} ended (exit code {self.code})"


class ProcessGroup:
    """Starts commands, passes their output on line by line, and stops them all.

    Args:
        folder: where they run.
        write: called with name and line, from a thread a process.
        ended: where an `Ended` is put as soon as a process has ended.
    """

    def __init__(self, folder: Path, write: Write, ended: "queue.SimpleQueue[object]") -> None:
        self._folder = folder
        self._write = write
        self._ended = ended
        self._processes: list[subprocess.Popen[bytes]] = []
        self._readers: list[threading.Thread] = []

    def start(self, commands: Sequence[Command]) -> None:
        """Start all commands at once."""
        # All are there before their threads are: `preexec_fn` is happiest without any.
        started = [(command.name, self._popen(command)) for command in commands]
        for name, process in started:
            reader = threading.Thread(target=self._pass_on, args=(name, process), daemon=True)
            self._readers.append(reader)
            reader.start()
            threading.Thread(target=self._await, args=(name, process), daemon=True).start()

    def _popen(self, command: Command) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            list(command.arguments),
            cwd=self._folder,
            env=dict(command.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # A session of its own, so that it can be stopped with all that it started, and so that
            # Ctrl-C on the terminal reaches the launcher alone.
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        self._processes.append(process)
        return process

    def _pass_on(self, name: str, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 (it was started with a pipe)
        with process.stdout as pipe:
            # A line without end is cut, not gathered for ever.
            while line := pipe.readline(_LONGEST_LINE_BYTES):
                self._write(name, line.decode("utf-8", "replace").rstrip())

    def _await(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self._ended.put(Ended(name, process.wait()))

    def stop(
        self,
        kill_after: float = KILL_AFTER_SECONDS,
        at_once: Callable[[], bool] = lambda: False,
    ) -> None:
        """Stop every process and what it started: TERM, then KILL to what is left.

        Args:
            kill_after: seconds between the two.
            at_once: asked again and again; True cuts the waiting short.
        """
        for process in self._processes:
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + kill_after
        while any(_is_there(process) for process in self._processes):
            if time.monotonic() > deadline or at_once():
                break
            time.sleep(_GLANCE_SECONDS)
        for process in self._processes:
            _signal(process, signal.SIGKILL)
            process.wait()
        # What they had started is not ours to wait for; the system takes it away in a moment.
        deadline = time.monotonic() + _GONE_AFTER_SECONDS
        while any(map(_is_there, self._processes)) and time.monotonic() < deadline:
            time.sleep(_GLANCE_SECONDS)
        for reader in self._readers:
            reader.join(timeout=1)


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Have Linux send this process a signal when its parent dies, even by SIGKILL."""
    with suppress(AttributeError):  # elsewhere than on Linux there is no such call
        _LIBC.prctl(_PR_SET_PDEATHSIG, number)


# Loaded before any fork: between fork and exec nothing should be loaded.
_LIBC = ctypes.CDLL(None)


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    # The group outlives its leader as long as anything that the leader started is there.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _is_there(process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is None:
        return True
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
