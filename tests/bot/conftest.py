"""Real trackers, a real SQLite file and, where its programs are found, a real PostgreSQL.

These tests run in Rasa's environment: `.venv-rasa/bin/python -m pytest tests/bot`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import PrivateTrackerStore


def pytest_configure(config: pytest.Config) -> None:
    """Let Rasa's own imports warn: TensorFlow 2.12 and pkg_resources are not ours to mend."""
    for category in ("DeprecationWarning", "PendingDeprecationWarning", "FutureWarning"):
        config.addinivalue_line("filterwarnings", f"ignore::{category}")
    # Said of every domain with slots, however its mappings are written.
    config.addinivalue_line("filterwarnings", "ignore:Slot auto-fill has been removed")


SLOT = {"influence_conversation": False, "mappings": [{"type": "custom"}]}
DOMAIN = {
    "intents": ["ask_faq", "choose_option", "help"],
    "entities": ["entry_id", "language", "topic"],
    "slots": {
        "language": {"type": "text", **SLOT},
        "last_entry_id": {"type": "text", **SLOT},
        "offered": {"type": "list", **SLOT},
        "failures": {"type": "float", "initial_value": 0, "max_value": 100, **SLOT},
        "note": {"type": "any", **SLOT},
        "delete_requested": {"type": "bool", "initial_value": False, **SLOT},
        "form_name": {"type": "text", **SLOT},
        "form_phone": {"type": "text", **SLOT},
    },
    "forms": {"consultation_form": {"required_slots": ["form_name", "form_phone"]}},
    "actions": ["action_answer_question", "action_delete_my_data"],
}


@pytest.fixture
def domain() -> Domain:
    return Domain.from_dict(DOMAIN)


@pytest.fixture(autouse=True)
def form_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORM_KEY", Fernet.generate_key().decode())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Start a PostgreSQL of our own on a free port, and stop it at the end."""
    initdb = shutil.which("initdb") or next(
        (str(p) for p in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)),
        None,
    )
    if initdb is None:
        pytest.skip("PostgreSQL is not installed")
    programs = Path(initdb).parent
    # It refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp())
    if user:
        shutil.chown(folder, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: str) -> None:
        subprocess.run(  # noqa: S603 (our own arguments)
            command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=60
        )

    run(initdb, "-D", f"{folder}/data", "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
    pg_ctl = str(programs / "pg_ctl")
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
    run(pg_ctl, "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")
    try:
        yield f"postgresql+psycopg2://tester@127.0.0.1:{port}/postgres"
    finally:
        run(pg_ctl, "-D", f"{folder}/data", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "tracker.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, sqlite_file: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{sqlite_file}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def store(url: str, domain: Domain) -> PrivateTrackerStore:
    return PrivateTrackerStore(domain, url)


@pytest.fixture
def stored_bytes(sqlite_file: Path) -> Callable[[], bytes]:
    """Return a function that reads all that SQLite has on the disk."""

    def read() -> bytes:
        return b"".join(path.read_bytes() for path in sqlite_file.parent.glob("tracker.db*"))

    return read


def start(sender: str, domain: Domain) -> DialogueStateTracker:
    """Return a tracker as Rasa has it when a session has started."""
    tracker = DialogueStateTracker(sender, domain.slots)
    tracker.model_id = "0123456789abcdef0123456789abcdef"
    tracker.assistant_id = "drucker-faq-assistant"
    for event in (
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ):
        tracker.update(event)
    return tracker


def say(tracker: DialogueStateTracker, text: str, redacted: str | None = "[redacted]") -> None:
    """Add a message as Rasa adds it, with all that NLU says of it."""
    intent = {"name": "ask_faq", "confidence": 0.91}
    parse_data = {
        "text": text,
        "intent": intent,
        "entities": [{"entity": "note", "value": text, "start": 0, "end": 9}],
        "intent_ranking": [intent, {"name": "help", "confidence": 0.05}, {"name": "greet"}],
        "text_tokens": [[0, 3]],
        "language": "es",
        "language_confidence": 0.98,
        "urgent_kind": None,
    }
    if redacted is not None:
        parse_data["redacted_text"] = redacted
    tracker.update(
        UserUttered(
            text,
            intent,
            parse_data["entities"],
            parse_data,
            input_channel="private",
            message_id="f" * 32,
            metadata={"language": "es", "phone": text},
        )
    )
    tracker.update(DefinePrevUserUtteredFeaturization(False))


def answer(tracker: DialogueStateTracker, entry_id: str = "what-is-a-hearing") -> None:
    """Add what follows a message that was answered."""
    custom = {"kind": "answer", "entry_id": entry_id, "text": "An answer. " * 60, "sources": [{}]}
    for event in (
        ActionExecuted("action_answer_question", policy="RulePolicy", confidence=1.0),
        BotUttered(None, {"custom": custom}),
        SlotSet("last_entry_id", entry_id),
        SlotSet("offered", [entry_id, "how-to-appeal"]),
        ActionExecuted("action_listen", policy="RulePolicy", confidence=1.0),
    ):
        tracker.update(event)


def converse(sender: str, domain: Domain, turns: int) -> DialogueStateTracker:
    """Return a conversation of questions and answers."""
    tracker = start(sender, domain)
    for number in range(turns):
        say(tracker, f"What happens at hearing {number}?", f"What happens at hearing {number}?")
        answer(tracker, f"entry-{number}")
    return tracker


def state(tracker: DialogueStateTracker) -> dict[str, object]:
    """Return what must be the same after storing and reading."""
    return {
        "slots": tracker.current_slot_values(),
        "loop": tracker.active_loop_name,
        "rejected": tracker.is_active_loop_rejected,
        "latest_action": tracker.latest_action_name,
        "followup": tracker.followup_action,
        "paused": tracker.is_paused(),
    }
