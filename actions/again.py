"""The last answer once more: the same, in easier words, or in the original English."""

from collections.abc import Callable

from actions import replies
from actions.assistant_action import AssistantAction
from actions.context import knowledge_base
from actions.conversation import Conversation, Events, answered
from actions.wire import Reply
from actions.words import words_in
from knowledge_base.snapshot import Snapshot

Rendering = Callable[[Snapshot, str, str], Reply | None]


class ActionRepeat(AssistantAction):
    """Says the last answer again."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_repeat"

    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return the same answer."""
        return once_more(conversation, replies.answer)


class ActionExplainSimply(AssistantAction):
    """Says the last answer in easier words that the firm approved."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_explain_simply"

    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return the simple answer."""
        return once_more(conversation, replies.simple_answer)


class ActionShowOriginal(AssistantAction):
    """Shows the English that a translation comes from."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_show_original"

    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return the English answer; the conversation keeps its language."""
        return once_more(conversation, replies.original)


def once_more(conversation: Conversation, rendering: Rendering) -> tuple[Reply, Events]:
    """Return the last answer in a rendering, or say that there has been none."""
    reply = None
    if conversation.last_entry_id:
        reply = rendering(
            knowledge_base().snapshot, conversation.last_entry_id, conversation.language
        )
    if reply is None or reply.entry_id is None:
        words = words_in(conversation.language)
        text = words("nothing_to_repeat")
        return replies.notice(conversation.language, text, [replies.help_button(words)]), []
    return reply, answered(reply.entry_id, [choice.entry_id for choice in reply.choices])
