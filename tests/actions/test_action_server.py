"""actions/server.py over real HTTP: /read, /webhook, /health, and what its errors say."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from acting import DATA, MORNING, check_wire
from small_base import ROOT, small_snapshot

from knowledge_base.snapshot import make_snapshot, publish, write_snapshot

_START_SECONDS = 60
_HERE = Path(__file__).resolve().parent
TRACKERS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in (DATA / "trackers").glob("*.json")
}
NEVER_LOGGED = "my number is A 123-456-789 and I live on Jamaica Avenue"


@dataclass
class Served:
    """A running action server."""

    http: httpx.Client
    folder: Path

    def post(self, path: str, body: object) -> httpx.Response:
        return self.http.post(path, json=body)

    def act(self, action: str, tracker: dict[str, Any]) -> httpx.Response:
        call = {
            "next_action": action,
            "sender_id": tracker["sender_id"],
            "tracker": tracker,
            "domain": {},
            "version": "3.6.21",
        }
        return self.post("/webhook", call)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()


@contextmanager
def serving(folder: Path, locales: Path, **env: str) -> Iterator[Served]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    variables = {
        **os.environ,
        "LOCALES_DIR": str(locales),
        "ASSISTANT_NOW": MORNING,
        "PYTHONWARNINGS": "ignore",
        **env,
    }
    command = [sys.executable, str(_HERE / "serve_small.py"), str(folder), str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=log, stderr=subprocess.STDOUT
        )
        http = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30)
        try:
            served = Served(http, folder)
            _wait(process, served)
            yield served
        finally:
            http.close()
            process.terminate()
            process.wait(20)


def _wait(process: subprocess.Popen[bytes], served: Served) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, served.log
        try:
            if served.http.get("/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(served.log)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, compiled_locales: Path) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served"), compiled_locales) as served:
        yield served


def test_health_names_the_model_and_the_snapshot(server: Served) -> None:
    assert server.http.get("/health").json() == {
        "status": "ok",
        "problems": [],
        "model_id": "letters/1",
        "snapshot_id": small_snapshot().snapshot_id,
    }


def test_read_says_all_that_the_message_reader_needs(server: Served) -> None:
    texts = ["how big is the backlog", "¿cuántos jueces de inmigración hay en el país?"]
    messages = server.post("/read", {"texts": texts}).json()["messages"]
    assert [message["language"] for message in messages] == ["en", "es"]
    for message in messages:
        assert set(message) == {
            "embedding",
            "language",
            "language_confidence",
            "urgent_kind",
            "urgent_score",
            "redacted_text",
        }
        assert len(message["embedding"]) == 64
        assert sum(value**2 for value in message["embedding"]) == pytest.approx(1, abs=1e-3)
        assert 0 <= message["language_confidence"] <= 1


def test_read_redacts(server: Served) -> None:
    (message,) = server.post("/read", {"texts": [NEVER_LOGGED]}).json()["messages"]
    assert "123-456-789" not in message["redacted_text"]


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00\x01", "\ud83d", "😀" * 20, "\ufdfa" * 100, "a" * 20_000, "x. " * 6_000],
    ids=range(8),
)
def test_read_survives_any_text(server: Served, text: str) -> None:
    body = json.dumps({"texts": [text]}).encode()  # escapes lone surrogates, as clients do
    response = server.http.post("/read", content=body)
    assert response.status_code == 200
    (message,) = response.json()["messages"]
    assert len(message["embedding"]) == 64


@pytest.mark.parametrize("body", [{}, {"texts": "x"}, {"texts": ["x"] * 513}, None])
def test_read_refuses_another_shape(server: Served, body: object) -> None:
    response = server.post("/read", body)
    assert response.status_code == 400
    assert "texts" in response.json()["error"]


@pytest.mark.parametrize("content", [b"{", b"[1]", b'"x"', b"\xff"])
def test_what_is_not_the_right_json_is_the_callers_fault(server: Served, content: bytes) -> None:
    assert server.http.post("/read", content=content).status_code == 400


@pytest.mark.parametrize("name", TRACKERS)
def test_webhook_answers_with_one_custom_message(server: Served, name: str) -> None:
    action = "action_urgent" if name == "urgent" else "action_answer_question"
    response = server.act(action, TRACKERS[name])
    assert response.status_code == 200
    (message,) = response.json()["responses"]
    check_wire(message["custom"])
    assert all(event["event"] == "slot" for event in response.json()["events"])


def test_an_unknown_action_is_named(server: Served) -> None:
    response = server.act("action_unknown", TRACKERS["answered"])
    assert response.status_code == 404
    assert response.json()["action_name"] == "action_unknown"


def test_a_broken_publication_is_told_within_two_seconds_and_not_served(server: Served) -> None:
    snapshot = small_snapshot()
    changed = make_snapshot(
        entry.model_copy(update={"answer": "New words."})
        if (entry.entry_id, entry.language) == ("how-many-immigration-judges", "en")
        else entry
        for entry in snapshot.entries
    )
    snapshots = server.folder / "snapshots"
    (write_snapshot(changed, snapshots) / "en.jsonl").write_text("{}\n")
    draft = snapshots / ".draft"
    draft.write_text(f"{changed.snapshot_id}\n")
    draft.replace(snapshots / "current")
    deadline = time.monotonic() + 2
    health: dict[str, Any] = {"problems": []}
    while time.monotonic() < deadline and not health["problems"]:
        health = server.http.get("/health").json()
        time.sleep(0.05)
    publish(snapshot.snapshot_id, snapshots)
    assert changed.snapshot_id in str(health["problems"])
    assert health["snapshot_id"] == snapshot.snapshot_id


def test_an_error_leaks_no_text(tmp_path: Path, compiled_locales: Path) -> None:
    tracker = json.loads(json.dumps(TRACKERS["first_question"]))
    tracker["latest_message"]["text"] = NEVER_LOGGED
    with serving(tmp_path, compiled_locales, BREAK="1") as broken:
        response = broken.act("action_answer_question", tracker)
        assert response.status_code == 500
        assert response.json() == {"error": "ValueError"}
        # The place of the error is there for whoever mends it.
        assert "ValueError" in broken.log
        assert "answer_question.py" in broken.log
        assert broken.http.get("/health").status_code == 200
    for word in ("Jamaica", "123-456-789"):
        assert word not in broken.log


def test_usual_requests_are_logged_without_text(server: Served) -> None:
    server.post("/read", {"texts": [NEVER_LOGGED]})
    server.act("action_answer_question", TRACKERS["first_question"])
    assert "Jamaica" not in server.log
    assert "backlog" not in server.log
