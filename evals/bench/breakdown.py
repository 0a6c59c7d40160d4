"""Says where the time of a message goes, by asking the parts of a side one after another.

Each part is asked over HTTP, as it is in a turn, so each holds its own HTTP. What the whole takes
beyond them is the rest: policies, saving the conversation, words, the channel.
"""

import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from evals.bench.client import Client
from evals.bench.load import sender_id
from evals.bench.processes import Side

# What Rasa calls for a question.
_ACTIONS = ("action_answer_question",)


class Stopwatch:
    """Collects how long each part took."""

    def __init__(self) -> None:
        self._times: dict[str, list[float]] = {}

    def time(self, part: str, work: Callable[[], Any]) -> Any:
        """Return what `work` returns, and remember its milliseconds under `part`."""
        began = time.perf_counter()
        result = work()
        self._times.setdefault(part, []).append((time.perf_counter() - began) * 1000)
        return result

    def medians(self) -> dict[str, float]:
        """Return the median milliseconds of each part."""
        return {part: statistics.median(values) for part, values in self._times.items()}


def breakdown(side: Side, texts: list[str], name: str) -> dict[str, float]:
    """Return the median milliseconds of each part of a side.

    `whole` is a message over the REST channel, of which `nlu`, `actions`, `load` (of the
    conversation) and `rest` are the parts. `read`, the encoder's part, is within `nlu`.

    Args:
        side: what runs.
        texts: messages that it has not been sent lately.
        name: of the senders.
    """
    watch = Stopwatch()
    with ExitStack() as stack:
        rasa = stack.enter_context(Client(side.url))
        actions = stack.enter_context(Client(side.actions_url)) if side.actions_url else None
        domain = rasa.get("/domain")
        for place, text in enumerate(texts):
            sender = sender_id(name, place)
            _whole_and_nlu(rasa, side, watch, sender, text)
            if actions is not None:
                _actions(rasa, actions, watch, domain, sender, text)
    return parts(watch.medians())


def parts(medians: dict[str, float]) -> dict[str, float]:
    """Return the parts of `whole`, with what is left of it as `rest`."""
    load = max(0.0, medians["load"] - medians["http"])
    known = medians["nlu"] + load + medians.get("actions", 0.0)
    return {**medians, "load": load, "rest": max(0.0, medians["whole"] - known)}


def _whole_and_nlu(rasa: Client, side: Side, watch: Stopwatch, sender: str, text: str) -> None:
    watch.time("whole", lambda: rasa.say(side.webhook, sender, text))
    watch.time("http", lambda: rasa.get("/version"))
    watch.time("load", lambda: rasa.get(f"/conversations/{sender}/tracker"))
    # A mark at the end makes another text of it: the encoder remembers those it has read.
    watch.time("nlu", lambda: rasa.post("/model/parse", {"text": f"{text} !"}))


def _actions(
    rasa: Client, actions: Client, watch: Stopwatch, domain: Any, sender: str, text: str
) -> None:
    watch.time("read", lambda: actions.post("/read", {"texts": [f"{text} ?"]}))
    # Read a moment ago, as in a turn.
    parsed = rasa.post("/model/parse", {"text": text})
    tracker = rasa.get(f"/conversations/{sender}/tracker")
    call = {
        "sender_id": sender,
        "tracker": {**tracker, "latest_message": {**parsed, "metadata": {}}},
        "domain": domain,
    }

    def run() -> None:
        for name in _ACTIONS:
            actions.post("/webhook", {**call, "next_action": name})

    watch.time("actions", run)
