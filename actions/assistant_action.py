"""The shape of all actions: a conversation in, one reply and events out."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import Conversation, Events
from actions.wire import Reply
from actions.words import words_in


class AssistantAction(Action, ABC):
    """Sends the reply of `reply`, with the not-legal-advice notice where it is the first."""

    @abstractmethod
    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return the one reply to the latest message, and what to remember."""

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Answer; called by rasa-sdk."""
        conversation = Conversation(tracker)
        reply, events = self.reply(conversation)
        notices = [reply.notice] if reply.notice else []
        words = words_in(reply.language)
        if not conversation.notice_given:
            if reply.notice is None:
                notices.append(words("conversation_notice"))
            events = [*events, SlotSet("notice_given", True)]
        if tracker.get_slot("language") is None and not _sets_language(events):
            events = [*events, SlotSet("language", conversation.language)]
        if conversation.has_personal_number:
            notices.append(words("personal_number_warning"))
        reply = replace(reply, notice="\n\n".join(notices) or None)
        dispatcher.utter_message(json_message=reply.to_wire())
        return events


def _sets_language(events: Events) -> bool:
    return any(event.get("name") in ("language", "delete_requested") for event in events)
