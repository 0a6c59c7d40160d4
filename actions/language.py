"""Which language a conversation is in: detected a message, chosen once, then kept."""

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import replies
from actions.assistant_action import AssistantAction
from actions.context import knowledge_base
from actions.conversation import Conversation, Events
from actions.language_names import LANGUAGE_NAMES, named_language
from actions.wire import Button, Reply
from actions.words import DEFAULT_LANGUAGE, has_words, words_in
from knowledge_base.language import MIN_CONFIDENCE


class ActionValidateSlotMappings(Action):
    """Sets the slot `language` before anything is said."""

    def name(self) -> str:
        """Return the name that Rasa calls at every message."""
        return "action_validate_slot_mappings"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Return the language slot where it changes."""
        current = tracker.get_slot("language")
        language = language_after(tracker)
        return [] if language == current else [SlotSet("language", language)]


def language_after(tracker: Tracker) -> str:
    """Return the language to answer the latest message in."""
    chosen = tracker.get_slot("chosen_language")
    if chosen:
        return str(chosen)
    current = tracker.get_slot("language")
    detected = tracker.latest_message.get("language")
    confidence = tracker.latest_message.get("language_confidence") or 0.0
    # An unsure guess may begin a conversation, but never changes one.
    if detected and (confidence >= MIN_CONFIDENCE or not current):
        return str(detected)
    metadata = tracker.latest_message.get("metadata") or {}
    return str(current or metadata.get("language") or DEFAULT_LANGUAGE)


class ActionChangeLanguage(AssistantAction):
    """Takes the language that was named or pressed, and keeps to it."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_change_language"

    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return a confirmation, with the last answer again in the new language."""
        wanted = conversation.entity("language") or named_language(conversation.text)
        if wanted is None:
            return _ask(conversation.language, "language_which"), []
        if not has_words(wanted):
            return _ask(conversation.language, "language_not_yet"), []
        events: Events = [SlotSet("language", wanted), SlotSet("chosen_language", wanted)]
        confirmation = words_in(wanted)("language_changed")
        reply = None
        if conversation.last_entry_id:
            snapshot = knowledge_base().snapshot
            reply = replies.answer(snapshot, conversation.last_entry_id, wanted, intro=confirmation)
        if reply is None:
            return replies.notice(wanted, confirmation), events
        return replace(reply, notice=""), events


def _ask(language: str, key: str) -> Reply:
    buttons = [
        Button(name, f'/change_language{{"language":"{code}"}}')
        for code, name in LANGUAGE_NAMES.items()
        if has_words(code)
    ]
    return Reply("prompt", language, words_in(language)(key), buttons=buttons)
