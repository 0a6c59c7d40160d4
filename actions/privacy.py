"""Deletes what is kept of a conversation, when asked to."""

from rasa_sdk.events import AllSlotsReset, SlotSet

from actions import replies
from actions.assistant_action import AssistantAction
from actions.conversation import Conversation, Events
from actions.wire import Reply
from actions.words import words_in


class ActionDeleteMyData(AssistantAction):
    """Marks the conversation; the tracker store deletes its row when it saves.

    Deleting here would be undone: Rasa saves the tracker after every action.
    """

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_delete_my_data"

    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return the confirmation and the mark."""
        text = words_in(conversation.language)("deleted")
        return replies.notice(conversation.language, text), [
            AllSlotsReset(),
            SlotSet("delete_requested", True),
        ]
