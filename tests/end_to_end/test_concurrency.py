"""Many people at once, and several messages of one person at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from person import Person

pytestmark = pytest.mark.system

Another = Callable[..., Person]
SCRIPT = [
    ("how big is the backlog", "how-big-is-the-backlog"),
    ("say it again", "how-big-is-the-backlog"),
    ("what is an A-number", "what-is-an-a-number"),
    ("say it again", "what-is-an-a-number"),
]


def test_sixteen_people_are_not_mixed_up(another: Another) -> None:
    people = [another() for _ in range(16)]
    together = threading.Barrier(len(people))

    def converse(number: int) -> list[str | None]:
        script = SCRIPT if number % 2 else [*SCRIPT[2:], *SCRIPT[:2]]
        together.wait()
        return [
            f"{text}: {said}"
            for text, expected in script
            if (said := people[number].say(text)["entry_id"]) != expected
        ]

    with ThreadPoolExecutor(len(people)) as pool:
        wrong = [found for found in pool.map(converse, range(len(people))) if found]
    assert wrong == []


def test_messages_of_one_person_are_answered_in_their_order(another: Another) -> None:
    """Each "again" repeats the answer before it, whatever else was sent meanwhile."""
    person = another()
    sent: list[threading.Thread] = []
    said: dict[int, str | None] = {}

    def send(position: int, text: str) -> None:
        said[position] = person.post({"text": text}).json()["messages"][0]["entry_id"]

    for position, (text, _) in enumerate(SCRIPT):
        thread = threading.Thread(target=send, args=(position, text))
        thread.start()
        sent.append(thread)
        thread.join(0.03)  # they leave in this order, long before the first is answered
    for thread in sent:
        thread.join(30)
    assert [said[position] for position in range(len(SCRIPT))] == [entry for _, entry in SCRIPT]
