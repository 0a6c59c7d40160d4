"""`make lock`: resolves requirements/*.in in fresh environments and writes the locks.

Versions stay as they are where they fit; with --upgrade the newest that fit are taken.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import fingerprints
import interpreters
from progress import SetupError, run
from steps import LOCKS, ROOT

# What rasa and tensorflow ask for and nothing of ours imports (docs/decisions/0007): the GPU
# build and its compilers, viewers, and featurizers that we don't use.
_RASA_WITHOUT = {
    "jax", "jaxlib", "libclang", "ml-dtypes", "tensorboard-data-server", "tensorflow",
    "tensorflow-hub", "tensorflow-io-gcs-filesystem", "tensorflow-text",
}  # fmt: skip
# A CUDA build of torch pins these itself; a lock with them would fit no other machine.
_TORCH_BRINGS = re.compile(r"(nvidia|cuda)-|triton$")


def main() -> int:
    """Write both locks; return the exit code."""
    upgrade = "--upgrade" in sys.argv
    try:
        for name, version in (("main", "3.11"), ("rasa", "3.10")):
            print(f"Resolving requirements/{name}.in …", flush=True)
            _write(LOCKS / f"{name}.lock", _resolve(name, version, upgrade=upgrade))
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    print("Done. `git diff requirements` shows what changed; `make test` says if it works.")
    return 0


def _resolve(name: str, version: str, *, upgrade: bool) -> dict[str, str]:
    lock = LOCKS / f"{name}.lock"
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        run([interpreters.find(version), "-m", "venv", folder], ROOT)
        pip = [python, "-m", "pip", "--require-virtualenv", "--disable-pip-version-check"]
        options: list[str | Path] = [] if upgrade else ["-c", lock]
        run([*pip, "install", "--no-compile", "-r", LOCKS / f"{name}.in", *options], ROOT)
        frozen = subprocess.run(
            [*pip, "freeze", "--all", "--exclude", "pip"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    pinned = dict(line.split("==") for line in frozen.split() if "==" in line)
    names = {re.sub(r"[-_.]+", "-", key).lower(): value for key, value in pinned.items()}
    without = _RASA_WITHOUT if name == "rasa" else set()
    # "+cpu" would name a build that not every index has.
    return {
        key: value.split("+")[0]
        for key, value in sorted(names.items())
        if key not in without and not _TORCH_BRINGS.match(key)
    }


def _write(lock: Path, pinned: dict[str, str]) -> None:
    comments = [line for line in lock.read_text().splitlines() if line.startswith("#")]
    before = set(fingerprints.pins(lock).splitlines())
    lines = [f"{name}=={version}" for name, version in pinned.items()]
    lock.write_text("\n".join([*comments, *lines]) + "\n")
    print(f"  {lock.name}: {len(lines)} packages, {len(set(lines) - before)} changed")


if __name__ == "__main__":
    sys.exit(main())
