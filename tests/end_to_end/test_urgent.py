"""The urgent path: in every state, in both languages, said directly or not."""

from collections.abc import Callable

import pytest
from person import Person, Reply
from test_answers import ask_vaguely

pytestmark = pytest.mark.system

URGENT = [
    ("en", "ICE is at my door right now", "ice-at-the-door"),
    ("es", "la migra está tocando la puerta ahora mismo", "ice-at-the-door"),
    ("en", "they took my husband this morning and i dont know where he is", "someone-was-detained"),
    ("es", "se llevaron a mi hermano saliendo del trabajo y no contesta", "someone-was-detained"),
    ("en", "my hearing is tomorrow morning and i have no lawyer", "hearing-tomorrow-no-lawyer"),
    ("es", "mañana tengo corte y no tengo abogado", "hearing-tomorrow-no-lawyer"),
    ("en", "i missed my court date yesterday, i was sick", "what-if-i-miss-a-hearing"),
    ("es", "ayer era mi corte y no fui", "what-if-i-miss-a-hearing"),
    (
        "en",
        "my husband hits me and says he will call immigration",
        "domestic-violence-or-trafficking",
    ),
    ("es", "mi marido me pega y me quitó el pasaporte", "domestic-violence-or-trafficking"),
    ("en", "i dont want to live anymore", "feeling-hopeless"),
    ("es", "no quiero seguir viviendo", "feeling-hopeless"),
    # Not said in so many words.
    ("en", "men in vests are banging outside, my kids are crying, what do i do", "ice-at-the-door"),
    (
        "es",
        "mi esposo salió a trabajar en la obra, llegaron unos encapuchados y ya no volvió",
        "someone-was-detained",
    ),
]


def check(reply: Reply, language: str) -> None:
    """Check that a reply is the urgent block."""
    assert (reply["kind"], reply["language"]) == ("urgent", language)
    assert reply["hotlines"]
    for line in reply["hotlines"]:
        assert f"{line['name']}: {line['phone']} ({line['hours']})" in reply["text"]
    assert reply["text"].rstrip().endswith("(718) 458-1489")


@pytest.mark.parametrize(("language", "text", "entry_id"), URGENT)
def test_first_thing_said(person: Person, language: str, text: str, entry_id: str) -> None:
    reply = person.say(text)
    check(reply, language)
    assert reply["entry_id"] == entry_id


EN = "ICE is at my door right now"
ES = "la migra está tocando la puerta ahora mismo"


def greeted(person: Person) -> None:
    person.say("hello")


def offered_choices(person: Person) -> None:
    ask_vaguely(person)


def just_answered(person: Person) -> None:
    person.say("how big is the backlog")


def asked_for_a_language(person: Person) -> None:
    person.say("can you talk in another language")


def failed_twice(person: Person) -> None:
    person.say("do you sell pizza")
    person.say("what is the capital of france")


def asked_for_help(person: Person) -> None:
    person.say("help")


def just_stopped(person: Person) -> None:
    person.say("stop")


def just_deleted(person: Person) -> None:
    person.say("delete my data")


def already_urgent(person: Person) -> None:
    person.say("i dont want to live anymore")


STATES = [
    greeted,
    offered_choices,
    just_answered,
    asked_for_a_language,
    failed_twice,
    asked_for_help,
    just_stopped,
    just_deleted,
    already_urgent,
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
@pytest.mark.parametrize(("language", "text"), [("en", EN), ("es", ES)])
def test_in_every_state(
    person: Person, state: Callable[[Person], None], language: str, text: str
) -> None:
    state(person)
    check(person.say(text), language)
    assert person.last["entry_id"] == "ice-at-the-door"


def test_in_the_language_that_was_chosen(person: Person) -> None:
    person.say("español por favor")
    check(person.say(EN), "es")


def test_after_small_talk_in_one_long_message(person: Person) -> None:
    text = (
        "Good morning, I hope you are well and had a nice weekend. My name does not matter. "
        "I have been in this country for eleven years and I work in a bakery in Queens. "
        "My daughter gave me this address. ICE agents took my son from the street an hour ago. "
        "Thank you very much for your time and God bless you."
    )
    check(person.say(text), "en")
    assert person.last["entry_id"] == "someone-was-detained"


def test_the_urgent_entry_can_be_repeated_and_left(person: Person) -> None:
    check(person.say(EN), "en")
    assert person.offered
    assert person.press(person.offered[0])["kind"] == "answer"
    assert person.say("how many immigration judges are there")["kind"] == "answer"


@pytest.mark.parametrize(
    ("text", "entry_id"),
    [
        ("what should i do if ICE comes to my door some day?", "ice-at-the-door"),
        ("que hago si algun dia la migra toca mi puerta?", "ice-at-the-door"),
        ("what happens if somebody misses a hearing?", "what-if-i-miss-a-hearing"),
        ("¿Qué pasa si falto a mi audiencia?", "what-if-i-miss-a-hearing"),
    ],
)
def test_a_calm_question_about_an_urgent_entry_is_an_answer(
    person: Person, text: str, entry_id: str
) -> None:
    reply = person.say(text)
    assert (reply["kind"], reply["entry_id"]) == ("answer", entry_id)
    assert reply["hotlines"]
    assert reply["hotlines"][0]["phone"] in reply["text"].split("\n\n")[0]


@pytest.mark.parametrize(
    "text",
    ["my case closed", "the judge said something", "me cerraron algo", "😀😀😀", "👍", "hola"],
)
def test_what_says_nothing_of_an_emergency_is_not_urgent(person: Person, text: str) -> None:
    assert person.say(text)["kind"] != "urgent"


def test_lines_are_open_or_closed_by_new_york_time(person: Person) -> None:
    # The system's clock stands at Tuesday ten in the morning, New York time.
    reply = person.say("they took my husband this morning and i dont know where he is")
    lines = {line["phone"]: line for line in reply["hotlines"]}
    assert lines["1-800-566-7636"]["open_now"]
    assert lines["1-800-566-7636"]["hours"].startswith("open now, until 8:00")
    assert lines["800-354-0365"]["hours"].startswith("open now, until 6:00")
