"""Which language a conversation is in, and how it changes."""

import pytest
from acting import Run, make_tracker

from actions.language import ActionChangeLanguage
from actions.language_names import LANGUAGE_NAMES, named_language
from actions.spoken_language import language_of
from actions.words import words_in


@pytest.mark.parametrize(
    ("slots", "message", "expected"),
    [
        # A conversation begins in the language of its first message.
        ({"language": None}, {"language": "es", "language_confidence": 0.99}, "es"),
        # A sure guess changes it, an unsure one does not.
        ({"language": "en"}, {"language": "es", "language_confidence": 0.95}, "es"),
        ({"language": "en"}, {"language": "es", "language_confidence": 0.6}, "en"),
        ({"language": "es"}, {"language": "en", "language_confidence": None}, "es"),
        # What the person chose wins over everything.
        (
            {"language": "es", "chosen_language": "es"},
            {"language": "en", "language_confidence": 1.0},
            "es",
        ),
        # Where nothing was read (a button, a failed encoder) the channel's language stands.
        (
            {"language": None},
            {"language": None, "language_confidence": None, "metadata": {"language": "es"}},
            "es",
        ),
        ({"language": None}, {"language": None, "metadata": {}}, "en"),
        ({"language": None}, {"language": None, "metadata": None}, "en"),
        ({"language": "es"}, {"language": None, "metadata": {"language": "en"}}, "es"),
    ],
)
def test_language_of(slots: dict[str, object], message: dict[str, object], expected: str) -> None:
    assert language_of(make_tracker("first_question", slots=slots, **message)) == expected


def test_an_unsure_first_guess_yields_to_the_channels_language() -> None:
    message = {"language": "es", "language_confidence": 0.55, "metadata": {"language": "en"}}
    tracker = make_tracker("first_question", slots={"language": None}, text="fees", **message)
    assert language_of(tracker) == "en"


def test_an_unsure_message_keeps_the_language_of_the_newest_sure_one() -> None:
    tracker = make_tracker("first_question", slots={"language": None}, language_confidence=0.1)
    tracker.events = [
        {"event": "user", "parse_data": {"language": "en", "language_confidence": 0.99}},
        {"event": "user", "parse_data": {"language": "es", "language_confidence": 0.97}},
        {"event": "user", "parse_data": {"language": "en", "language_confidence": 0.1}},
    ]
    assert language_of(tracker) == "es"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("español por favor", "es"),
        ("espanol", "es"),
        ("en español", "es"),
        ("in english", "en"),
        ("in English please", "en"),
        ("inglés", "en"),
        ("ingles porfa", "en"),
        ("my english is bad, spanish please", "es"),
        ("no hablo inglés, español", "es"),
        ("do you speak Creole?", "ht"),
        ("kreyòl", "ht"),
        ("can you talk in Polish", "pl"),
        ("中文", "zh-Hans"),
        ("العربية", "ar"),
        ("हिन्दी", "hi"),
        ("русский", "ru"),
        ("castellano", "es"),
        ("bangla", "bn"),
        ("change the language", None),
        ("hello", None),
        ("", None),
        ("the englishman", None),
    ],
)
def test_named_language(text: str, expected: str | None) -> None:
    assert named_language(text) == expected


def test_every_language_is_known_by_its_own_name() -> None:
    assert {code: named_language(name) for code, name in LANGUAGE_NAMES.items()} == {
        code: code for code in LANGUAGE_NAMES
    }


def test_a_named_language_is_kept_and_the_last_answer_said_in_it(run: Run) -> None:
    reply, slots = run(ActionChangeLanguage(), "answered", text="español por favor")
    assert (slots["language"], slots["chosen_language"]) == ("es", "es")
    assert (reply["kind"], reply["language"]) == ("answer", "es")
    assert reply["entry_id"] == "how-many-immigration-judges"
    assert reply["text"].startswith(f"{words_in('es')('language_changed')}\n\n")


def test_a_pressed_language(run: Run) -> None:
    entities = [{"entity": "language", "value": "en", "start": 0, "end": 1}]
    text = '/change_language{"language":"en"}'
    reply, slots = run(ActionChangeLanguage(), "first_question_es", text=text, entities=entities)
    assert slots["chosen_language"] == "en"
    assert (reply["kind"], reply["text"]) == ("notice", words_in("en")("language_changed"))


def test_a_request_that_names_none_asks_which(run: Run) -> None:
    reply, slots = run(ActionChangeLanguage(), "first_question", text="another language")
    assert (reply["kind"], reply["text"]) == ("prompt", words_in("en")("language_which"))
    assert [button["title"] for button in reply["buttons"]] == ["English", "Español"]
    assert reply["buttons"][1]["payload"] == '/change_language{"language":"es"}'
    assert "chosen_language" not in slots


@pytest.mark.parametrize("text", ["polski", "kreyòl"])
def test_a_language_without_words_is_not_taken(run: Run, text: str) -> None:
    reply, slots = run(ActionChangeLanguage(), "answered_es", text=text)
    assert (reply["kind"], reply["language"]) == ("prompt", "es")
    assert reply["text"] == words_in("es")("language_not_yet")
    assert slots == {}


@pytest.mark.parametrize("code", ["../../etc", "xx", ""])
def test_an_odd_language_is_not_taken(run: Run, code: str) -> None:
    entities = [{"entity": "language", "value": code, "start": 0, "end": 1}]
    _, slots = run(ActionChangeLanguage(), "answered", text="/change_language", entities=entities)
    assert slots == {}
