"""`python -m evals.bench`: both sides, measured in one run (docs/bench.md)."""

import argparse
import shutil
import signal
import sys
from functools import partial
from pathlib import Path
from types import FrameType

from evals.bench import measure, peer, report
from evals.bench.messages import read_messages
from evals.bench.settings import ROOT, BenchError, Settings
from evals.bench.sides import assistant, require_parts
from evals.bench.sides import peer as peer_side
from evals.bench.training import rasa_version, trained_peer

_QUESTIONS = ROOT / "evals" / "questions"
_RESULTS = ROOT / "evals" / "results"


def main(arguments: list[str] | None = None) -> int:
    """Measure and write; return the exit code."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    try:
        _run(options, Settings())
    except (BenchError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description=__doc__)
    parser.add_argument(
        "questions",
        nargs="*",
        type=Path,
        default=[_QUESTIONS / "dev.en.jsonl", _QUESTIONS / "dev.es.jsonl"],
        help="question files, JSON lines with `text` (the development set)",
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "var" / "bench.json", help="the ten figures"
    )
    parser.add_argument(
        "--results",
        type=Path,
        help="folder for all details, bench.json and bench.md (BENCH_DIR); for a run that is to"
        f" be committed: {_RESULTS.relative_to(ROOT)}",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a few messages and a barely trained peer: shows that all works, measures nothing",
    )
    return parser


def _run(options: argparse.Namespace, settings: Settings) -> None:
    require_parts(settings)
    texts = read_messages(options.questions)
    plan, size, name = measure.FULL, peer.FULL, "peer"
    if options.quick:
        plan, size, name = measure.QUICK, peer.QUICK, "peer-quick"
    folder = settings.bench_dir.resolve()
    runs = folder / "run"
    shutil.rmtree(runs, ignore_errors=True)
    runs.mkdir(parents=True)

    content, nlu = ROOT / "content", ROOT / "bot" / "data" / "nlu"
    files = peer.project_files(content, nlu, runs / "peer.db", size)
    _say("the stock peer: trained where its inputs are new (minutes)")
    model = trained_peer(folder / name, files, settings)

    sides = [partial(assistant, settings, runs), partial(peer_side, settings, model)]
    results = measure.measure(sides, texts, plan, runs, settings.bench_start_seconds, _say)
    versions = {"rasa": rasa_version(settings.rasa_bin)}
    data = report.details(results, plan, size, len(texts), versions)
    where = options.results or folder
    report.write_json(where / "bench.json", data)
    (where / "bench.md").write_text(report.page(data), encoding="utf-8")
    report.write_json(options.out, report.summary(results))
    print(report.page(data))


def _say(text: str) -> None:
    print(text, flush=True)


def _stop(number: int, frame: FrameType | None) -> None:
    # As Ctrl-C: on the way out every process that was started is stopped.
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
