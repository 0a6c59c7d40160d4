"""Reads and writes what a conversation remembers, by name."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.spoken_language import language_of
from knowledge_base.redaction import MASK

Events = list[dict[str, Any]]

FAILURES_UNTIL_PERSON = 2


class Conversation:
    """The remembered state of one conversation.

    Args:
        tracker: as Rasa sent it.
    """

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker

    @property
    def text(self) -> str:
        """What the person typed; a button's command is no text."""
        text = self._tracker.latest_message.get("text") or ""
        return "" if text.startswith("/") else text

    @cached_property
    def language(self) -> str:
        """The language to answer in."""
        return language_of(self._tracker)

    @property
    def last_entry_id(self) -> str | None:
        """The entry answered last."""
        entry_id: str | None = self._tracker.get_slot("last_entry_id")
        return entry_id

    @property
    def offered(self) -> list[str]:
        """Entry ids offered last, in the order shown."""
        return self._tracker.get_slot("offered") or []

    @property
    def failures(self) -> int:
        """Turns in a row without an answer."""
        return int(self._tracker.get_slot("failures") or 0)

    @property
    def notice_given(self) -> bool:
        """Whether this conversation was told that it is no legal advice."""
        return bool(self._tracker.get_slot("notice_given"))

    @property
    def has_personal_number(self) -> bool:
        """Whether something was taken out of the latest message before it is kept."""
        redacted = self.parsed("redacted_text") or ""
        return MASK in redacted and MASK not in self.text

    def parsed(self, name: str) -> Any:
        """Return what the message reader found in the latest message, or None."""
        return self._tracker.latest_message.get(name)

    def entity(self, name: str) -> str | None:
        """Return what a pressed button carries, or None."""
        for entity in self._tracker.latest_message.get("entities") or []:
            if entity.get("entity") == name and isinstance(entity.get("value"), str):
                return str(entity["value"])
        return None


def answered(entry_id: str, offered: Sequence[str]) -> Events:
    """Return the events of an answer."""
    return [
        SlotSet("last_entry_id", entry_id),
        SlotSet("offered", list(offered)),
        SlotSet("failures", 0.0),
    ]


def offering(offered: Sequence[str], failures: int) -> Events:
    """Return the events of a turn that offered `offered` (perhaps nothing)."""
    return [SlotSet("offered", list(offered)), SlotSet("failures", float(failures))]
