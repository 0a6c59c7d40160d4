"""Runs actions on real trackers, and holds every reply to the wire."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from channels.wire import read_replies

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
    if (slots or {}).get("language"):
        # A conversation in that language: its messages were written in it.
        for parsed in (state["latest_message"], *map(_parsed, state.get("events") or [])):
            parsed["language"] = slots["language"]
    state["latest_message"].update(message)
    return Tracker.from_dict(state)


def _parsed(event: dict[str, Any]) -> dict[str, Any]:
    return event.get("parse_data") or {}


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
