"""Nothing personal is kept, and what is kept goes when it is asked for."""

from collections.abc import Callable

import pytest
from person import Person
from running_system import System

pytestmark = pytest.mark.system

Another = Callable[..., Person]
PLANTED = [
    "123-456-789",
    "123456789",
    "rosa.planted@example.org",
    "347-555-0199",
    "917 555 0142",
    "078-05-1120",
    "MSC2190012345",
]
MESSAGES = [
    "how do i check my case, my number is A 123-456-789",
    "mi numero es A123456789, como reviso mi caso",
    "write me to rosa.planted@example.org about the backlog",
    "llámeme al 347-555-0199 o al (917) 555-0142 por favor",
    "call 917 555 0142, ICE is at my door right now",
    "my social is 078-05-1120 and my receipt MSC2190012345, how long will it take",
    '/book_consultation{"name":"rosa.planted@example.org","phone":"347-555-0199"}',
]


def test_personal_numbers_reach_neither_logs_nor_database(person: Person, system: System) -> None:
    for message in MESSAGES:
        person.say(message)
    kept = system.kept_bytes()
    found = [planted for planted in PLANTED if planted.encode() in kept]
    assert found == []
    assert b"(917) 555-0142" not in kept
    for text in ("how do i check my case", "ICE is at my door"):
        logs = b"".join(path.read_bytes() for path in system.folder.glob("*.log"))
        assert text.encode() not in logs


def test_who_types_a_personal_number_is_warned(person: Person) -> None:
    """Facts H: do not repeat or store it; warn the user."""
    person.say("hello")
    reply = person.say("how do i check my case, my number is A 123-456-789")
    assert "123-456-789" not in str(reply)
    assert "personal number in it. I do not keep it" in f"{reply['text']} {reply['notice']}"


@pytest.mark.parametrize("text", ["delete my data", "borre todos mis datos por favor"])
def test_delete_my_data_leaves_nothing_in_the_database(
    another: Another, system: System, text: str
) -> None:
    before = set(system.conversations())
    person = another()
    person.say("how do i tell the court about my new address in Woodhaven")
    (sender,) = set(system.conversations()) - before
    assert sender.encode() in system.kept_bytes()
    reply = person.say(text)
    assert reply["kind"] == "notice"
    assert sender not in system.conversations()
    files = system.tracker_file.parent.iterdir()
    assert all(b"Woodhaven" not in path.read_bytes() for path in files)
    assert person.say("say it again")["entry_id"] is None
    assert person.last["notice"] is None or "legal" in person.last["notice"]


def test_senders_are_not_session_tokens(person: Person, system: System) -> None:
    person.say("how big is the backlog")
    assert all(person._token not in sender for sender in system.conversations())
