"""Starts and stops the two sides, and says how much memory they hold."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from evals.bench.client import Client
from evals.bench.settings import BenchError

_STOP_SECONDS = 20
_POLL_SECONDS = 0.05
_MB = 1024 * 1024
_FIRST_MESSAGE = "hello"


@dataclass(frozen=True)
class Command:
    """One process of a side.

    Args:
        name: of its log.
        arguments: the command line.
        folder: where it runs.
        environment: variables beside those of the bench itself.
    """

    name: str
    arguments: list[str]
    folder: Path
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Side:
    """One of the two that are compared.

    Args:
        name: `assistant` or `peer`.
        commands: its processes.
        url: of its Rasa server, without a path.
        webhook: path of its REST channel.
        actions_url: of its action server, where it has one.
    """

    name: str
    commands: list[Command]
    url: str
    webhook: str
    actions_url: str | None = None


@dataclass(frozen=True)
class Running:
    """A side that answers.

    Args:
        side: what runs.
        pids: of the processes that were started.
        ready_s: seconds from the start to the first reply.
    """

    side: Side
    pids: list[int]
    ready_s: float

    def rss_mb(self) -> float:
        """Return the resident memory of its processes and all that these started, in MB."""
        return float(sum(process.memory_info().rss for process in _family(self.pids))) / _MB

    def cpu_ms(self) -> float:
        """Return the processor time that its processes have used, in milliseconds."""
        times = [process.cpu_times() for process in _family(self.pids)]
        return float(sum(spent.user + spent.system for spent in times)) * 1000


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def running(side: Side, logs: Path, seconds: float) -> Iterator[Running]:
    """Run a side for a while; entered when it has answered a first message.

    Args:
        side: what to run.
        logs: folder of the processes' logs.
        seconds: how long the start may take.

    Raises:
        BenchError: a process ended, or there was no reply in time.
    """
    processes: list[subprocess.Popen[bytes]] = []
    began = time.perf_counter()
    try:
        for command in side.commands:
            processes.append(_start(command, logs / f"{command.name}.log"))
        _wait(side, processes, logs, began + seconds)
        ready = time.perf_counter() - began
        yield Running(side, [process.pid for process in processes], ready)
    finally:
        _stop(processes)


def _start(command: Command, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            command.arguments,
            cwd=command.folder,
            env={**os.environ, **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C reaches the bench alone, which then stops these in order.
            start_new_session=True,
        )


def _wait(
    side: Side, processes: list[subprocess.Popen[bytes]], logs: Path, deadline: float
) -> None:
    while time.perf_counter() < deadline:
        for command, process in zip(side.commands, processes, strict=True):
            if process.poll() is not None:
                log = logs / f"{command.name}.log"
                raise BenchError(
                    f"{command.name} ended with {process.returncode} at its start. {log} ends:\n"
                    + "\n".join(log.read_text(errors="replace").splitlines()[-15:])
                )
        if _answers(side):
            return
        time.sleep(_POLL_SECONDS)
    raise BenchError(f"The {side.name} did not start in time. Its logs are in {logs}.")


def _answers(side: Side) -> bool:
    try:
        with Client(side.url) as client:
            # Rasa opens its port when its model is loaded; the action server, when it is.
            if side.actions_url:
                with Client(side.actions_url) as actions:
                    actions.get("/health")
            client.say(side.webhook, "bench-first", _FIRST_MESSAGE)
    except (OSError, BenchError):
        return False
    return True


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    family = _family([process.pid for process in processes])
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    # psutil knows a process by its pid and start: another one with the same pid is not killed.
    for left in family:
        if left.is_running():
            left.kill()
    psutil.wait_procs(family, timeout=_STOP_SECONDS)


def _family(pids: list[int]) -> list[psutil.Process]:
    found = []
    for pid in pids:
        try:
            process = psutil.Process(pid)
            found += [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
    return found
