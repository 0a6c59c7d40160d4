"""action_answer_question, and how each outcome is said."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from acting import Run, make_tracker
from babel.dates import format_date

from actions.answer_question import ActionAnswerQuestion, reply_to
from actions.context import knowledge_base
from actions.conversation import Conversation
from actions.replies import MAX_CHOICES
from actions.words import words_in
from knowledge_base.outcome import Abstention, Answer, Choices, GuardRail, Hit, Outcome
from knowledge_base.service import KnowledgeBase

PHONE = "(718) 458-1489"
HITS = (Hit("how-big-is-the-backlog", 0.7),)


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch, run: Run) -> Callable[..., object]:
    """Run the action with the decision that a test wants."""

    def with_outcome(outcome: Outcome, tracker: str, **changes: object) -> object:
        monkeypatch.setattr(knowledge_base(), "respond", lambda *_, **__: outcome)
        return run(ActionAnswerQuestion(), tracker, **changes)

    return with_outcome


def answer(rail: GuardRail | None = None) -> Answer:
    return Answer(HITS, 0.93, rail, entry_id="how-many-immigration-judges")


@pytest.mark.parametrize(
    ("tracker", "language", "translation"),
    [("first_question", "en", "original"), ("first_question_es", "es", "unreviewed")],
)
def test_an_answer_is_the_approved_one_dated_and_sourced(
    decided: Callable[..., object], tracker: str, language: str, translation: str
) -> None:
    reply, slots = decided(answer(), tracker)
    entry = knowledge_base().snapshot.find("how-many-immigration-judges", language)
    assert reply["text"] == entry.answer
    assert (reply["kind"], reply["language"]) == ("answer", language)
    assert (reply["entry_id"], reply["revision"]) == (entry.entry_id, entry.revision)
    assert reply["as_of"] == entry.as_of.isoformat()
    assert not reply["past_review"]
    assert reply["translation"] == translation
    assert reply["score"] == 0.93
    assert [source["url"] for source in reply["sources"]] == [str(s.url) for s in entry.sources]
    assert [choice["entry_id"] for choice in reply["choices"]] == ["how-big-is-the-backlog"]
    payloads = [button["payload"] for button in reply["buttons"]]
    assert payloads == (["/show_original"] if language == "es" else [])
    assert slots["last_entry_id"] == "how-many-immigration-judges"
    assert slots["offered"] == ["how-big-is-the-backlog"]
    assert slots["failures"] == 0


def test_only_the_first_reply_has_the_notice(decided: Callable[..., object]) -> None:
    reply, slots = decided(answer(), "first_question_es")
    assert reply["notice"] == words_in("es")("conversation_notice")
    assert slots["notice_given"] is True
    reply, slots = decided(answer(), "answered")
    assert reply["notice"] is None
    assert "notice_given" not in slots


@pytest.mark.parametrize("language", ["en", "es"])
def test_past_its_review_an_answer_says_so_first(
    decided: Callable[..., object], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    entry = knowledge_base().snapshot.find("how-many-immigration-judges", language)
    monkeypatch.setenv("ASSISTANT_NOW", f"{entry.review_by + timedelta(days=1)}T12:00:00-05:00")
    reply, _ = decided(answer(), "answered", slots={"language": language})
    assert reply["past_review"]
    notice, text = reply["text"].split("\n\n", 1)
    assert notice == words_in(language)(
        "past_review_notice", date=format_date(entry.review_by, "long", locale=language)
    )
    assert text == entry.answer


def test_the_day_of_review_is_not_past_it(
    decided: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = knowledge_base().snapshot.find("how-many-immigration-judges", "en")
    # In UTC it is the next day already; the firm's day is New York's.
    monkeypatch.setenv("ASSISTANT_NOW", f"{entry.review_by}T23:30:00-05:00")
    assert not decided(answer(), "answered")[0]["past_review"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_general_knowledge_is_called_that_and_has_no_source(
    decided: Callable[..., object], language: str
) -> None:
    outcome = Answer(HITS, 0.9, entry_id="privacy-what-not-to-share")
    reply, _ = decided(outcome, "answered", slots={"language": language})
    assert reply["sources"] == []
    notice = words_in(language)("general_information_notice")
    assert reply["text"].startswith(f"{notice}\n\n")


def test_in_a_language_without_the_entry_the_english_says_so(
    decided: Callable[..., object],
) -> None:
    reply, _ = decided(answer(), "answered", slots={"language": "ko"})
    assert reply["language"] == "en"
    assert reply["text"].startswith(words_in("en")("not_in_language_notice"))


def test_choices(decided: Callable[..., object]) -> None:
    ids = ("how-big-is-the-backlog", "withdrawn-entry", "what-is-an-a-number")
    reply, slots = decided(Choices(HITS, 0.4, entry_ids=ids), "first_question_es")
    assert reply["kind"] == "choices"
    assert [choice["entry_id"] for choice in reply["choices"]] == [ids[0], ids[2]]
    assert all("¿" in choice["title"] for choice in reply["choices"])
    assert [button["payload"] for button in reply["buttons"]] == ["/deny", "/talk_to_human"]
    # What is remembered is what was shown, in that order.
    assert slots["offered"] == [ids[0], ids[2]]
    assert slots["failures"] == 1
    assert len(reply["choices"]) <= MAX_CHOICES


def test_a_first_abstention(decided: Callable[..., object]) -> None:
    reply, slots = decided(Abstention(HITS, 0.1), "first_question")
    assert reply["kind"] == "abstain"
    assert reply["text"] == words_in("en")("abstain_text")
    assert PHONE in reply["text"]
    assert (slots["offered"], slots["failures"]) == ([], 1)


@pytest.mark.parametrize(
    "outcome", [Abstention(HITS, 0.1), Choices(HITS, 0.4, entry_ids=("how-big-is-the-backlog",))]
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_second_failure_offers_a_person_in_words(
    decided: Callable[..., object], outcome: Outcome, language: str
) -> None:
    reply, slots = decided(outcome, "failed_once", slots={"language": language})
    assert words_in(language)("abstain_again") in reply["text"]
    assert PHONE in reply["text"]
    assert "/talk_to_human" in [button["payload"] for button in reply["buttons"]]
    assert slots["failures"] == 2


def test_an_answer_ends_the_row_of_failures(decided: Callable[..., object]) -> None:
    assert decided(answer(), "failed_once")[1]["failures"] == 0


def test_nothing_to_look_up_is_no_failure(decided: Callable[..., object]) -> None:
    reply, slots = decided(Abstention((), 0.0, reason="empty"), "failed_once")
    assert reply["text"] == words_in("en")("abstain_empty")
    assert "failures" not in slots


@pytest.mark.parametrize("rail", ["advice", "prediction"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_refusals_come_before_general_information(
    decided: Callable[..., object], rail: GuardRail, language: str
) -> None:
    words = words_in(language)
    reply, _ = decided(answer(rail), "answered", slots={"language": language})
    assert reply["kind"] == "answer"
    assert reply["text"].startswith(words(f"refuse_{rail}"))
    choices = Choices(HITS, 0.4, rail, entry_ids=("how-big-is-the-backlog",))
    reply, _ = decided(choices, "answered", slots={"language": language})
    assert reply["text"].startswith(words(f"refuse_{rail}"))
    reply, _ = decided(Abstention(HITS, 0.1, rail), "answered", slots={"language": language})
    assert reply["text"] == words(f"refuse_{rail}_alone")


@pytest.mark.parametrize(
    "outcome",
    [
        Abstention(HITS, 0.9, "dishonest", reason="guard_rail"),
        Answer(HITS, 0.99, "dishonest", entry_id="how-big-is-the-backlog"),
    ],
)
def test_lies_are_refused_whatever_was_found(
    decided: Callable[..., object], outcome: Outcome
) -> None:
    reply, slots = decided(outcome, "first_question_es")
    assert (reply["kind"], reply["entry_id"]) == ("abstain", None)
    assert reply["text"] == words_in("es")("refuse_dishonest")
    assert slots["offered"] == []


def test_an_entry_withdrawn_in_between_is_not_answered(decided: Callable[..., object]) -> None:
    reply, slots = decided(Answer(HITS, 0.9, entry_id="withdrawn-entry"), "first_question")
    assert reply["kind"] == "abstain"
    assert slots["failures"] == 1


def test_a_question_is_really_looked_up(run: Run, base: KnowledgeBase) -> None:
    entry = base.snapshot.find("how-many-immigration-judges", "en")
    reply, _ = run(ActionAnswerQuestion(), "first_question", text=entry.question)
    shown = [reply["entry_id"], *(choice["entry_id"] for choice in reply["choices"])]
    assert entry.entry_id in shown


@pytest.mark.parametrize("text", ["", "?!", "😀", "/restart"])
def test_a_text_without_letters_is_not_looked_up(run: Run, text: str) -> None:
    reply, _ = run(ActionAnswerQuestion(), "first_question", text=text)
    assert (reply["kind"], reply["text"]) == ("abstain", words_in("en")("abstain_empty"))


def test_the_context_is_the_entry_answered_last(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = Conversation(make_tracker("answered", text="and how big is it?"))
    assert conversation.last_entry_id == "how-many-immigration-judges"
    reply, _ = reply_to(answer(), base.snapshot, conversation)
    assert reply.entry_id == "how-many-immigration-judges"
    assert reply.notice is None
