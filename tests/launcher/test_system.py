"""The whole launcher as a process, over small programs in place of the three servers."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from children import LAUNCH, STUBBORN, WAIT, WEB

from launcher.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


class Launched:
    """A launcher with a gateway, and one more process, named `other`."""

    def __init__(self, folder: Path, other: str, web: str = WEB) -> None:
        self.folder = folder
        self.port = free_port()
        programs = {"web": (web, [str(self.port), str(folder / "ready")])}
        programs["other"] = (other, [str(folder / "pid")])
        processes = [
            (name, [sys.executable, "-c", code, *arguments])
            for name, (code, arguments) in programs.items()
        ]
        # Two that listen on nothing but a socket stand for Rasa and the action server.
        self._sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        rasa, actions = (str(each.getsockname()[1]) for each in self._sockets)
        ports = {"WEB_PORT": str(self.port), "RASA_PORT": rasa, "ACTIONS_PORT": actions}
        self.process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH, json.dumps(processes), json.dumps(ports)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._output: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._output.append(line)

    @property
    def output(self) -> str:
        return "".join(self._output)

    def wait_for(self, is_so: Callable[[], object]) -> None:
        deadline = time.monotonic() + 15
        while not is_so():
            assert time.monotonic() < deadline, self.output
            time.sleep(0.02)

    def make_ready(self) -> int:
        """Let the gateway be healthy; return the other process's id when all is up."""
        (self.folder / "ready").touch()
        self.wait_for(lambda: "Ready." in self.output and (self.folder / "pid").exists())
        self.wait_for(lambda: (self.folder / "pid").read_text())
        return int((self.folder / "pid").read_text())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(timeout=5)
        for each in [self.process.stdout, *self._sockets]:
            assert each is not None
            each.close()

    def ended(self) -> int:
        code = self.process.wait(timeout=15)
        self._reader.join(timeout=5)
        return code


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., Launched]]:
    launched: list[Launched] = []

    def start(other: str = WAIT, **options: str) -> Launched:
        launched.append(Launched(tmp_path, other, **options))
        return launched[-1]

    yield start
    for each in launched:
        each.close()


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_says_ready_only_when_the_gateway_is_healthy(launch: Callable[..., Launched]) -> None:
    launched = launch()
    time.sleep(1)
    assert "Ready" not in launched.output
    launched.make_ready()
    assert f"Ready. Ask at http://localhost:{launched.port}" in launched.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(launch: Callable[..., Launched], number: signal.Signals) -> None:
    launched = launch()
    other = launched.make_ready()
    launched.process.send_signal(number)
    assert launched.ended() == 0
    assert "Stopped." in launched.output
    assert not is_running(other)


def test_a_second_signal_does_not_wait(launch: Callable[..., Launched]) -> None:
    launched = launch(STUBBORN)
    other = launched.make_ready()
    launched.process.send_signal(signal.SIGINT)
    launched.wait_for(lambda: "Stopping" in launched.output)
    launched.process.send_signal(signal.SIGINT)
    launched.process.wait(timeout=5)
    assert not is_running(other)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("", "other ended (exit code 0)"),
        ("raise SystemExit('no secret is set')", "other ended (exit code 1)"),
    ],
)
def test_one_that_ends_takes_the_rest_down(
    launch: Callable[..., Launched], end: str, words: str
) -> None:
    launched = launch(end)
    assert launched.ended() == 1
    assert f"Stopped, because {words}." in launched.output
    assert ("other | no secret is set" in launched.output) == bool(end)


def test_one_that_is_killed_takes_the_rest_down(launch: Callable[..., Launched]) -> None:
    launched = launch()
    other = launched.make_ready()
    os.kill(other, signal.SIGKILL)
    assert launched.ended() == 1
    assert "Stopped, because other was ended by SIGKILL." in launched.output


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child of its parent's death"
)
def test_killing_the_launcher_leaves_nothing(launch: Callable[..., Launched]) -> None:
    launched = launch(STUBBORN)
    other = launched.make_ready()
    launched.process.kill()
    launched.wait_for(lambda: not is_running(other))
