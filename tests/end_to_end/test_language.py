"""The language: detected, changed on request, then kept."""

from collections.abc import Callable

import pytest
from person import Person

pytestmark = pytest.mark.system

Another = Callable[..., Person]


def test_the_language_is_detected_message_by_message(person: Person) -> None:
    assert person.say("how many immigration judges are there")["language"] == "en"
    assert person.say("¿cuántos casos atrasados hay en los tribunales?")["language"] == "es"
    assert person.say("how do i tell the court about my new address")["language"] == "en"


def test_a_short_word_does_not_change_the_language(person: Person) -> None:
    person.say("¿cuántos jueces de inmigración hay en el país?")
    assert person.say("ok")["language"] == "es"
    assert person.say("2")["language"] == "es"


@pytest.mark.parametrize(("browser", "language"), [("es-MX,es;q=0.9", "es"), ("en-US", "en")])
def test_what_has_no_language_is_answered_in_the_browsers(
    another: Another, browser: str, language: str
) -> None:
    assert another(browser).say("12345 ???")["language"] == language


@pytest.mark.parametrize("text", ["fees", "pd", "hearing"])
def test_one_word_that_could_be_anything_is_answered_in_the_browsers_language(
    another: Another, text: str
) -> None:
    assert another("en-US,en;q=0.9").say(text)["language"] == "en"


def test_it_is_changed_on_request_and_then_sticks(person: Person) -> None:
    english = person.say("how big is the backlog")
    spanish = person.say("español por favor")
    assert (spanish["language"], spanish["entry_id"]) == ("es", english["entry_id"])
    assert spanish["text"].startswith("De acuerdo")
    sticky = person.say("how many immigration judges are there in the country")
    assert (sticky["language"], sticky["entry_id"]) == ("es", "how-many-immigration-judges")
    back = person.say("in English please")
    assert (back["language"], back["entry_id"]) == ("en", "how-many-immigration-judges")
    assert person.say("¿cuántos casos atrasados hay en los tribunales?")["language"] == "en"


def test_it_is_changed_with_a_button(person: Person) -> None:
    person.say("can you talk in another language")
    assert {"English", "Español"} <= set(person.buttons)
    assert person.press("Español")["language"] == "es"
    assert person.say("how many immigration judges are there")["language"] == "es"


def test_a_language_that_we_cannot_write_is_told(person: Person) -> None:
    reply = person.say("do you speak Polish?")
    assert reply["kind"] == "prompt"
    assert "English or Spanish" in reply["text"]
    assert {"English", "Español"} == set(person.buttons)
    assert person.say("how big is the backlog")["language"] == "en"
