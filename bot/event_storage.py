"""What of a conversation is stored: the current session, cut, redacted and partly sealed.

Each event becomes one line of JSON. Whatever is not known to be harmless is left out, so that a
new kind of event, key or slot must be allowed here before it reaches the disk.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    AllSlotsReset,
    ConversationPaused,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import InvalidConfigException

PRIVATE_PREFIX = "form_"
ALLOWED_KEYS = ("entry_id", "language", "topic")
ALLOWED_METADATA = ("language",)

# An A-number has seven to nine digits, a phone number more: a name of ours never that many.
_MAX_DIGITS = 6
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}|[a-z]{2,3}-[A-Z][a-z]{3}")
_COMMAND = re.compile(r"/([a-z][a-z0-9_]{0,63})(\{.*\})?")

# Events with nothing of a person's in them, and the fields of theirs that are kept.
_FIELDS: dict[str, Collection[str]] = {
    "action": ("name", "policy", "confidence", "hide_rule_turn"),
    "action_execution_rejected": ("name", "policy", "confidence"),
    "active_loop": ("name",),
    "followup": ("name",),
    "loop_interrupted": ("is_loop_interrupted",),
    "pause": (),
    "reset_slots": (),
    "restart": (),
    "resume": (),
    "rewind": (),
    "session_started": (),
    "undo": (),
    "user_featurization": ("use_text_for_featurization",),
}
_PARSE_DATA = ("language", "language_confidence", "reading_failed", "urgent_kind")
_RANKED_INTENTS = 2
# Where the line of an event that came from the store is kept, so that it isn't made again.
_LINE = "_stored_line"
_BETWEEN_LINES = ",\n"


class Sealer:
    """Encrypts values at rest.

    Args:
        key: a Fernet key, by default the variable FORM_KEY. Without one a key is made that lives
            as long as the process: what was sealed cannot be read after a restart.
    """

    def __init__(self, key: str | None = None) -> None:
        """Check and keep the key."""
        key = key or os.environ.get("FORM_KEY") or Fernet.generate_key().decode()
        try:
            self._fernet = Fernet(key)
        except ValueError as error:
            raise InvalidConfigException(
                "FORM_KEY must be a Fernet key. Make one with: python -c "
                "'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
            ) from error

    def seal(self, value: Any) -> str:
        """Encrypt a value that JSON can hold."""
        return str(self._fernet.encrypt(json.dumps(value).encode()).decode())

    def unseal(self, token: str) -> Any:
        """Return the value, or None where another key sealed it."""
        try:
            return json.loads(self._fernet.decrypt(token.encode()))
        except InvalidToken:
            return None


def to_text(tracker: DialogueStateTracker, max_turns: int, sealer: Sealer) -> str:
    """Return what may be stored of a tracker: a JSON array, one event a line."""
    events = cut(current_session(list(tracker.events)), max_turns, tracker.slots.values())
    outdated = _outdated_private_values(events)
    in_form = False
    lines = []
    for position, event in enumerate(events):
        if isinstance(event, ActiveLoop):
            in_form = event.name is not None
        elif isinstance(event, (SessionStarted, Restarted)):
            in_form = False
        line: str | None = event.__dict__.get(_LINE)
        if position in outdated:
            line = _dump({**_common(event), "name": event.__dict__["key"], "value": None})
        elif line is None:
            kept = redact(event, in_form=in_form, sealer=sealer)
            line = _dump(kept) if kept else None
        if line:
            lines.append(line)
    return f"[{_BETWEEN_LINES.join(lines)}]"


def to_events(text: str, sealer: Sealer) -> list[Event]:
    """Return the events of a stored text.

    Raises:
        ValueError: the text is none that `to_text` wrote.
    """
    stored = json.loads(text)
    lines = text[1:-1].split(_BETWEEN_LINES) if stored else []
    if len(lines) != len(stored):
        raise ValueError("not one event a line")
    events = []
    for parameters, line in zip(stored, lines, strict=True):
        sealed = parameters.pop("sealed", None)
        if sealed is not None:
            parameters["value"] = sealer.unseal(sealed)
        if parameters["event"] == UserUttered.type_name:
            words = parameters["text"]
            parameters["parse_data"].update(text=words, redacted_text=words)
        event = _event_class(parameters["event"])._from_parameters(parameters)
        if event is None:
            raise ValueError("not an event")
        if sealed is None or parameters["value"] is not None:
            event.__dict__[_LINE] = line
        events.append(event)
    return events


def current_session(events: list[Event]) -> list[Event]:
    """Return the events from the latest start of a session, or restart, on."""
    for position in range(len(events) - 1, 0, -1):
        if isinstance(events[position], (SessionStarted, Restarted)):
            # The action that started it comes right before.
            return events[position - 1 :] if _is_action(events[position - 1]) else events[position:]
    return events


def cut(events: list[Event], max_turns: int, slots: Collection[Slot]) -> list[Event]:
    """Return events with at most `max_turns` messages that leave a tracker in the same state."""
    turns = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= max_turns:
        return events
    start = turns[-max_turns]
    if _is_action(events[start - 1], ACTION_LISTEN_NAME):
        start -= 1
    # Only what is dropped is replayed: the last cut's summary and, as a rule, one turn.
    state = DialogueStateTracker("cut", slots)
    for event in events[:start]:
        state.update(event)
    summary: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    summary += [
        SlotSet(slot.name, slot.value)
        for slot in state.slots.values()
        if slot.value != slot.initial_value
    ]
    if state.active_loop_name:
        summary += [ActionExecuted(state.active_loop_name), ActiveLoop(state.active_loop_name)]
        if state.is_active_loop_rejected:
            summary.append(ActionExecutionRejected(state.active_loop_name))
    if state.is_paused():
        summary.append(ConversationPaused())
    for event in summary:
        event.timestamp = events[start - 1].timestamp
    return summary + events[start:]


def redact(event: Event, *, in_form: bool, sealer: Sealer) -> dict[str, Any] | None:
    """Return what may be stored of an event, or None where nothing may.

    Args:
        event: an event as Rasa made it.
        in_form: whether a form was open. A name typed into one looks like any other word, so
            such messages are not kept even redacted.
        sealer: what encrypts the values of private slots.
    """
    kept = _common(event)
    fields = event.as_dict()
    if event.type_name in _FIELDS:
        if isinstance(event, ActionExecuted) and event.action_name is None:
            return None
        return {**kept, **{name: fields.get(name) for name in _FIELDS[event.type_name]}}
    if isinstance(event, SlotSet):
        return {**kept, "name": event.key, **_slot_value(event, sealer)}
    if isinstance(event, UserUttered):
        return {**kept, **_user_fields(event, in_form)}
    if event.type_name == "bot":
        custom = (fields.get("data") or {}).get("custom") or {}
        named = {name: custom.get(name) for name in ("kind", "entry_id")}
        return {**kept, "data": {"custom": _plain_items(named, ("kind", "entry_id"))}}
    if event.type_name == "entities":
        return {**kept, "entities": _entities(fields.get("entities"))}
    return None


def is_plain(value: Any) -> bool:
    """Tell whether a value is a name or a small number of ours, and no person's words."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, (int, float)):
        return bool(abs(value) < 10**_MAX_DIGITS)
    if isinstance(value, str):
        digits = sum(character.isdigit() for character in value)
        return bool(_SLUG.fullmatch(value)) and digits <= _MAX_DIGITS
    return isinstance(value, (list, tuple)) and all(is_plain(item) for item in value)


def metadata_to_keep(metadata: Any) -> dict[str, Any]:
    """Return the metadata of a message that may be kept."""
    return _plain_items(metadata, ALLOWED_METADATA) if isinstance(metadata, dict) else {}


def _common(event: Event) -> dict[str, Any]:
    return {"event": event.type_name, "timestamp": event.timestamp}


def _slot_value(event: SlotSet, sealer: Sealer) -> dict[str, Any]:
    if _is_private(event):
        return {"sealed": sealer.seal(event.value)}
    return {"value": event.value}


def _is_private(event: SlotSet) -> bool:
    if event.value is None:
        return False
    return bool(event.key.startswith(PRIVATE_PREFIX)) or not is_plain(event.value)


def _outdated_private_values(events: list[Event]) -> set[int]:
    """Find the private values that a later event replaced or took back: they are not kept."""
    replaced: set[str] = set()
    all_reset = False
    outdated = set()
    for position in range(len(events) - 1, -1, -1):
        event = events[position]
        if isinstance(event, (AllSlotsReset, Restarted, SessionStarted)):
            all_reset = True
        elif isinstance(event, SlotSet):
            if _is_private(event) and (all_reset or event.key in replaced):
                outdated.add(position)
            replaced.add(event.key)
    return outdated


def _user_fields(event: UserUttered, in_form: bool) -> dict[str, Any]:
    parse_data: dict[str, Any] = dict(event.parse_data)
    text = event.text or ""
    if not _is_plain_command(text, event.intent_name):
        redacted = parse_data.get("redacted_text")
        text = redacted if isinstance(redacted, str) and not in_form else ""
        # A command with more in it than ours have; its redacted form is no better.
        text = "" if text.lstrip().startswith("/") else text
    ranking = parse_data.get("intent_ranking") or []
    return {
        "text": text,
        "input_channel": event.input_channel if is_plain(event.input_channel) else None,
        "metadata": metadata_to_keep(event.metadata),
        "parse_data": {
            "intent": _intent(event.intent),
            "entities": _entities(event.entities),
            "intent_ranking": [_intent(intent) for intent in ranking[:_RANKED_INTENTS]],
            **_plain_items(parse_data, _PARSE_DATA),
        },
    }


def _is_plain_command(text: str, intent_name: str | None) -> bool:
    match = _COMMAND.fullmatch(text)
    if match is None or match[1] != intent_name:
        return False
    try:
        items = json.loads(match[2] or "{}")
    except ValueError:
        return False
    return all(
        key in ALLOWED_KEYS and isinstance(value, str) and is_plain(value)
        for key, value in items.items()
    )


def _intent(intent: Any) -> dict[str, Any]:
    return _plain_items(intent or {}, ("name", "confidence"))


def _entities(entities: Any) -> list[dict[str, Any]]:
    return [
        {"entity": entity["entity"], "value": entity.get("value")}
        for entity in entities or []
        if entity.get("entity") in ALLOWED_KEYS and is_plain(entity.get("value"))
    ]


def _plain_items(items: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: items[name] for name in names if name in items and is_plain(items[name])}


def _is_action(event: Event, name: str = ACTION_SESSION_START_NAME) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == name


def _dump(kept: dict[str, Any]) -> str:
    # ASCII only: a lone surrogate could not be written, and PostgreSQL takes no NUL.
    return json.dumps(kept, separators=(",", ":"))


@lru_cache(maxsize=64)
def _event_class(name: str) -> Any:
    # Rasa looks through all subclasses at every event: 90 % of the time of loading a tracker.
    return Event.resolve_by_type(name)
