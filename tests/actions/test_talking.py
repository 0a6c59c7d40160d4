"""Greeting, help, again, simpler, the English, deletion."""

import json

import pytest
from acting import Run, make_tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import topics
from actions.again import ActionExplainSimply, ActionRepeat, ActionShowOriginal
from actions.greet import ActionGreet, ActionHelp
from actions.privacy import ActionDeleteMyData
from actions.words import words_in
from knowledge_base.service import KnowledgeBase

ENTRY = "how-many-immigration-judges"


@pytest.mark.parametrize(
    ("tracker", "language"), [("first_question", "en"), ("first_question_es", "es")]
)
def test_the_greeting_has_the_notice_in_it_and_the_topics(
    run: Run, tracker: str, language: str
) -> None:
    reply, slots = run(ActionGreet(), tracker)
    assert (reply["kind"], reply["language"]) == ("prompt", language)
    assert reply["text"] == words_in(language)("utter_greet")
    assert not reply["notice"]
    assert slots == {"notice_given": True}
    assert [json.loads(b["payload"][5:])["topic"] for b in reply["buttons"]] == list(topics.TOPICS)


@pytest.mark.parametrize("entities", [[], [{"entity": "topic", "value": "cooking"}]])
def test_help_shows_the_topics_and_a_person(run: Run, entities: list[object]) -> None:
    reply, slots = run(ActionHelp(), "answered", text="help", entities=entities)
    assert reply["kind"] == "prompt"
    assert len(reply["buttons"]) == len(topics.TOPICS) + 1
    assert reply["buttons"][-1]["payload"] == "/talk_to_human"
    assert slots == {}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("topic", topics.TOPICS)
def test_help_on_a_topic_shows_its_questions(
    run: Run, base: KnowledgeBase, topic: str, language: str
) -> None:
    entities = [{"entity": "topic", "value": topic}]
    reply, slots = run(ActionHelp(), "answered", slots={"language": language}, entities=entities)
    expected = {e.entry_id for e in base.snapshot.entries if e.topic == topic}
    assert {choice["entry_id"] for choice in reply["choices"]} == expected
    assert slots["offered"] == [choice["entry_id"] for choice in reply["choices"]]
    assert words_in(language)(f"topic_{topic}") in reply["text"]


def test_every_topic_of_the_entries_has_a_button(base: KnowledgeBase) -> None:
    assert {entry.topic for entry in base.snapshot.entries} <= set(topics.TOPICS)


def test_again(run: Run, base: KnowledgeBase) -> None:
    reply, slots = run(ActionRepeat(), "answered_es")
    assert reply["text"] == base.snapshot.find(ENTRY, "es").answer
    assert slots["last_entry_id"] == ENTRY


def test_more_simply(run: Run, base: KnowledgeBase) -> None:
    reply, _ = run(ActionExplainSimply(), "answered_es")
    simple = base.snapshot.find(ENTRY, "es").simple_answer
    assert simple
    assert reply["text"] == f"{words_in('es')('simple_intro')}\n\n{simple}"
    assert reply["as_of"]
    assert reply["sources"]


def test_more_simply_without_simpler_words(
    run: Run, base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = base.snapshot.find(ENTRY, "en")
    key = (ENTRY, "en")
    plain = entry.model_copy(update={"simple_answer": None})
    monkeypatch.setitem(base.snapshot.by_key, key, plain)
    reply, _ = run(ActionExplainSimply(), "answered")
    assert reply["text"] == f"{words_in('en')('no_simpler_words')}\n\n{entry.answer}"


def test_the_english_of_a_translation(run: Run, base: KnowledgeBase) -> None:
    reply, slots = run(ActionShowOriginal(), "answered_es")
    assert reply["language"] == "en"
    assert reply["translation"] == "original"
    assert reply["text"].startswith(words_in("es")("original_intro"))
    assert base.snapshot.find(ENTRY, "en").answer in reply["text"]
    # The conversation itself stays in its language, and so do the questions that it offers.
    assert "language" not in slots


def test_the_english_of_the_english(run: Run) -> None:
    reply, _ = run(ActionShowOriginal(), "answered")
    assert reply["text"].startswith(words_in("en")("already_english"))


@pytest.mark.parametrize("action", [ActionRepeat, ActionExplainSimply, ActionShowOriginal])
@pytest.mark.parametrize("last", [None, "withdrawn-entry"])
def test_nothing_to_say_again(run: Run, action: type, last: str | None) -> None:
    reply, slots = run(action(), "answered", slots={"last_entry_id": last})
    assert (reply["kind"], reply["text"]) == ("notice", words_in("en")("nothing_to_repeat"))
    assert slots == {}


@pytest.mark.parametrize("action", [ActionRepeat, ActionExplainSimply, ActionShowOriginal])
def test_said_again_past_its_review_it_still_says_so(
    run: Run, action: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_NOW", "2027-12-01T12:00:00-05:00")
    reply, _ = run(action(), "answered")
    assert reply["past_review"]
    assert "past its review date" in reply["text"]


def test_deletion_resets_the_slots_then_marks_the_conversation(base: KnowledgeBase) -> None:
    dispatcher = CollectingDispatcher()
    events = ActionDeleteMyData().run(dispatcher, make_tracker("answered_es"), {})
    kinds = [(event["event"], event.get("name"), event.get("value")) for event in events]
    assert kinds[:2] == [("reset_slots", None, None), ("slot", "delete_requested", True)]
    # The tracker store looks for the latest of these: nothing after it may take it back.
    assert all(name != "delete_requested" for _, name, _ in kinds[2:])
    assert dispatcher.messages[0]["custom"]["language"] == "es"
