"""Finds a Python of one version: on PATH, through pyenv, or by uv."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Iterator

from progress import SetupError

_PROBE = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2], sys.executable)"


def find(version: str) -> str:
    """Return the path of a Python `version` ("3.11") that can make environments.

    Raises:
        SetupError: there is none; the message says what to install.
    """
    for candidate in _candidates(version):
        path = _probe(candidate, version)
        if path:
            return path
    raise SetupError(
        f"Python {version} was not found. Install it with `pyenv install {version}`, or install uv,"
        " which fetches it; then run the same command again."
    )


def _candidates(version: str) -> Iterator[str]:
    for name in (f"python{version}", "python3", "python"):
        found = shutil.which(name)
        if found:
            yield found
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    installed = [p for p in pyenv.glob(f"versions/{version}.*/bin/python") if _patch(p) >= 0]
    yield from map(str, sorted(installed, key=_patch, reverse=True))
    uv = shutil.which("uv")
    if uv:
        found = _output([uv, "python", "find", version])
        if not found:
            print(f"    uv fetches Python {version} …", flush=True)
            _output([uv, "python", "install", version])
            found = _output([uv, "python", "find", version])
        if found:
            yield found


def _patch(python: Path) -> int:
    last = python.parent.parent.name.split(".")[-1]
    return int(last) if last.isdigit() else -1


def _probe(candidate: str, version: str) -> str | None:
    answer = _output([candidate, "-c", _PROBE]).split(" ", 1)
    return answer[1] if len(answer) == 2 and answer[0] == version else None


def _output(command: list[str]) -> str:
    try:
        ended = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
        )
    except OSError:
        return ""
    return ended.stdout.strip() if ended.returncode == 0 else ""
