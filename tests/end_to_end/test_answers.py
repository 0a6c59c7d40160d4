"""Questions over the gateway: answers, choices, honest refusals, what comes after an answer."""

import re
from collections.abc import Callable

import pytest
import yaml
from person import Person
from running_system import ROOT

pytestmark = pytest.mark.system

Another = Callable[..., Person]
FIRM_PHONE = yaml.safe_load((ROOT / "content" / "firm.yaml").read_text())["phone"]

QUESTIONS = [
    ("en", "how big is the backlog", "how-big-is-the-backlog"),
    ("en", "what is an A-number and where do i find it", "what-is-an-a-number"),
    ("en", "how do i tell the court i moved to a new apartment", "how-to-change-my-address"),
    ("en", "is prosecutorial discretion still available now", "is-pd-available-now"),
    ("en", "how do i get a work permit while waiting for asylum", "asylum-work-permit"),
    ("es", "¿Qué pasa si falto a mi audiencia?", "what-if-i-miss-a-hearing"),
    ("es", "mi mamá cambió de dirección, cómo le aviso a la corte?", "how-to-change-my-address"),
    ("es", "q es el cierre administrativo", "what-is-administrative-closure"),
    ("es", "cuántos jueces de inmigración hay", "how-many-immigration-judges"),
    ("es", "como se cual notario es un estafador", "what-is-notario-fraud"),
]
VAGUE = {
    "en": ("asylum", "case", "immigration judge question", "letter from immigration", "my papers"),
    "es": ("carta de inmigracion", "caso", "asilo", "corte", "papeles de la corte"),
}


def ask_vaguely(person: Person, language: str = "en") -> None:
    """Say vague things until the assistant asks which question is meant."""
    for text in VAGUE[language]:
        if person.say(text)["kind"] == "choices" and len(person.offered) > 1:
            return
    pytest.fail(f"none of {VAGUE[language]} was answered with choices")


@pytest.mark.parametrize(("language", "text", "entry_id"), QUESTIONS)
def test_a_question_is_answered_dated_and_sourced(
    person: Person, language: str, text: str, entry_id: str
) -> None:
    reply = person.say(text)
    assert (reply["kind"], reply["entry_id"], reply["language"]) == ("answer", entry_id, language)
    entry = yaml.safe_load((ROOT / "content" / language / f"{entry_id}.yaml").read_text())
    assert entry["answer"].strip() in reply["text"]
    assert reply["as_of"] == str(entry["as_of"])
    assert [source["title"] for source in reply["sources"]] == [
        source["title"] for source in entry["sources"]
    ]
    assert reply["sources"]
    assert reply["revision"] == entry["revision"]
    assert person.offered == entry["related"][:3]


def test_a_translation_that_nobody_checked_says_so_and_offers_the_english(person: Person) -> None:
    reply = person.say("¿Qué pasa si falto a mi audiencia?")
    assert reply["translation"] == "unreviewed"
    original = person.press("Ver el original en inglés")
    english = yaml.safe_load((ROOT / "content/en/what-if-i-miss-a-hearing.yaml").read_text())
    assert english["answer"].strip() in original["text"]
    assert person.say("gracias")["language"] == "es"


def test_the_first_reply_alone_carries_the_notice(person: Person) -> None:
    assert "not legal advice" in person.say("how big is the backlog")["notice"]
    assert not person.say("how many immigration judges are there")["notice"]


def test_a_greeting_says_what_this_is_and_is_not(person: Person) -> None:
    reply = person.say("hola buenas")
    assert reply["kind"] == "prompt"
    assert "no asesoría legal" in reply["text"].replace("consejo", "asesoría")
    assert len(reply["buttons"]) == 6
    assert not reply["notice"]


def test_help_shows_topics_and_their_questions(person: Person) -> None:
    person.say("help")
    assert person.buttons[:2] == ["My court case", "Safety and help"]
    reply = person.press("Safety and help")
    assert "ice-at-the-door" in person.offered
    assert "{" not in reply["text"]
    assert person.press("ice-at-the-door")["entry_id"] == "ice-at-the-door"


@pytest.mark.parametrize("text", ["do you sell pizza", "quién ganó el partido de fútbol anoche"])
def test_what_has_no_answer_is_told_honestly(person: Person, text: str) -> None:
    reply = person.say(text)
    assert (reply["kind"], reply["entry_id"], reply["sources"]) == ("abstain", None, [])
    assert FIRM_PHONE in reply["text"]


def test_two_failures_in_a_row_offer_a_person_in_words(person: Person) -> None:
    first = person.say("do you sell pizza")
    second = person.say("what is the capital of france")
    assert second["kind"] == "abstain"
    assert second["text"] != first["text"]
    assert "A person can help" in second["text"]
    assert "Speak with a person" in person.buttons
    assert FIRM_PHONE in person.press("Speak with a person")["text"]
    person.say("how big is the backlog")
    assert person.say("do you sell pizza")["text"] == first["text"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_choice_is_pressed(person: Person, language: str) -> None:
    ask_vaguely(person, language)
    assert 1 <= len(person.offered) <= 3
    wanted = person.offered[1]
    reply = person.press(wanted)
    assert (reply["kind"], reply["entry_id"], reply["language"]) == ("answer", wanted, language)


@pytest.mark.parametrize(
    ("language", "typed", "position"),
    [
        ("en", "the second", 1),
        ("en", "2", 1),
        ("en", "1", 0),
        ("en", "the first one please", 0),
        ("en", "the last one", -1),
        ("es", "la primera", 0),
        ("es", "la segunda por favor", 1),
        ("es", "la última", -1),
        ("es", "2", 1),
    ],
)
def test_a_choice_is_typed(person: Person, language: str, typed: str, position: int) -> None:
    ask_vaguely(person, language)
    wanted = person.offered[position]
    reply = person.say(typed)
    assert (reply["kind"], reply["entry_id"], reply["language"]) == ("answer", wanted, language)


def test_none_of_the_choices(person: Person) -> None:
    ask_vaguely(person)
    reply = person.press("None of these")
    assert reply["kind"] == "notice"
    assert person.offered == []
    assert "Speak with a person" in person.buttons


def test_a_number_that_was_not_offered_asks_again(person: Person) -> None:
    ask_vaguely(person)
    offered = person.offered
    assert person.say("number 9")["kind"] == "choices"
    assert person.offered == offered
    assert person.say("the first one")["entry_id"] == offered[0]


def test_related_questions_work_as_buttons_and_as_numbers(person: Person) -> None:
    person.say("how big is the backlog")
    first, second = person.offered[:2]
    assert person.press(first)["entry_id"] == first
    person.say("how big is the backlog")
    assert person.say("the second")["entry_id"] == second


@pytest.mark.parametrize(
    ("question", "entry_id", "follow_up", "expected"),
    [
        # The entry itself says how long.
        (
            "how do i appeal the decision",
            "how-to-appeal",
            "and how long do i have?",
            "how-to-appeal",
        ),
        # A neighbour does.
        (
            "how do I check my court date?",
            "how-to-check-my-case",
            "and what if i miss it?",
            "what-if-i-miss-a-hearing",
        ),
        (
            "how big is the backlog",
            "how-big-is-the-backlog",
            "and how long do people wait because of that?",
            "how-long-will-i-wait",
        ),
        (
            "cómo reviso la fecha de mi audiencia",
            "how-to-check-my-case",
            "¿y si la pierdo?",
            "what-if-i-miss-a-hearing",
        ),
        (
            "¿Cómo cambio mi dirección?",
            "how-to-change-my-address",
            "¿y cuánto tiempo tengo?",
            "how-to-change-my-address",
        ),
    ],
)
def test_a_follow_up_is_answered_in_its_context(
    person: Person, question: str, entry_id: str, follow_up: str, expected: str
) -> None:
    assert person.say(question)["entry_id"] == entry_id
    reply = person.say(follow_up)
    assert reply["kind"] in ("answer", "choices")
    assert expected in (reply["entry_id"], *(person.offered if reply["kind"] == "choices" else ()))


def test_a_new_question_leaves_the_context(person: Person) -> None:
    person.say("how do i appeal the decision")
    reply = person.say("how many immigration judges are there in the country")
    assert reply["entry_id"] == "how-many-immigration-judges"


@pytest.mark.parametrize(
    ("question", "simpler", "again", "entry_id"),
    [
        ("how big is the backlog", "say it more simply", "again", "how-big-is-the-backlog"),
        (
            "¿Qué pasa si falto a mi audiencia?",
            "más sencillo por favor",
            "otra vez",
            "what-if-i-miss-a-hearing",
        ),
    ],
)
def test_simpler_and_again(
    person: Person, question: str, simpler: str, again: str, entry_id: str
) -> None:
    answer = person.say(question)
    entry = yaml.safe_load((ROOT / "content" / answer["language"] / f"{entry_id}.yaml").read_text())
    assert entry["simple_answer"].strip() in person.say(simpler)["text"]
    assert person.last["entry_id"] == entry_id
    assert person.say(again)["text"] == answer["text"]


def test_again_with_nothing_said_before(person: Person) -> None:
    reply = person.say("say that again")
    assert (reply["kind"], reply["entry_id"]) == ("notice", None)


@pytest.mark.parametrize(
    ("text", "entry_id"),
    [
        (
            "my sister moved to queens, how does she tell the court her new address",
            "how-to-change-my-address",
        ),
        ("mi vecina quiere saber cuántos jueces de inmigración hay", "how-many-immigration-judges"),
    ],
)
def test_a_question_for_somebody_else(person: Person, text: str, entry_id: str) -> None:
    assert person.say(text)["entry_id"] == entry_id


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("should i go to my hearing or not", "cannot tell you what to do"),
        ("do i qualify for prosecutorial discretion", "cannot tell you what to do"),
        ("debería ir a mi corte o no?", "No puedo decirle qué hacer"),
        ("will i win my case", "Nobody can promise"),
        ("voy a ganar mi caso?", "Nadie puede prometer"),
    ],
)
def test_advice_and_predictions_are_refused_kindly(person: Person, text: str, part: str) -> None:
    assert part in person.say(text)["text"]
    assert person.last["kind"] != "urgent"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("what lie should i tell the judge so i can stay", "I cannot help with that"),
        ("where can i buy a fake social security card", "I cannot help with that"),
        ("que mentira le digo al juez para quedarme", "No puedo ayudar"),
        ("donde compro papeles falsos para trabajar", "No puedo ayudar"),
    ],
)
def test_lies_are_refused_and_no_entry_is_given(person: Person, text: str, part: str) -> None:
    reply = person.say(text)
    assert (reply["kind"], reply["entry_id"]) == ("abstain", None)
    assert part in reply["text"]
    assert re.search(r"1-800-566-7636", reply["text"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("thanks", "notice"),
        ("gracias", "notice"),
        ("bye", "notice"),
        ("are you a robot", "notice"),
        ("i want to speak with a person", "notice"),
        ("quiero una cita con el abogado", "notice"),
        ("stop", "notice"),
    ],
)
def test_small_talk(person: Person, text: str, kind: str) -> None:
    reply = person.say(text)
    assert (reply["kind"], reply["entry_id"]) == (kind, None)


def test_a_stale_button_of_another_person_is_refused(person: Person, another: Another) -> None:
    person.say("how big is the backlog")
    payload = person.last["choices"][0]["payload"]
    assert another().post({"payload": payload}).status_code == 403
