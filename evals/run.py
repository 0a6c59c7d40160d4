"""`python -m evals.run FILES… --out RESULT.json [--rasa URL]`: scores question sets."""

import json
from pathlib import Path

import click

from evals.metrics import Pair, by_language
from evals.observe import through_ask, through_rasa
from evals.questions import read_questions
from knowledge_base.calibration import calibrations
from knowledge_base.service import KnowledgeBase


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Where the result is written.")
@click.option("--rasa", help="Score the running assistant at this address instead of `ask`.")
@click.option("--misses", is_flag=True, help="Print what went wrong (not for the test set).")
def main(files: tuple[Path, ...], out: Path | None, rasa: str | None, misses: bool) -> None:
    """Score the questions in FILES, by language."""
    questions = read_questions(files)
    result: dict[str, object] = {"sets": [file.name for file in files]}
    if rasa:
        observed = through_rasa(questions, rasa.rstrip("/"))
        result["through"] = "rasa"
    else:
        base = KnowledgeBase.load()
        observed = through_ask(questions, base)
        result |= {
            "through": "ask",
            "model_id": base.model_id,
            "snapshot_id": base.snapshot.snapshot_id,
            "calibration_error": {name: c.error for name, c in calibrations().items()},
        }
    pairs = list(zip(questions, observed, strict=True))
    result["languages"] = by_language(pairs)
    if misses:
        _print_misses(pairs)
    _print_table(result["languages"])  # type: ignore[arg-type]
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(result, indent=1) + "\n")


def _print_table(languages: dict[str, dict[str, float]]) -> None:
    names = list(dict.fromkeys(name for row in languages.values() for name in row))
    width = max(map(len, names))
    print(" " * width, *(f"{language:>8}" for language in languages))
    for name in names:
        cells = (f"{row[name]:8.3f}" if name in row else " " * 8 for row in languages.values())
        print(f"{name:{width}}", *cells)


def _print_misses(pairs: list[Pair]) -> None:
    for question, observed in pairs:
        if not _is_right(question.kind, (question, observed)):
            got = observed.entry_id or ", ".join(observed.choices) or "-"
            wanted = ", ".join(question.entry_ids) or question.intent or "nothing"
            print(
                f"{question.question_id} {question.kind} {question.text[:110]!r}"
                f" -> {observed.intent or ''} {observed.kind} {got}; wanted {wanted}"
            )


def _is_right(kind: str, pair: Pair) -> bool:
    question, observed = pair
    if kind == "intent":
        return observed.intent is None or observed.intent == question.intent
    if kind == "out_of_scope":
        return observed.kind not in ("answer", "urgent")
    if kind == "urgent":
        return observed.kind == "urgent"
    return observed.kind == "answer" and observed.entry_id in question.entry_ids


if __name__ == "__main__":
    main()
