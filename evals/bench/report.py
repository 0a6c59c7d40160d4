"""Writes what was measured: `bench.json` for programs, the details, and a page for people."""

import json
import os
import platform
import statistics
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.bench.measure import SENDERS, Measured, Plan
from evals.bench.peer import PeerSize

# The project's own bars: how the assistant must do beside the peer of the same run.
MAX_P50_SHARE = 0.5
MIN_THROUGHPUT_TIMES = 3.0

_ROWS = (
    ("p50_ms", "latency, one sender, p50 (ms)"),
    ("p95_ms", "latency, one sender, p95 (ms)"),
    ("throughput_1", "messages/s, one sender"),
    ("throughput", f"messages/s, {SENDERS} senders"),
    ("cpu_ms", "processor time a message (ms)"),
    ("rss_mb", "memory of all processes, RSS (MB)"),
    ("ready_s", "start to first reply (s)"),
)
_PARTS = (
    ("whole", "a message, over the REST channel"),
    ("nlu", "– NLU (`/model/parse`)"),
    ("read", "  – of which the encoder's process (`/read`)"),
    ("actions", "– the action server"),
    ("load", "– loading the conversation"),
    ("rest", "– the rest: policies, saving, words, the channel"),
    ("http", "one empty request, for comparison"),
)


def summary(results: Mapping[str, Measured]) -> dict[str, dict[str, float]]:
    """Return the content of `bench.json`."""
    return {name: measured.summary() for name, measured in results.items()}


def details(
    results: Mapping[str, Measured],
    plan: Plan,
    size: PeerSize,
    messages: int,
    versions: Mapping[str, str],
) -> dict[str, Any]:
    """Return everything: each round, the parts, and what it was measured on and with."""
    sides = {
        name: {**vars(measured), **_round_off(measured.summary())}
        for name, measured in results.items()
    }
    for name, measured in results.items():
        sides[name]["rounds"] = {
            key: [round(value, 2) for value in getattr(measured, key)]
            for key in ("p50_ms", "p95_ms", "throughput_1", "throughput", "cpu_ms", "ready_s")
        }
        for key in ("throughput_1", "cpu_ms"):
            sides[name][key] = round(statistics.median(getattr(measured, key)), 2)
        sides[name]["breakdown"] = _round_off(measured.breakdown)
    return {
        **sides,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {
            "cores": os.cpu_count(),
            "processor": _processor(),
            "system": platform.platform(terse=True),
        },
        "versions": {"python": platform.python_version(), **versions},
        "plan": {**vars(plan), "senders": SENDERS, "messages": messages},
        "peer_training": vars(size),
    }


def page(data: Mapping[str, Any]) -> str:
    """Return the details as Markdown."""
    ours, peer = data["assistant"], data["peer"]
    share, times = ours["p50_ms"] / peer["p50_ms"], ours["throughput"] / peer["throughput"]
    machine, plan, training = data["machine"], data["plan"], data["peer_training"]
    lines = [
        "# Bench: this assistant beside a stock Rasa one",
        "",
        f"{data['date']}, {machine['cores']} cores ({machine['processor']}), "
        f"Rasa {data['versions']['rasa']}. Made by `python -m evals.bench`; "
        "docs/bench.md says how.",
        "",
        "| | assistant | stock peer |",
        "|---|---:|---:|",
        *(f"| {label} | {_cell(ours, key)} | {_cell(peer, key)} |" for key, label in _ROWS),
        "",
        f"p50 is {share:.2f} of the peer's (bar: at most {MAX_P50_SHARE}), "
        f"{_met(share <= MAX_P50_SHARE)}. "
        f"Throughput is {times:.1f} times the peer's (bar: at least {MIN_THROUGHPUT_TIMES:.0f}), "
        f"{_met(times >= MIN_THROUGHPUT_TIMES)}.",
        "",
        "Medians; in brackets the lowest and highest of the rounds. "
        f"{plan['rounds']} rounds, the sides in turn, {plan['alone']} messages of one sender and "
        f"{plan['together']} of {plan['senders']} each; {plan['starts']} starts. "
        f"{plan['messages']} different messages.",
        "",
        "## Where the time goes (median ms)",
        "",
        "| | assistant | stock peer |",
        "|---|---:|---:|",
        *(f"| {label} | {_part(ours, key)} | {_part(peer, key)} |" for key, label in _PARTS),
        "",
        f"The peer was trained with at most {training['wordings']} wordings an entry and language, "
        f"{training['epochs']} epochs.",
        "",
    ]
    return "\n".join(lines)


def write_json(file: Path, data: object) -> None:
    """Write `data` whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".tmp")
    unfinished.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    unfinished.replace(file)


def _cell(side: Mapping[str, Any], key: str) -> str:
    values = side["rounds"].get(key)
    spread = f" ({min(values):.1f}–{max(values):.1f})" if values and len(values) > 1 else ""
    return f"{side[key]:.1f}{spread}"


def _part(side: Mapping[str, Any], key: str) -> str:
    value = side["breakdown"].get(key)
    return "" if value is None else f"{value:.1f}"


def _met(is_met: bool) -> str:
    return "met" if is_met else "**not met**"


def _round_off(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in values.items()}


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
