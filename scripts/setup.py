"""`make setup`: makes what the assistant needs and isn't there yet, step by step.

Runs on the machine's own Python 3 with nothing but its standard library. Each step leaves a stamp
with the hash of what it was made from, written when the step is done: a step that was interrupted
has none and is made again, one whose hash still fits is left alone.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from progress import SetupError
from steps import ROOT, Step, all_steps


def main() -> int:
    """Make what is missing; return the exit code."""
    signal.signal(signal.SIGTERM, _stop)
    started = time.monotonic()
    try:
        with _alone():
            made = _make(all_steps(), forced=sys.argv[1:])
    except SetupError as error:
        sys.stdout.flush()
        sys.stderr.write(f"\n{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The same command goes on with the step that was stopped.\n")
        return 130
    seconds = time.monotonic() - started
    print(
        f"Set-up done ({seconds:.0f} s)." if made else f"Set-up: nothing to do ({seconds:.1f} s)."
    )
    return 0


def _make(steps: list[Step], forced: list[str]) -> int:
    made = 0
    for number, step in enumerate(steps, start=1):
        # Only now: a step's hash may hang on what the step before it has made.
        wanted = step.fingerprint()
        if step.name not in forced and _is_made(step, wanted):
            continue
        print(f"[{number}/{len(steps)}] {step.title} …", flush=True)
        started = time.monotonic()
        step.stamp.unlink(missing_ok=True)
        step.make()
        _write(step.stamp, wanted)
        print(f"[{number}/{len(steps)}] done ({time.monotonic() - started:.0f} s)", flush=True)
        made += 1
    return made


def _is_made(step: Step, wanted: str) -> bool:
    try:
        fits = step.stamp.read_text(encoding="utf-8").strip() == wanted
    except OSError:
        return False
    return fits and all(path.exists() for path in step.outputs())


def _write(stamp: Path, text: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    draft = stamp.with_name(f"{stamp.name}.draft")
    draft.write_text(f"{text}\n", encoding="utf-8")
    draft.replace(stamp)


@contextmanager
def _alone() -> Iterator[None]:
    """Let only one set-up of this folder run; a second one waits."""
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    with (var / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another `make` is setting this folder up; waiting for it …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stop(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
