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
        if not conversation.notice_given:
            if reply.notice is None:
                notice = words_in(conversation.language)("conversation_notice")
                reply = replace(reply, notice=notice)
            events = [*events, SlotSet("notice_given", True)]
        dispatcher.utter_message(json_message=reply.to_wire())
        return events
