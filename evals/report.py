"""`python -m evals.report`: scores development and test sets and writes `evals/results/`.

A JSON file a set, plots, and a page that a person reads. With `--rasa URL`, the test set is put to
the running assistant as well.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import click
import matplotlib as mpl
import numpy as np

from evals.follow_ups import score_follow_ups
from evals.metrics import by_language
from evals.observe import through_ask, through_rasa
from evals.questions import FOLDER, Question, read_questions
from knowledge_base.calibration import calibrations
from knowledge_base.service import KnowledgeBase

RESULTS = Path(__file__).parent / "results"

Scores = dict[str, dict[str, float | int]]

# Metric, what it means to a reader, and the bar: at least (>=) or at most (<=).
_BARS = (
    ("accuracy@1", "right entry ranked first", ">=", 0.80),
    ("right_among_offered", "right entry answered or offered", ">=", 0.92),
    ("wrong_answer_served", "wrong answer served", "<=", 0.08),
    ("false_answer", "out of scope given an FAQ answer", "<=", 0.12),
    ("urgent_recall", "urgent messages recognised", ">=", 0.97),
    ("calm_sent_to_urgent", "calm questions sent to the urgent path", "<=", 0.05),
    ("intent_accuracy", "intents", ">=", 0.95),
    ("faq_taken_for_another_intent", "questions taken for another intent", "<=", 0.03),
    ("language_accuracy", "language recognised", ">=", 0.97),
)


@click.command()
@click.option("--rasa", help="The running assistant, to score the test set through it as well.")
def main(rasa: str | None) -> None:
    """Write evals/results/: JSON, plots and the page."""
    base = KnowledgeBase.load()
    scores: dict[str, Scores] = {}
    for name in ("dev", "test"):
        questions = _questions(name)
        scores[name] = by_language(list(zip(questions, through_ask(questions, base), strict=True)))
    if rasa:
        questions = _questions("test")
        observed = through_rasa(questions, rasa.rstrip("/"))
        scores["test_rasa"] = by_language(list(zip(questions, observed, strict=True)))
    follow_ups = score_follow_ups(base)
    origin = {
        "model_id": base.model_id,
        "snapshot_id": base.snapshot.snapshot_id,
        "date": date.today().isoformat(),  # noqa: DTZ011  # the day of the run, for the page
        "calibration": {name: vars(found) for name, found in calibrations().items()},
    }
    for name, languages in scores.items():
        _write(f"{name}.json", origin | {"languages": languages})
    _write("follow_ups.json", origin | {"languages": follow_ups})
    _plot(scores, RESULTS / "bars.svg")
    (RESULTS / "README.md").write_text(_page(scores, follow_ups, origin))


def _questions(name: str) -> list[Question]:
    return read_questions(sorted(FOLDER.glob(f"{name}.*.jsonl")))


def _write(name: str, content: Any) -> None:
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / name).write_text(json.dumps(content, indent=1) + "\n")


def _plot(scores: dict[str, Scores], file: Path) -> None:
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "evals"  # the same figures give the same file
    from matplotlib import pyplot as plt

    names = [
        bar for bar in _BARS if any(bar[0] in row for s in scores.values() for row in s.values())
    ]
    figure, axes = plt.subplots(figsize=(9, 0.62 * len(names) + 1.2))
    series = [
        (f"{name.replace('_', ', through ')} {language}", row)
        for name, languages in scores.items()
        for language, row in languages.items()
    ]
    height = 0.8 / len(series)
    for place, (label, row) in enumerate(series):
        values = [row.get(bar[0], np.nan) for bar in names]
        axes.barh(
            np.arange(len(names)) + place * height, values, height, label=label, edgecolor="white"
        )
    for place, (_, _, direction, bar) in enumerate(names):
        axes.plot([bar, bar], [place - height, place + 0.8], color="black", linewidth=1.5)
        axes.text(bar, place + 0.86, f"{direction} {bar:.2f}", ha="center", va="top", fontsize=7)
    axes.set_yticks(np.arange(len(names)) + 0.4 - height / 2, [bar[1] for bar in names])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.05)
    axes.set_title("Each measure and its bar (black), by set and language")
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1, 1))
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})


def _page(scores: dict[str, Scores], follow_ups: Any, origin: dict[str, Any]) -> str:
    columns = [(name, language) for name, rows in scores.items() for language in rows]
    lines = [
        "# How good the assistant is",
        "",
        f"Made by `python -m evals.report` on {origin['date']}, model `{origin['model_id']}`,"
        f" snapshot `{origin['snapshot_id']}`.",
        "",
        "`dev` is what cut-offs are chosen on; `test` was written apart, is never tuned on, and is"
        " the one to quote. `test_rasa` is the test set put to the running assistant.",
        "",
        "![Each measure and its bar](bars.svg)",
        "",
        "| measure | bar | "
        + " | ".join(f"{name} {language}" for name, language in columns)
        + " |",
        "|---|---|" + "---|" * len(columns),
    ]
    shown = {bar[0]: bar for bar in _BARS}
    metrics = dict.fromkeys(m for rows in scores.values() for row in rows.values() for m in row)
    for metric in metrics:
        bar = shown.get(metric)
        cells = [_cell(scores[name][language].get(metric)) for name, language in columns]
        limit = f"{bar[2]} {bar[3]:.2f}" if bar else ""
        lines.append(f"| {metric} | {limit} | " + " | ".join(cells) + " |")
    lines += ["", "## Calibration", "", "| language | answers from | error |", "|---|---|---|"]
    lines += [
        f"| {name} | {found['min_score']:.2f} | {found['error']:.3f} |"
        for name, found in origin["calibration"].items()
    ]
    lines += [
        "",
        "The error is the expected calibration error on the development set, ten bins.",
        "",
        "## Follow-ups",
        "",
        "Short messages after an answer: right answer, right among offered, wrong answer served.",
        "",
        "| set | language | right | offered | wrong |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {language} | {row['answered_right']:.3f} | {row['right_among_offered']:.3f}"
        f" | {row['wrong_answer_served']:.3f} |"
        for name, rows in follow_ups.items()
        for language, row in rows.items()
    ]
    return "\n".join(lines) + "\n"


def _cell(value: float | int | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
