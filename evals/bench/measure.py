"""One run: both sides started in turn, then asked in turn, so that a slow minute hits both."""

import statistics
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from evals.bench.breakdown import breakdown
from evals.bench.load import Deck, at_once, one_by_one, percentile, require_reading
from evals.bench.processes import Running, Side, running

SENDERS = 16


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Args:
        starts: how often each side is started.
        rounds: how often both are asked, one after the other.
        warm_up: messages before the first round.
        alone: messages a round of one sender.
        together: messages a round of 16 senders.
        parts: messages of which the parts are timed.
    """

    starts: int
    rounds: int
    warm_up: int
    alone: int
    together: int
    parts: int


FULL = Plan(starts=3, rounds=6, warm_up=100, alone=100, together=320, parts=100)
QUICK = Plan(starts=1, rounds=1, warm_up=5, alone=10, together=32, parts=5)


@dataclass
class Measured:
    """All that was measured of one side; a value a round, a start.

    Args:
        p50_ms: one sender.
        p95_ms: one sender.
        throughput_1: messages a second, one sender.
        throughput: messages a second, 16 senders.
        cpu_ms: processor time a message, of all its processes; other work on the machine slows
            a message down, but hardly adds to this.
        ready_s: start to first reply.
        rss_mb: of all its processes, after the load.
        breakdown: median milliseconds of each part.
    """

    p50_ms: list[float] = field(default_factory=list)
    p95_ms: list[float] = field(default_factory=list)
    throughput_1: list[float] = field(default_factory=list)
    throughput: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    ready_s: list[float] = field(default_factory=list)
    rss_mb: float = 0.0
    breakdown: dict[str, float] = field(default_factory=dict)

    def summary(self) -> dict[str, float]:
        """Return the five figures of `var/bench.json`: medians over rounds and starts."""
        return {
            "p50_ms": round(statistics.median(self.p50_ms), 2),
            "p95_ms": round(statistics.median(self.p95_ms), 2),
            "throughput": round(statistics.median(self.throughput), 2),
            "rss_mb": round(self.rss_mb, 1),
            "ready_s": round(statistics.median(self.ready_s), 2),
        }


def measure(
    sides: Sequence[Callable[[], Side]],
    texts: list[str],
    plan: Plan,
    logs: Path,
    seconds: float,
    say: Callable[[str], None],
) -> dict[str, Measured]:
    """Return what was measured, by the side's name.

    Args:
        sides: each makes its side anew, with ports that are free.
        texts: messages in the order in which every side gets them.
        plan: how much is measured.
        logs: folder of the processes' logs.
        seconds: how long a start may take.
        say: tells how far it is.
    """
    results: dict[str, Measured] = {}
    for number in range(plan.starts - 1):
        for make in sides:
            side = make()
            with running(side, logs, seconds) as started:
                results.setdefault(side.name, Measured()).ready_s.append(started.ready_s)
                say(f"start {number + 1} of the {side.name}: {started.ready_s:.1f} s")
    with ExitStack() as stack:
        everyone: list[Running] = []
        for make in sides:
            side = make()
            started = stack.enter_context(running(side, logs, seconds))
            results.setdefault(side.name, Measured()).ready_s.append(started.ready_s)
            say(f"start {plan.starts} of the {side.name}: {started.ready_s:.1f} s")
            everyone.append(started)
        _rounds(everyone, Deck(texts), plan, results, say)
    return results


def _rounds(
    everyone: list[Running],
    deck: Deck,
    plan: Plan,
    results: dict[str, Measured],
    say: Callable[[str], None],
) -> None:
    warm_up = deck.take(plan.warm_up)
    for started in everyone:
        require_reading(started.side, warm_up)
        at_once(started.side, warm_up, SENDERS, "warm-up")
    for number in range(1, plan.rounds + 1):
        alone, together = deck.take(plan.alone), deck.take(plan.together)
        for started in everyone:
            result = results[started.side.name]
            _round(started, alone, together, f"round-{number}", result)
            say(
                f"round {number} of {plan.rounds}, {started.side.name}:"
                f" {result.p50_ms[-1]:.1f} ms, {result.throughput[-1]:.1f} messages/s"
            )
    texts = deck.take(plan.parts)
    for started in everyone:
        result = results[started.side.name]
        # Before the parts are timed: those requests are not what people make.
        result.rss_mb = started.rss_mb()
        result.breakdown = breakdown(started.side, texts, "parts")


def _round(
    started: Running, alone: list[str], together: list[str], name: str, result: Measured
) -> None:
    before = started.cpu_ms()
    times = one_by_one(started.side, alone, f"{name}-alone")
    result.p50_ms.append(percentile(times, 50))
    result.p95_ms.append(percentile(times, 95))
    result.throughput_1.append(len(times) / (sum(times) / 1000))
    result.throughput.append(at_once(started.side, together, SENDERS, f"{name}-together"))
    result.cpu_ms.append((started.cpu_ms() - before) / len(alone + together))
