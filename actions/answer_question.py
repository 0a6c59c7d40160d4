"""A question: answered, narrowed down by choices, refused, or honestly not answered."""

from actions import replies
from actions.assistant_action import AssistantAction
from actions.context import knowledge_base
from actions.conversation import FAILURES_UNTIL_PERSON, Conversation, Events, answered, offering
from actions.wire import Reply
from actions.words import words_in
from knowledge_base.outcome import Abstention, Answer, Choices, Outcome, Urgent
from knowledge_base.snapshot import Snapshot


class ActionAnswerQuestion(AssistantAction):
    """Looks the message up and says what was decided."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_answer_question"

    def reply(self, conversation: Conversation) -> tuple[Reply, Events]:
        """Return the answer, the choices, or the abstention."""
        base = knowledge_base()
        outcome = base.respond(
            conversation.text, conversation.language, context_entry_id=conversation.last_entry_id
        )
        return reply_to(outcome, base.snapshot, conversation)


def reply_to(
    outcome: Outcome, snapshot: Snapshot, conversation: Conversation
) -> tuple[Reply, Events]:
    """Return the reply to a decision and what to remember of it."""
    language = conversation.language
    words = words_in(language)
    if outcome.guard_rail == "dishonest":
        return replies.abstain(language, text=words("refuse_dishonest")), offering([], 0)
    match outcome:
        case Answer(entry_id=entry_id):
            intro = words(f"refuse_{outcome.guard_rail}") if outcome.guard_rail else ""
            reply = replies.answer(snapshot, entry_id, language, score=outcome.score, intro=intro)
            if reply is not None:
                return reply, answered(entry_id, [choice.entry_id for choice in reply.choices])
        case Choices(entry_ids=entry_ids):
            failures = conversation.failures + 1
            # Two turns in a row without an answer: the words offer a person, not only the button.
            text = words("choices_text" if failures == 1 else "choices_after_doubt")
            if failures >= FAILURES_UNTIL_PERSON:
                text = f"{text}\n\n{words('abstain_again')}"
            if outcome.guard_rail:
                text = f"{words(f'refuse_{outcome.guard_rail}')}\n\n{text}"
            reply = replies.choices(snapshot, entry_ids, language, text=text, score=outcome.score)
            return reply, offering([choice.entry_id for choice in reply.choices], failures)
        case Abstention(reason="empty"):
            return replies.abstain(language, text=words("abstain_empty")), []
        case Urgent() | Abstention():
            pass  # urgent ones have an action of their own; a lone fall-through is not answered
    return _no_answer(outcome, conversation)


def _no_answer(outcome: Outcome, conversation: Conversation) -> tuple[Reply, Events]:
    words = words_in(conversation.language)
    failures = conversation.failures + 1
    if outcome.guard_rail:
        text = words(f"refuse_{outcome.guard_rail}_alone")
    else:
        text = words("abstain_again" if failures >= FAILURES_UNTIL_PERSON else "abstain_text")
    reply = replies.abstain(conversation.language, text=text, score=outcome.score)
    return reply, offering([], failures)
