"""Starts the real system, as `make run` does, on free ports with files of its own."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = os.environ.get("PYTHON_MAIN", str(ROOT / ".venv" / "bin" / "python"))
RASA = os.environ.get("RASA_BIN", str(ROOT / ".venv-rasa" / "bin" / "rasa"))
VAR = ROOT / "var"
# A weekday morning in New York, when every line that has hours is open; before any review date.
WEEKDAY_MORNING = "2026-11-24T10:00:00-05:00"
_START_SECONDS = 120
_STOP_SECONDS = 20
# What the gateway says of its health may be a second old.
_HEALTH_SECONDS = 1.1


def missing_parts() -> list[str]:
    """Return what `make setup` has not made yet."""
    wanted = [
        Path(PYTHON),
        Path(RASA),
        VAR / "rasa" / "assistant.tar.gz",
        VAR / "snapshots" / "current",
        VAR / "model",
    ]
    return [str(path) for path in wanted if not path.exists()]


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@dataclass
class System:
    """Three processes, and the folder with all that they write.

    Args:
        folder: of the logs, the tracker's database, the snapshots and the index.
        now: what the processes take for the time.
        env: more variables for all three.
    """

    folder: Path
    now: str = WEEKDAY_MORNING
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rasa_port, self.actions_port, self.web_port = (free_port() for _ in range(3))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._files: list[object] = []

    @property
    def url(self) -> str:
        """The gateway's address."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def actions_url(self) -> str:
        """The action server's address."""
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def rasa_url(self) -> str:
        """Rasa's address; the outside never sees it."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def snapshot_dir(self) -> Path:
        """Where publications of this system go."""
        return self.folder / "snapshots"

    @property
    def index_dir(self) -> Path:
        """Where its indexes are kept."""
        return self.folder / "index"

    @property
    def tracker_file(self) -> Path:
        """The conversations."""
        return self.folder / "tracker" / "tracker.db"

    def environment(self) -> dict[str, str]:
        """Return the variables of all three processes."""
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
            "PYTHONUNBUFFERED": "1",
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "ASSISTANT_NOW": self.now,
            "ACTIONS_PORT": str(self.actions_port),
            "ACTIONS_URL": self.actions_url,
            "RASA_URL": self.rasa_url,
            "TRACKER_URL": f"sqlite:///{self.tracker_file}",
            "LOCALES_DIR": str(self.folder / "locales"),
            "SNAPSHOT_DIR": str(self.snapshot_dir),
            "INDEX_DIR": str(self.index_dir),
            "WEB_PORT": str(self.web_port),
            "RATE_LIMIT_SESSION": "100000/minute",
            "RATE_LIMIT_ADDRESS": "100000/minute",
            **self.env,
        }

    def start(self) -> None:
        """Make the folder, start all three processes and wait until the gateway is healthy."""
        self._prepare()
        self.start_actions()
        self.start_rasa()
        self._run("gateway", [PYTHON, "-m", "channels.web"])
        self.wait_until_healthy()

    def start_actions(self) -> None:
        """Start the action server, with the encoder in it."""
        self._run("actions", [PYTHON, "-m", "actions"])

    def start_rasa(self) -> None:
        """Start Rasa on the trained assistant."""
        model = str(VAR / "rasa" / "assistant.tar.gz")
        address = ["-i", "127.0.0.1", "-p", str(self.rasa_port)]
        self._run("rasa", [RASA, "run", "-m", model, *address])

    def wait_until_healthy(self) -> None:
        """Return when the gateway says that all is well.

        Raises:
            AssertionError: a process ended, or it took too long; with the logs.
        """
        deadline = time.monotonic() + _START_SECONDS
        time.sleep(_HEALTH_SECONDS)
        while time.monotonic() < deadline:
            for name, process in self.processes.items():
                ended = process.poll()
                assert ended is None, f"{name} ended with {ended}\n{self.logs()}"
            if self.health()[0] == 200:
                return
            time.sleep(0.3)
        raise AssertionError(f"not healthy: {self.health()}\n{self.logs()}")

    def health(self) -> tuple[int, list[str]]:
        """Return the status of the gateway's /health and its sentences; 0 where it is not up."""
        try:
            response = httpx.get(f"{self.url}/health", timeout=10, trust_env=False)
        except httpx.TransportError:
            return 0, []
        return response.status_code, response.json()["problems"]

    def kill(self, name: str) -> None:
        """Kill one process as a crash would."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(_STOP_SECONDS)

    def stop(self) -> None:
        """Stop what was started, and nothing else."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(_STOP_SECONDS)
        for file in self._files:
            file.close()  # type: ignore[attr-defined]

    def logs(self, lines: int = 40) -> str:
        """Return the end of each log."""
        parts = []
        for path in sorted(self.folder.glob("*.log")):
            tail = path.read_text(errors="replace").splitlines()[-lines:]
            parts.append("\n".join([f"--- {path.name}", *tail]))
        return "\n".join(parts)

    def kept_bytes(self) -> bytes:
        """Return all that the system has written: logs, the database and its side files."""
        files = [*self.folder.glob("*.log"), *self.tracker_file.parent.iterdir()]
        return b"".join(path.read_bytes() for path in files)

    def conversations(self) -> dict[str, str]:
        """Return the stored events of every conversation, by sender id."""
        connection = sqlite3.connect(f"file:{self.tracker_file}?mode=ro", uri=True)
        try:
            return dict(connection.execute("SELECT sender_id, events FROM conversations"))
        finally:
            connection.close()

    def _prepare(self) -> None:
        self.tracker_file.parent.mkdir(parents=True)
        for name in ("snapshots", "index"):
            shutil.copytree(VAR / name, self.folder / name)
        for source in ROOT.glob("locales/*/LC_MESSAGES/assistant.po"):
            target = self.folder / source.relative_to(ROOT).with_suffix(".mo")
            target.parent.mkdir(parents=True)
            with source.open("rb") as po, target.open("wb") as mo:
                write_mo(mo, read_po(po))

    def _run(self, name: str, command: list[str]) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        self._files.append(log)
        self.processes[name] = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # so that Ctrl-C at the tests stops these in order
        )


@contextmanager
def running(folder: Path, **options: object) -> Iterator[System]:
    """Run a system for a while; its logs are printed where it does not come up."""
    system = System(folder, **options)  # type: ignore[arg-type]
    try:
        system.start()
        yield system
    finally:
        system.stop()


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Return whether `condition` comes true within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()
