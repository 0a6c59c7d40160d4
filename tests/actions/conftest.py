"""Real trackers, a real knowledge base, and every reply held to the wire."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

# The modules beside this one are found in whatever way pytest imports tests.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from small_base import small_base

from actions import context, words
from channels.wire import read_replies
from knowledge_base.service import KnowledgeBase

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "tests" / "data"
# A Tuesday morning in New York, before any entry's review date.
MORNING = "2026-11-24T10:00:00-05:00"

Reply = dict[str, Any]
Slots = dict[str, Any]
Run = Callable[..., tuple[Reply, Slots]]


def make_tracker(name: str, *, slots: Slots | None = None, **message: Any) -> Tracker:
    """Return the tracker in tests/data/trackers/<name>.json, with changes of the test's own."""
    state = json.loads((DATA / "trackers" / f"{name}.json").read_text(encoding="utf-8"))
    state["slots"].update(slots or {})
    state["latest_message"].update(message)
    return Tracker.from_dict(state)


@pytest.fixture(scope="session")
def compiled_locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues, compiled here so that no test depends on what `make` did before."""
    folder = tmp_path_factory.mktemp("locales")
    for source in (ROOT / "locales").glob("*/LC_MESSAGES/assistant.po"):
        target = folder / source.relative_to(ROOT / "locales").with_suffix(".mo")
        target.parent.mkdir(parents=True)
        with source.open("rb") as po, target.open("wb") as mo:
            write_mo(mo, read_po(po))
    return folder


@pytest.fixture(scope="session")
def _small_base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return small_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, compiled_locales: Path) -> Iterator[None]:
    """Words compiled here, a fixed clock, and nothing shared with another test."""
    monkeypatch.setenv("LOCALES_DIR", str(compiled_locales))
    monkeypatch.setenv("ASSISTANT_NOW", MORNING)
    words.words_in.cache_clear()
    words._catalogue.cache_clear()
    yield
    context.knowledge_base.cache_clear()


@pytest.fixture
def base(
    _small_base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, surroundings: None
) -> KnowledgeBase:
    """The small knowledge base, as all actions see it."""
    monkeypatch.setattr(KnowledgeBase, "load", classmethod(lambda cls, settings=None: _small_base))
    context.knowledge_base.cache_clear()
    return context.knowledge_base()


@pytest.fixture
def run(base: KnowledgeBase) -> Run:
    """Run an action on a tracker; return its one reply and the slots that it sets."""
    return run_action


def run_action(
    action: Action, tracker: str | Tracker, *, slots: Slots | None = None, **message: Any
) -> tuple[Reply, Slots]:
    """Run an action as rasa-sdk does and check its reply against the wire."""
    if isinstance(tracker, str):
        tracker = make_tracker(tracker, slots=slots, **message)
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker, {})
    assert len(dispatcher.messages) == 1
    reply: Reply = dispatcher.messages[0]["custom"]
    check_wire(reply)
    json.dumps(events)
    return reply, {event["name"]: event["value"] for event in events if event["event"] == "slot"}


def check_wire(reply: Reply) -> None:
    """Check a reply against the examples in tests/data/wire and the model that reads it."""
    for file in (DATA / "wire").glob("*.json"):
        example = json.loads(file.read_text(encoding="utf-8"))
        assert set(reply) == set(example)
        for part in ("sources", "choices", "buttons", "hotlines"):
            for shown, expected in zip(reply[part], example[part], strict=False):
                assert set(shown) == set(expected)
    (read,) = read_replies([{"custom": json.loads(json.dumps(reply))}])
    assert read.text == reply["text"].strip()
    assert [choice.entry_id for choice in read.choices] == [c["entry_id"] for c in reply["choices"]]
    if reply["kind"] not in ("answer", "urgent"):
        assert reply["entry_id"] is None
    assert "{" not in reply["text"]
