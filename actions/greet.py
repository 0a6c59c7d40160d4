"""The first words: what this is, what it is not, and what can be asked."""

from actions import replies, topics
from actions.assistant_action import AssistantAction
from actions.context import knowledge_base
from actions.conversation import Conversation, Events, offering
from actions.wire import Reply
from actions.words import words_in


class ActionGreet(AssistantAction):
    """Greets with the privacy and not-legal-advice notice, and the topics."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_greet"

    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return the greeting."""
        words = words_in(conversation.language)
        reply = Reply(
            kind="prompt",
            language=conversation.language,
            text=words("utter_greet"),
            buttons=topics.buttons(words),
            notice="",  # the greeting says it itself
        )
        return reply, []


class ActionHelp(AssistantAction):
    """Shows what can be asked: the topics, or the questions of one."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_help"

    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return the topics, or the questions of the one whose button was pressed."""
        language = conversation.language
        words = words_in(language)
        topic = conversation.entity("topic")
        if topic not in topics.TOPICS:
            text = words("help_text")
            buttons = [*topics.buttons(words), replies.person_button(words)]
            return Reply(kind="prompt", language=language, text=text, buttons=buttons), []
        snapshot = knowledge_base().snapshot
        entry_ids = topics.entry_ids(snapshot, topic)
        reply = Reply(
            kind="prompt",
            language=language,
            text=words("help_topic", topic=words(f"topic_{topic}")),
            choices=replies.titles(snapshot, entry_ids, language),
            buttons=[replies.help_button(words)],
        )
        return reply, offering(entry_ids, conversation.failures)
