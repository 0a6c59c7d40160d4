"""A published set of entries: written once, never changed, read whole or not at all.

On disk: `<snapshots>/<snapshot_id>/<language>.jsonl`, a line an entry, with `manifest.json` (a
hash of each file). `<snapshots>/current` holds the id of the one being served; replacing that
file is the publication.
"""

import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from knowledge_base.entry import FAQEntry
from knowledge_base.errors import SnapshotError

_MANIFEST = "manifest.json"
_CURRENT = "current"


@dataclass(frozen=True)
class Snapshot:
    """Entries that are answered from together.

    Args:
        snapshot_id: a hash of the entries: the same entries have the same id.
        entries: at most one an entry id and language.
    """

    snapshot_id: str
    entries: tuple[FAQEntry, ...]

    @cached_property
    def by_key(self) -> dict[tuple[str, str], FAQEntry]:
        """Entries by (entry_id, language)."""
        return {(entry.entry_id, entry.language): entry for entry in self.entries}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that have entries, sorted."""
        return tuple(sorted({entry.language for entry in self.entries}))

    def find(self, entry_id: str, language: str) -> FAQEntry | None:
        """Return the entry in `language`, else in English, else None."""
        return self.by_key.get((entry_id, language)) or self.by_key.get((entry_id, "en"))


def make_snapshot(entries: Iterable[FAQEntry]) -> Snapshot:
    """Return a snapshot of `entries`, named after what is in it."""
    ordered = tuple(sorted(entries, key=lambda entry: (entry.language, entry.entry_id)))
    digest = hashlib.sha256()
    for entry in ordered:
        digest.update(entry.model_dump_json().encode())
    return Snapshot(digest.hexdigest()[:16], ordered)


def write_snapshot(snapshot: Snapshot, folder: Path) -> Path:
    """Write `snapshot` under `folder` and return its own folder; publishes nothing."""
    target = folder / snapshot.snapshot_id
    draft = folder / f".{snapshot.snapshot_id}.{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    lines: dict[str, list[str]] = defaultdict(list)
    for entry in snapshot.entries:
        lines[entry.language].append(entry.model_dump_json())
    files = {}
    for language, entries in lines.items():
        content = "".join(f"{line}\n" for line in entries).encode()
        (draft / f"{language}.jsonl").write_bytes(content)
        files[f"{language}.jsonl"] = hashlib.sha256(content).hexdigest()
    manifest = {"snapshot_id": snapshot.snapshot_id, "files": files}
    (draft / _MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    if target.exists():
        # The same id is the same content: what is being served is never taken away.
        try:
            read_snapshot(target)
        except SnapshotError:
            shutil.rmtree(target)
        else:
            shutil.rmtree(draft)
            return target
    draft.rename(target)
    return target


def read_snapshot(folder: Path) -> Snapshot:
    """Return the snapshot in `folder`, every file checked against its hash.

    Raises:
        SnapshotError: a file is missing, was changed, or holds something else.
    """
    try:
        manifest = json.loads((folder / _MANIFEST).read_text())
        files = dict(manifest["files"])
        entries = []
        for name, expected in sorted(files.items()):
            content = (folder / name).read_bytes()
            if hashlib.sha256(content).hexdigest() != expected:
                raise SnapshotError(
                    f"{folder / name} was changed after publication. Publish again."
                )
            entries += [FAQEntry.model_validate_json(line) for line in content.splitlines()]
        if manifest["snapshot_id"] != folder.name:
            raise SnapshotError(
                f"{folder} holds snapshot {manifest['snapshot_id']}. Give the folder that name."
            )
        return Snapshot(folder.name, tuple(entries))
    except (OSError, KeyError, TypeError, ValueError, ValidationError) as error:
        raise SnapshotError(
            f"The snapshot in {folder} can't be read ({type(error).__name__}). Publish again."
        ) from error


@dataclass(frozen=True)
class Publication:
    """One act of publishing: the same snapshot published again is another.

    Args:
        snapshot_id: what was published.
        moment: when, in nanoseconds.
    """

    snapshot_id: str
    moment: int


def publication(folder: Path) -> Publication | None:
    """Return the latest publication, or None before the first.

    Raises:
        OSError: it can't be read.
        UnicodeDecodeError: it is not text.
    """
    snapshot_id = current_snapshot_id(folder)
    if snapshot_id is None:
        return None
    return Publication(snapshot_id, (folder / _CURRENT).stat().st_mtime_ns)


def current_snapshot_id(folder: Path) -> str | None:
    """Return the id of the published snapshot, or None before the first publication."""
    try:
        return (folder / _CURRENT).read_text().strip() or None
    except FileNotFoundError:
        return None


def publish(snapshot_id: str, folder: Path) -> None:
    """Make `snapshot_id` the one being served, in one step.

    Raises:
        SnapshotError: there is no whole snapshot of that id.
    """
    read_snapshot(folder / snapshot_id)
    draft = folder / f".{_CURRENT}.{os.getpid()}"
    draft.write_text(f"{snapshot_id}\n")
    draft.replace(folder / _CURRENT)
