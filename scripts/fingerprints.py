"""Whether a step of the set-up still fits what it was made from, by content and not by date.

A fresh checkout gives every file a new date; only what is in the files says if they changed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Iterable

_LEFT_OUT = {"__pycache__", ".DS_Store"}


def of(paths: Iterable[Path], root: Path, *facts: str) -> str:
    """Return a hash of the files under `paths`, their names, and `facts` besides.

    A path that isn't there counts as empty, so that making it changes the hash.
    """
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(f"{fact}\0".encode())
    for file in sorted(set(_files(paths))):
        digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def pins(lock: Path, *names: str) -> str:
    """Return the lines of a lock, or only those of `names`, without its comments."""
    lines = sorted(line.strip() for line in lock.read_text(encoding="utf-8").splitlines())
    kept = [line for line in lines if line and not line.startswith("#")]
    return "\n".join(line for line in kept if not names or line.split("==")[0] in names)


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from _files(child for child in path.iterdir() if child.name not in _LEFT_OUT)
