"""Groups of real processes: their output, their end, and that nothing is left of them."""

import os
import queue
import sys
import time
from pathlib import Path

import pytest
from children import PARENT, STUBBORN, WAIT

from launcher.processes import Command, Ended, ProcessGroup


class Group:
    """A group in which every line is kept."""

    def __init__(self, folder: Path) -> None:
        self.lines: list[tuple[str, str]] = []
        self.events: queue.SimpleQueue[object] = queue.SimpleQueue()
        self.folder = folder
        self.group = ProcessGroup(folder, lambda *line: self.lines.append(line), self.events)

    def start(self, **programs: str) -> None:
        self.group.start(
            [
                Command(name, [sys.executable, "-c", code, str(self.folder / name)], os.environ)
                for name, code in programs.items()
            ]
        )

    def pid(self, name: str) -> int:
        """Return the process id that a program wrote, when it has."""
        file = self.folder / name
        for _ in range(500):
            if file.exists() and (text := file.read_text()):
                return int(text)
            time.sleep(0.02)
        raise AssertionError(f"{name} never started")


@pytest.fixture
def group(tmp_path: Path) -> Group:
    return Group(tmp_path)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.parametrize(
    ("code", "expected", "words"),
    [
        ("", 0, "it ended (exit code 0)"),
        ("raise SystemExit(3)", 3, "it ended (exit code 3)"),
        ("import os; os.kill(os.getpid(), 9)", -9, "it was ended by SIGKILL"),
    ],
)
def test_tells_how_a_process_ended(group: Group, code: str, expected: int, words: str) -> None:
    group.start(it=code)
    event = group.events.get(timeout=10)
    assert event == Ended("it", expected)
    assert str(event) == words
    group.group.stop()


def test_passes_on_every_line(group: Group) -> None:
    code = (
        "import sys, os\n"
        "os.write(1, b'one\\ntw'); os.write(2, b'o\\n')\n"
        "os.write(1, b'\\xff\\xe2\\x82\\xac\\n'); os.write(1, b'x' * 100_000 + b'\\n')\n"
        "os.write(1, b'no newline')"
    )
    group.start(it=code)
    group.events.get(timeout=10)
    group.group.stop()
    lines = [line for _, line in group.lines]
    assert lines[:3] == ["one", "two", "\ufffd€"]
    assert "".join(lines[3:-1]) == "x" * 100_000
    assert lines[-1] == "no newline"
    assert {name for name, _ in group.lines} == {"it"}


def test_stops_all(group: Group) -> None:
    group.start(first=WAIT, second=WAIT)
    pids = [group.pid("first"), group.pid("second")]
    started = time.monotonic()
    group.group.stop()
    assert time.monotonic() - started < 5
    assert not any(is_running(pid) for pid in pids)


def test_kills_what_does_not_stop(group: Group) -> None:
    group.start(deaf=STUBBORN)
    pid = group.pid("deaf")
    started = time.monotonic()
    group.group.stop(kill_after=0.3)
    assert 0.3 <= time.monotonic() - started < 5
    assert not is_running(pid)


def test_does_not_wait_when_told_again(group: Group) -> None:
    group.start(deaf=STUBBORN)
    pid = group.pid("deaf")
    started = time.monotonic()
    group.group.stop(kill_after=60, at_once=lambda: True)
    assert time.monotonic() - started < 5
    assert not is_running(pid)


def test_stops_what_a_process_started(group: Group) -> None:
    group.start(parent=PARENT)
    grandchild = group.pid("parent")
    group.group.stop(kill_after=0.3)
    assert not is_running(grandchild)


def test_stops_what_is_left_of_a_process_that_ended(group: Group) -> None:
    code = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {STUBBORN!r}, sys.argv[1]])"
    group.start(gone=code)
    assert group.events.get(timeout=10) == Ended("gone", 0)
    grandchild = group.pid("gone")
    group.group.stop(kill_after=0.3)
    assert not is_running(grandchild)
