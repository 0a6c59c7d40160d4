"""An emergency: what to do, who answers the phone now, the entry, the firm. In every state."""

from actions import hotline_block, replies
from actions.assistant_action import AssistantAction
from actions.context import knowledge_base
from actions.conversation import Conversation, Events, answered
from actions.wire import Reply
from actions.words import Words, words_in
from knowledge_base import clock
from knowledge_base.entry import FAQEntry
from knowledge_base.urgent_kinds import URGENT_KINDS, UrgentKind

# A message that the classifier alone took for urgent, with no kind: the widest help there is.
_DEFAULT_KIND = "detained"


class ActionUrgent(AssistantAction):
    """Answers an urgent message."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_urgent"

    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return the hotline block, the entry and the firm's phone."""
        kind = URGENT_KINDS[conversation.parsed("urgent_kind") or _DEFAULT_KIND]
        reply = urgent_reply(kind, conversation.language)
        offered = [choice.entry_id for choice in reply.choices]
        return reply, answered(kind.entry_id, offered)


def urgent_reply(kind: UrgentKind, language: str) -> Reply:
    """Return the reply for a kind of emergency; works without the entry, should it be withdrawn."""
    base = knowledge_base()
    words = words_in(language)
    entry = base.snapshot.find(kind.entry_id, language)
    lines = hotline_block.lines(kind.hotline_ids, words)
    first = _first_lines(kind, entry, words)
    rest = []
    if entry is not None and kind.shows_entry:
        rest = [*replies.notices(entry, words), entry.answer]
    rest.append(words("urgent_firm"))
    return Reply(
        kind="urgent",
        language=language,
        text="\n\n".join([first, hotline_block.as_text(lines, words), *rest]),
        short_text="\n\n".join([first, *rest]),
        entry_id=kind.entry_id,
        revision=entry.revision if entry else None,
        as_of=entry.as_of.isoformat() if entry else None,
        past_review=entry.past_review(clock.today()) if entry else False,
        translation=entry.translation if entry else None,
        sources=replies.sources(entry) if entry else [],
        choices=replies.titles(base.snapshot, kind.related, language)[: replies.MAX_CHOICES],
        buttons=[replies.person_button(words)],
        hotlines=lines,
    )


def _first_lines(kind: UrgentKind, entry: FAQEntry | None, words: Words) -> str:
    as_of = words.date(entry.as_of) if entry else ""
    return words(f"urgent_{kind.name}", as_of=as_of)
