"""Sends people's messages to a running side: one after another, or from many at once."""

import statistics
import threading
import time
from collections.abc import Iterable, Iterator
from itertools import cycle, islice

from evals.bench.client import Client
from evals.bench.processes import Side

# How many messages a person writes before another one comes.
MESSAGES_A_SENDER = 10


class Deck:
    """Hands out messages in a fixed order, from the start again where they are used up.

    The assistant remembers the embeddings of the last 512 texts, so a set of more messages than
    that never meets a remembered one.

    Args:
        texts: what people wrote, all different.
    """

    def __init__(self, texts: list[str]) -> None:
        self._texts = cycle(texts)

    def take(self, number: int) -> list[str]:
        """Return the next messages."""
        return list(islice(self._texts, number))


def one_by_one(side: Side, texts: Iterable[str], name: str) -> list[float]:
    """Return the milliseconds that each message took, sent by one person at a time.

    Args:
        side: whom to ask.
        texts: the messages.
        name: of the senders; conversations of another name are not continued.
    """
    with Client(side.url) as client:
        return [
            client.say(side.webhook, sender_id(name, place), text)
            for place, text in enumerate(texts)
        ]


def at_once(side: Side, texts: list[str], senders: int, name: str) -> float:
    """Return the messages a second that are answered to `senders` people writing at once.

    Each of them waits for the reply before writing again.

    Raises:
        BenchError: a reply was empty or an error.
        OSError: a connection broke.
    """
    waiting = iter(texts)
    taking = threading.Lock()
    failures: list[Exception] = []

    def write(number: int) -> None:
        try:
            with Client(side.url) as client:
                for place, text in enumerate(_shared(waiting, taking)):
                    client.say(side.webhook, sender_id(f"{name}-{number}", place), text)
        except Exception as error:
            failures.append(error)

    people = [threading.Thread(target=write, args=(number,)) for number in range(senders)]
    began = time.perf_counter()
    for person in people:
        person.start()
    for person in people:
        person.join()
    took = time.perf_counter() - began
    if failures:
        raise failures[0]
    return len(texts) / took


def require_reading(side: Side, texts: list[str]) -> None:
    """Refuse an assistant whose encoder fails: it would say so quickly, which is no answer.

    Raises:
        BenchError: the action server could not read the messages.
    """
    if side.actions_url:
        with Client(side.actions_url) as actions:
            actions.post("/read", {"texts": texts})


def percentile(values: list[float], percent: int) -> float:
    """Return the value that `percent` of 100 are not above; between two, as much of each."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _shared(texts: Iterator[str], taking: threading.Lock) -> Iterator[str]:
    while True:
        with taking:
            text = next(texts, None)
        if text is None:
            return
        yield text


def sender_id(name: str, place: int) -> str:
    """Return the sender of the message at `place`: a new one after every ten."""
    return f"{name}-{place // MESSAGES_A_SENDER}"
