"""`python -m channels.web` as a process: how it starts, stops and what it writes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fake_rasa import FakeRasa
from gateway_runner import Client, close_all, free_port

_ROOT = Path(__file__).resolve().parent.parent.parent
_COMMAND = [sys.executable, "-m", "channels.web"]


def _environment(**settings: str) -> dict[str, str]:
    return {**os.environ, **settings}


@pytest.fixture
def process(rasa: FakeRasa, locales_dir: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A gateway process and its address."""
    port = free_port()
    environment = _environment(
        WEB_PORT=str(port), RASA_URL=rasa.url, ACTIONS_URL=rasa.url, LOCALES_DIR=str(locales_dir)
    )
    started = subprocess.Popen(
        _COMMAND, cwd=_ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 15
    while True:
        try:
            httpx.get(f"{url}/health", trust_env=False)
            break
        except httpx.ConnectError:
            assert started.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield started, url
    close_all()
    if started.poll() is None:
        started.kill()
        started.communicate()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_stops_gracefully_and_logs_nothing_personal(
    process: tuple[subprocess.Popen[str], str], rasa: FakeRasa, stop: signal.Signals
) -> None:
    started, url = process
    client = Client(url)
    secret = "A123456789"
    client.say(f"my number is {secret}")
    client.post(text=f'raw:[{{"custom": {{"kind": "{secret}"}}}}]')
    client.post(text=f"status:500 {secret}")  # the fake breaks the connection
    client.http.get(f"/{secret}")
    started.send_signal(stop)
    _, log = started.communicate(timeout=10)
    assert started.returncode == 0
    assert "method=POST route=/api/messages status=200 ms=" in log
    assert "assistant failed error=UnreadableReply" in log
    for private in (secret, client.token, client.token.split(".")[0]):
        assert private not in log
    assert log.count("127.0.0.1") == 1  # where it listens; nobody's address
    assert rasa.received[0]["sender"] not in log
    assert "Traceback" not in log


def test_refuses_to_start_without_a_secret(locales_dir: Path) -> None:
    environment = _environment(ASSISTANT_ENV="production", LOCALES_DIR=str(locales_dir))
    ended = subprocess.run(
        _COMMAND, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("The web gateway can't start. SESSION_SECRET must be 32")
    assert ended.stderr.count("\n") == 1
