"""A language that is named or pressed is kept to from then on."""

from dataclasses import replace

from rasa_sdk.events import SlotSet

from actions import replies
from actions.assistant_action import AssistantAction
from actions.context import knowledge_base
from actions.conversation import Conversation, Events
from actions.language_names import LANGUAGE_NAMES, named_language
from actions.wire import Button, Reply
from actions.words import has_words, words_in


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
