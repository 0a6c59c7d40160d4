"""A snapshot is written once, read whole or refused, and published in one step."""

import hashlib
import json
import re
import shutil
import threading
from pathlib import Path

import pytest
from small_content import snapshot_of

from knowledge_base.errors import SnapshotError
from knowledge_base.snapshot import (
    Snapshot,
    current_snapshot_id,
    make_snapshot,
    publish,
    read_snapshot,
    write_snapshot,
)


@pytest.fixture
def snapshot(content: Path) -> Snapshot:
    return snapshot_of(content)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "snapshots"


def test_the_same_entries_have_the_same_id(snapshot: Snapshot) -> None:
    assert make_snapshot(reversed(snapshot.entries)) == snapshot
    assert re.fullmatch("[0-9a-f]{16}", snapshot.snapshot_id)


def test_any_change_makes_another_id(snapshot: Snapshot) -> None:
    first, *others = snapshot.entries
    for change in ({"answer": "Another."}, {"revision": 2}, {"paraphrases": first.paraphrases[1:]}):
        other = make_snapshot([first.model_copy(update=change), *others])
        assert other.snapshot_id != snapshot.snapshot_id
    assert make_snapshot(others).snapshot_id != snapshot.snapshot_id


def test_the_id_is_the_same_on_every_machine() -> None:
    assert make_snapshot([]).snapshot_id == "e3b0c44298fc1c14"  # sha256 of nothing


def test_it_is_read_as_it_was_written(snapshot: Snapshot, folder: Path) -> None:
    written = write_snapshot(snapshot, folder)
    assert written == folder / snapshot.snapshot_id
    assert read_snapshot(written) == snapshot
    assert sorted(file.name for file in written.iterdir()) == [
        "en.jsonl",
        "es.jsonl",
        "manifest.json",
    ]
    assert [path.name for path in folder.iterdir()] == [snapshot.snapshot_id]


def test_writing_publishes_nothing(snapshot: Snapshot, folder: Path) -> None:
    write_snapshot(snapshot, folder)
    assert current_snapshot_id(folder) is None


def test_entries_are_found_in_a_language_else_in_english(snapshot: Snapshot) -> None:
    found = snapshot.find("filing-fee", "es")
    assert found is not None
    assert found.language == "es"
    fallback = snapshot.find("filing-fee", "ht")
    assert fallback is not None
    assert fallback.language == "en"
    assert snapshot.find("no-such-entry", "en") is None
    assert snapshot.languages == ("en", "es")


def test_a_changed_file_is_refused(snapshot: Snapshot, folder: Path) -> None:
    written = write_snapshot(snapshot, folder)
    file = written / "es.jsonl"
    file.write_text(file.read_text().replace("Formulario", "formulario", 1))
    with pytest.raises(SnapshotError) as caught:
        read_snapshot(written)
    assert str(caught.value) == f"{file} was changed after publication. Publish again."


@pytest.mark.parametrize("name", ["en.jsonl", "es.jsonl", "manifest.json"])
def test_a_missing_file_is_refused(name: str, snapshot: Snapshot, folder: Path) -> None:
    written = write_snapshot(snapshot, folder)
    (written / name).unlink()
    with pytest.raises(SnapshotError, match=r"can't be read \(FileNotFoundError\). Publish again"):
        read_snapshot(written)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": 3}', '{"files": {}}', "\x00"])
def test_a_broken_manifest_is_refused(text: str, snapshot: Snapshot, folder: Path) -> None:
    written = write_snapshot(snapshot, folder)
    (written / "manifest.json").write_text(text)
    with pytest.raises(SnapshotError, match="Publish again"):
        read_snapshot(written)


def test_entries_that_are_none_are_refused(snapshot: Snapshot, folder: Path) -> None:
    written = write_snapshot(snapshot, folder)
    content = b'{"entry_id": "x"}\n'
    (written / "en.jsonl").write_bytes(content)
    manifest = json.loads((written / "manifest.json").read_text())
    manifest["files"]["en.jsonl"] = hashlib.sha256(content).hexdigest()
    (written / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SnapshotError, match=r"can't be read \(ValidationError\)"):
        read_snapshot(written)


def test_a_snapshot_under_another_name_is_refused(snapshot: Snapshot, folder: Path) -> None:
    written = write_snapshot(snapshot, folder)
    other = folder / ("0" * 16)
    shutil.copytree(written, other)
    with pytest.raises(SnapshotError):
        read_snapshot(other)


def test_a_write_that_stops_half_way_is_never_seen(
    snapshot: Snapshot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Path.write_bytes

    def fail_at_spanish(path: Path, content: bytes) -> int:
        if path.name == "es.jsonl":
            raise OSError("No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fail_at_spanish)
    with pytest.raises(OSError, match="No space left"):
        write_snapshot(snapshot, folder)
    assert not (folder / snapshot.snapshot_id).exists()
    with pytest.raises(SnapshotError):
        publish(snapshot.snapshot_id, folder)
    monkeypatch.undo()
    write_snapshot(snapshot, folder)
    publish(snapshot.snapshot_id, folder)
    assert [path.name for path in sorted(folder.iterdir())] == sorted(
        [snapshot.snapshot_id, "current"]
    )


def test_publishing_names_the_one_being_served(snapshot: Snapshot, folder: Path) -> None:
    other = make_snapshot(snapshot.entries[1:])
    for written in (snapshot, other):
        write_snapshot(written, folder)
        publish(written.snapshot_id, folder)
        assert current_snapshot_id(folder) == written.snapshot_id
    publish(snapshot.snapshot_id, folder)
    assert current_snapshot_id(folder) == snapshot.snapshot_id


@pytest.mark.parametrize("unknown", ["no-such-id", "", "../snapshots"])
def test_an_unknown_id_is_refused_and_the_old_one_stays(
    unknown: str, snapshot: Snapshot, folder: Path
) -> None:
    write_snapshot(snapshot, folder)
    publish(snapshot.snapshot_id, folder)
    with pytest.raises(SnapshotError, match="Publish again"):
        publish(unknown, folder)
    assert current_snapshot_id(folder) == snapshot.snapshot_id


def test_a_broken_one_is_refused_and_the_old_one_stays(snapshot: Snapshot, folder: Path) -> None:
    write_snapshot(snapshot, folder)
    publish(snapshot.snapshot_id, folder)
    other = make_snapshot(snapshot.entries[1:])
    (write_snapshot(other, folder) / "en.jsonl").unlink()
    with pytest.raises(SnapshotError):
        publish(other.snapshot_id, folder)
    assert current_snapshot_id(folder) == snapshot.snapshot_id


def test_whoever_reads_meanwhile_sees_one_or_the_other(snapshot: Snapshot, folder: Path) -> None:
    other = make_snapshot(snapshot.entries[1:])
    ids = {snapshot.snapshot_id, other.snapshot_id}
    for written in (snapshot, other):
        write_snapshot(written, folder)
    publish(snapshot.snapshot_id, folder)
    seen: list[str | None] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            seen.append(current_snapshot_id(folder))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(30):
        for snapshot_id in sorted(ids):
            publish(snapshot_id, folder)
    done.set()
    watcher.join()
    assert set(seen) <= ids
