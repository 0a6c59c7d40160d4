"""Whatever is down, the person reads a sentence in their language with the firm's phone."""

from collections.abc import Iterator

import pytest
from person import Person, close_all
from running_system import System, running, wait_for

pytestmark = pytest.mark.system

PHONE = "(718) 458-1489"
EN, ES = "how big is the backlog", "¿cuántos jueces de inmigración hay en el país?"


@pytest.fixture(scope="module")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system of our own: these tests kill its processes."""
    with running(tmp_path_factory.mktemp("breakable")) as started:
        yield started
    close_all()


def spoken(person: Person, text: str) -> tuple[int, dict[str, object]]:
    response = person.post({"text": text})
    return response.status_code, response.json()["messages"][0]


def check_failure(system: System, english: Person, spanish: Person) -> None:
    for person, text, language in ((english, EN, "en"), (spanish, ES, "es")):
        status, reply = spoken(person, text)
        # Either Rasa says it (200) or the gateway does (503); never silence, never an answer.
        assert status in (200, 503, 504), reply
        assert reply["language"] == language
        assert reply["kind"] == "notice"
        assert PHONE in str(reply["text"])
        assert reply["entry_id"] is None
    newcomer = Person(system.url, "es-MX,es;q=0.9")
    assert spoken(newcomer, ES)[1]["language"] == "es"


def test_without_the_action_server_then_with_it_again(breakable: System) -> None:
    english, spanish = Person(breakable.url), Person(breakable.url, "es")
    assert english.say(EN)["kind"] == "answer"
    assert spanish.say(ES)["kind"] == "answer"
    breakable.kill("actions")
    try:
        check_failure(breakable, english, spanish)
        assert wait_for(lambda: breakable.health()[0] == 503, 5)
        assert any("action server" in problem for problem in breakable.health()[1])
    finally:
        breakable.start_actions()
        breakable.wait_until_healthy()
    assert english.say("how many immigration judges are there")["kind"] == "answer"


def test_without_rasa_then_with_it_again(breakable: System) -> None:
    english, spanish = Person(breakable.url), Person(breakable.url, "es")
    assert english.say(EN)["kind"] == "answer"
    breakable.kill("rasa")
    try:
        check_failure(breakable, english, spanish)
        assert wait_for(lambda: breakable.health()[0] == 503, 5)
        assert any("Rasa" in problem for problem in breakable.health()[1])
    finally:
        breakable.start_rasa()
        breakable.wait_until_healthy()
    # What was said before Rasa died is still known: it is on the disk.
    assert english.say("say it again")["entry_id"] == "how-big-is-the-backlog"


def test_processes_stop_when_told_to(breakable: System) -> None:
    processes = dict(breakable.processes)
    breakable.stop()
    assert {
        name: process.poll() is not None for name, process in processes.items()
    } == dict.fromkeys(processes, True)
