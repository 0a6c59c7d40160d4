"""A choice among what was offered: pressed, or typed as “the second”, “2”, “la primera”."""

from actions import replies
from actions.assistant_action import AssistantAction
from actions.context import knowledge_base
from actions.conversation import Conversation, Events, answered, offering
from actions.ordinals import position
from actions.wire import Reply
from actions.words import words_in


class ActionChooseOption(AssistantAction):
    """Answers with the entry that was picked."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_choose_option"

    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return the picked answer, or a sentence on why there is none."""
        offered = conversation.offered
        entry_id = conversation.entity("entry_id")
        if entry_id is None:
            index = position(conversation.text, len(offered))
            if index is None:
                return _not_understood(conversation)
            entry_id = offered[index]
        return picked(entry_id, conversation)


class ActionAffirm(AssistantAction):
    """A bare yes: the one choice there is, or an invitation to ask."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_affirm"

    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return the single choice's answer; where there are several, ask which."""
        if conversation.failures and len(conversation.offered) == 1:
            return picked(conversation.offered[0], conversation)
        if conversation.failures and conversation.offered:
            return _not_understood(conversation)
        words = words_in(conversation.language)
        buttons = [replies.help_button(words)]
        text = words("utter_affirm_nothing")
        return Reply("prompt", conversation.language, text, buttons=buttons), []


class ActionDeny(AssistantAction):
    """A bare no, or “none of these”."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_deny"

    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return an invitation to ask in other words, and a person."""
        words = words_in(conversation.language)
        key = "denied_choices" if conversation.failures else "denied_answer"
        buttons = [replies.person_button(words), replies.help_button(words)]
        reply = replies.notice(conversation.language, words(key), buttons)
        return reply, offering([], conversation.failures)


class ActionStop(AssistantAction):
    """Stop: what was offered is put away."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_stop"

    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return a sentence that it has stopped."""
        text = words_in(conversation.language)("utter_stopped")
        return replies.notice(conversation.language, text), offering([], 0)


def picked(entry_id: str, conversation: Conversation) -> tuple[Reply, Events]:
    """Return the answer of a picked entry, or say that it is gone."""
    reply = replies.answer(knowledge_base().snapshot, entry_id, conversation.language)
    if reply is None:
        words = words_in(conversation.language)
        gone = replies.notice(
            conversation.language, words("choice_gone"), [replies.help_button(words)]
        )
        return gone, offering([], conversation.failures)
    return reply, answered(entry_id, [choice.entry_id for choice in reply.choices])


def _not_understood(conversation: Conversation) -> tuple[Reply, Events]:
    words = words_in(conversation.language)
    if not conversation.offered:
        text, buttons = words("choice_nothing_offered"), [replies.help_button(words)]
        return replies.notice(conversation.language, text, buttons), []
    reply = replies.choices(
        knowledge_base().snapshot,
        conversation.offered,
        conversation.language,
        text=words("choice_not_understood"),
    )
    return reply, []
