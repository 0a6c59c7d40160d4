"""Choices, pressed and typed; yes, no and stop."""

import pytest
from acting import Run

from actions.choose import ActionAffirm, ActionChooseOption, ActionDeny, ActionStop
from actions.ordinals import position
from actions.words import words_in

OFFERED = ["how-big-is-the-backlog", "what-is-an-a-number", "how-to-check-my-case"]


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("1", 3, 0),
        ("2", 3, 1),
        ("the second", 3, 1),
        ("the second one please", 3, 1),
        ("The SECOND!", 3, 1),
        ("second", 2, 1),
        ("number 3", 3, 2),
        ("option three", 3, 2),
        ("#2", 3, 1),
        ("3rd", 3, 2),
        ("i want the first one", 3, 0),
        ("the last one", 3, 2),
        ("last", 2, 1),
        ("la primera", 3, 0),
        ("el primero", 3, 0),
        ("la segunda por favor", 3, 1),
        ("la dos", 3, 1),
        ("opción 3", 3, 2),
        ("la tercera opcion", 3, 2),
        ("la última", 3, 2),
        ("el ultimo", 2, 1),
        ("1ra", 3, 0),
        ("②", 3, 1),
        ("２", 3, 1),
        ("٢", 3, 1),
        ("२", 3, 1),
        ("2️⃣", 3, 1),
        ("1era", 3, 0),
        ("la de arriba", 3, 0),
        ("la de abajo", 3, 2),
        ("the bottom one", 3, 2),
        ("number 9", 3, None),
        ("the fourth", 3, None),
        ("0", 3, None),
        ("-1", 3, 0),
        ("123", 3, None),
        ("the first", 0, None),
        ("the last", 0, None),
        ("2", 1, None),
        ("none of them", 3, None),
        ("", 3, None),
        ("😀", 3, None),
    ],
)
def test_position(text: str, count: int, expected: int | None) -> None:
    assert position(text, count) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("the second", "en", "what-is-an-a-number"),
        ("②", "en", "what-is-an-a-number"),
        ("la última", "es", "how-to-check-my-case"),
        ("the first one please", "en", "how-big-is-the-backlog"),
    ],
)
def test_a_typed_choice(run: Run, text: str, language: str, expected: str) -> None:
    reply, slots = run(
        ActionChooseOption(), "choices_offered", text=text, slots={"language": language}
    )
    assert (reply["kind"], reply["entry_id"], reply["language"]) == ("answer", expected, language)
    assert slots["last_entry_id"] == expected
    assert slots["failures"] == 0


def test_a_pressed_choice(run: Run) -> None:
    reply, slots = run(ActionChooseOption(), "choice_pressed")
    assert (reply["entry_id"], reply["language"]) == ("what-is-an-a-number", "es")
    assert slots["last_entry_id"] == "what-is-an-a-number"


def test_a_pressed_choice_that_is_gone(run: Run) -> None:
    entities = [{"entity": "entry_id", "value": "withdrawn-entry", "start": 0, "end": 1}]
    reply, slots = run(ActionChooseOption(), "choice_pressed", entities=entities)
    assert reply["text"] == words_in("es")("choice_gone")
    assert "last_entry_id" not in slots


@pytest.mark.parametrize("value", [None, 7, ["x"], {"a": 1}])
def test_an_odd_entity_is_no_choice(run: Run, value: object) -> None:
    entities = [{"entity": "entry_id", "value": value, "start": 0, "end": 1}]
    reply, _ = run(ActionChooseOption(), "choice_pressed", entities=entities)
    assert reply["kind"] == "notice"


def test_out_of_range_asks_again_and_keeps_the_list(run: Run) -> None:
    reply, slots = run(ActionChooseOption(), "choices_offered", text="number 9")
    assert reply["kind"] == "choices"
    assert reply["text"] == words_in("en")("choice_not_understood")
    assert [choice["entry_id"] for choice in reply["choices"]] == OFFERED
    assert "offered" not in slots


def test_with_nothing_offered_it_says_so(run: Run) -> None:
    reply, _ = run(ActionChooseOption(), "failed_once", text="the second")
    assert reply["text"] == words_in("en")("choice_nothing_offered")


def test_yes_takes_a_single_choice(run: Run) -> None:
    reply, _ = run(ActionAffirm(), "choices_offered", text="yes", slots={"offered": OFFERED[:1]})
    assert reply["entry_id"] == OFFERED[0]


def test_yes_to_several_asks_which(run: Run) -> None:
    reply, _ = run(ActionAffirm(), "choices_offered", text="yes")
    assert reply["kind"] == "choices"


@pytest.mark.parametrize("tracker", ["answered", "first_question"])
def test_yes_to_nothing_invites_a_question(run: Run, tracker: str) -> None:
    # After an answer, what was offered are related questions: a bare yes picks none of them.
    reply, _ = run(ActionAffirm(), tracker, text="yes")
    assert (reply["kind"], reply["text"]) == ("prompt", words_in("en")("utter_affirm_nothing"))


@pytest.mark.parametrize(
    ("tracker", "key", "failures"),
    [("choices_offered", "denied_choices", 1), ("answered", "denied_answer", 0)],
)
def test_no_puts_the_list_away_and_offers_a_person(
    run: Run, tracker: str, key: str, failures: int
) -> None:
    reply, slots = run(ActionDeny(), tracker, text="no")
    assert reply["text"] == words_in("en")(key)
    assert reply["buttons"][0]["payload"] == "/talk_to_human"
    assert (slots["offered"], slots["failures"]) == ([], failures)


def test_stop(run: Run) -> None:
    reply, slots = run(ActionStop(), "choices_offered", text="stop")
    assert reply["kind"] == "notice"
    assert (slots["offered"], slots["failures"]) == ([], 0)
