"""A changed snapshot is served within two seconds, whole; a broken one is refused."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from built import Built, raised_by
from small_content import renamed, snapshot_of

from knowledge_base.build import ensure_index, index_folder
from knowledge_base.errors import IndexMismatch
from knowledge_base.outcome import Answer
from knowledge_base.service import KnowledgeBase
from knowledge_base.snapshot import Snapshot, make_snapshot, publish, write_snapshot

QUESTION = "permission to work"
# The action server looks this often for a new publication.
POLL_SECONDS = 0.5


@pytest.fixture
def live(built: Built) -> KnowledgeBase:
    return built.base()


@pytest.fixture
def other(built: Built) -> Snapshot:
    """Written and indexed, as publishing does it, but not yet published."""
    return prepare(renamed(snapshot_of(built.content), "b"), built)


def prepare(snapshot: Snapshot, built: Built) -> Snapshot:
    write_snapshot(snapshot, built.settings.snapshot_dir)
    ensure_index(snapshot, built.settings, built.encoder)
    return snapshot


@contextmanager
def running(work: Callable[[], None], times: int = 1) -> Iterator[None]:
    """Run `work` again and again in threads until the block ends; raise what it raises."""
    done, errors = threading.Event(), []

    def repeat() -> None:
        try:
            while not done.is_set():
                work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=repeat) for _ in range(times)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]


def answered(base: KnowledgeBase) -> str:
    outcome = base.respond(QUESTION, "en")
    assert isinstance(outcome, Answer)
    return outcome.entry_id


def set_current(snapshot_id: str, built: Built) -> None:
    """Publish without the checks of `publish`, as a fault might."""
    (built.settings.snapshot_dir / "current").write_text(f"{snapshot_id}\n")


def test_a_publication_is_served_within_two_seconds(
    live: KnowledgeBase, other: Snapshot, built: Built
) -> None:
    def poll() -> None:
        time.sleep(POLL_SECONDS)
        live.refresh()

    assert answered(live) == "work-permit"
    with running(poll):
        publish(other.snapshot_id, built.settings.snapshot_dir)
        start = time.perf_counter()
        while live.snapshot.snapshot_id != other.snapshot_id:
            assert time.perf_counter() - start < 2
            time.sleep(0.02)
    assert answered(live) == "work-permit-b"


def test_what_has_not_changed_is_not_loaded(live: KnowledgeBase) -> None:
    served = live.snapshot
    assert live.refresh() is False
    assert live.snapshot is served


def test_undoing_is_publishing_the_earlier_one(
    live: KnowledgeBase, other: Snapshot, built: Built
) -> None:
    first = live.snapshot
    publish(other.snapshot_id, built.settings.snapshot_dir)
    assert live.refresh() is True
    publish(first.snapshot_id, built.settings.snapshot_dir)
    assert live.refresh() is True
    assert live.snapshot == first
    assert answered(live) == "work-permit"


def test_a_withdrawn_entry_is_answered_no_more(live: KnowledgeBase, built: Built) -> None:
    fewer = make_snapshot(e for e in live.snapshot.entries if e.entry_id != "work-permit")
    prepare(fewer, built)
    publish(fewer.snapshot_id, built.settings.snapshot_dir)
    live.refresh()
    hits = live.respond(QUESTION, "en").hits
    assert "work-permit" not in {hit.entry_id for hit in hits}


def test_no_reply_mixes_two_snapshots(live: KnowledgeBase, other: Snapshot, built: Built) -> None:
    """No entry id is in both, so that a reply out of two would show."""
    first = live.snapshot
    sets = [{entry.entry_id for entry in snapshot.entries} for snapshot in (first, other)]
    replies = []

    def ask() -> None:
        for text in (QUESTION, "pizza", "the fee for filing an appeal"):
            ids = {hit.entry_id for hit in live.respond(text, "en").hits}
            assert any(ids <= known for known in sets), ids
            replies.append(ids <= sets[0])

    with running(ask, times=3):
        for _ in range(6):
            for snapshot in (other, first):
                publish(snapshot.snapshot_id, built.settings.snapshot_dir)
                assert live.refresh() is True
                time.sleep(0.03)
    assert {True, False} <= set(replies)


def test_two_may_look_for_it_at_once(live: KnowledgeBase, other: Snapshot, built: Built) -> None:
    with running(live.refresh, times=3):
        publish(other.snapshot_id, built.settings.snapshot_dir)
        time.sleep(0.3)
    assert live.snapshot == other
    assert live.problem is None


def _lose_a_file(folder: Path) -> None:
    (folder / "es.jsonl").unlink()


def _change_a_file(folder: Path) -> None:
    (folder / "en.jsonl").write_text((folder / "en.jsonl").read_text().replace("150", "15"))


def _lose_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _cut_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"snapshot_id": "')


BREAKS = (_lose_a_file, _change_a_file, _lose_the_manifest, _cut_the_manifest)


@pytest.mark.parametrize("damage", BREAKS, ids=lambda damage: damage.__name__)
def test_a_broken_snapshot_is_refused_and_a_later_good_one_taken(
    damage: Callable[[Path], None], live: KnowledgeBase, other: Snapshot, built: Built
) -> None:
    first = live.snapshot
    damage(built.settings.snapshot_dir / other.snapshot_id)
    set_current(other.snapshot_id, built)
    assert live.refresh() is False
    assert live.snapshot is first
    assert answered(live) == "work-permit"
    assert live.problem == (
        f"Snapshot {other.snapshot_id} was published but can't be used;"
        f" {first.snapshot_id} is still being served."
    )
    assert live.refresh() is False  # and it isn't read over and over

    later = prepare(renamed(first, "c"), built)
    publish(later.snapshot_id, built.settings.snapshot_dir)
    assert live.refresh() is True
    assert live.problem is None
    assert answered(live) == "work-permit-c"


def test_a_refusal_is_logged_once_and_without_entries(
    live: KnowledgeBase, other: Snapshot, built: Built, caplog: pytest.LogCaptureFixture
) -> None:
    _lose_a_file(built.settings.snapshot_dir / other.snapshot_id)
    set_current(other.snapshot_id, built)
    for _ in range(3):
        live.refresh()
    (record,) = [r for r in caplog.records if r.name == "knowledge_base.service"]
    assert "refused" in record.getMessage()
    assert other.snapshot_id in record.getMessage()


def test_going_back_to_the_one_served_ends_the_problem(live: KnowledgeBase, built: Built) -> None:
    set_current("no-such-snapshot", built)
    live.refresh()
    assert live.problem is not None
    publish(live.snapshot.snapshot_id, built.settings.snapshot_dir)
    assert live.refresh() is False
    assert live.problem is None


@pytest.mark.parametrize("content", ["", "\n", "../../etc", "no-such-snapshot"])
def test_a_wrong_name_changes_nothing(content: str, live: KnowledgeBase, built: Built) -> None:
    first = live.snapshot
    (built.settings.snapshot_dir / "current").write_text(content)
    assert live.refresh() is False
    assert live.snapshot is first


def test_a_lost_name_changes_nothing(live: KnowledgeBase, built: Built) -> None:
    (built.settings.snapshot_dir / "current").unlink()
    assert live.refresh() is False
    assert answered(live) == "work-permit"


def test_an_empty_snapshot_is_refused(live: KnowledgeBase, built: Built) -> None:
    empty = make_snapshot([])
    write_snapshot(empty, built.settings.snapshot_dir)
    set_current(empty.snapshot_id, built)
    assert live.refresh() is False
    assert live.problem is not None
    assert answered(live) == "work-permit"


def test_a_mended_snapshot_is_taken_when_published_again(
    live: KnowledgeBase, other: Snapshot, built: Built
) -> None:
    _lose_a_file(built.settings.snapshot_dir / other.snapshot_id)
    set_current(other.snapshot_id, built)
    assert live.refresh() is False
    write_snapshot(other, built.settings.snapshot_dir)
    publish(other.snapshot_id, built.settings.snapshot_dir)
    assert live.refresh() is True
    assert answered(live) == "work-permit-b"


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # numpy leaves the file open
@pytest.mark.parametrize(
    "name", ["index/wordings.faiss", "index/geometry.npz", "index/entries/weights.npz", "current"]
)
def test_damaged_bytes_never_leave_refresh(
    name: str, live: KnowledgeBase, other: Snapshot, built: Built
) -> None:
    set_current(other.snapshot_id, built)
    if name == "current":
        (built.settings.snapshot_dir / "current").write_bytes(b"\xff\xfe\x00")
    else:
        damaged = index_folder(built.settings, other.snapshot_id) / name.removeprefix("index/")
        damaged.write_bytes(damaged.read_bytes()[:100])
    assert raised_by(live.refresh) is None
    answered(live)


def test_what_has_no_index_yet_is_served_at_once(live: KnowledgeBase, built: Built) -> None:
    first = live.snapshot
    assert live.needs_build is False
    other = renamed(first, "b")
    write_snapshot(other, built.settings.snapshot_dir)
    publish(other.snapshot_id, built.settings.snapshot_dir)
    assert live.refresh() is True
    assert live.snapshot == other
    assert live.needs_build is True
    assert live.respond(QUESTION, "en").hits[0].entry_id == "work-permit-b"
    assert built.encoder.encoded == []


def test_the_whole_index_is_taken_when_it_is_built(live: KnowledgeBase, built: Built) -> None:
    other = renamed(live.snapshot, "b")
    write_snapshot(other, built.settings.snapshot_dir)
    publish(other.snapshot_id, built.settings.snapshot_dir)
    live.refresh()
    with pytest.raises(IndexMismatch):
        live.take_built()
    assert live.needs_build is True
    ensure_index(other, built.settings, built.encoder)
    live.take_built()
    assert live.needs_build is False
    assert answered(live) == "work-permit-b"


def test_a_publication_in_between_is_not_lost(live: KnowledgeBase, built: Built) -> None:
    second, third = (renamed(live.snapshot, suffix) for suffix in "bc")
    for snapshot in (second, third):
        write_snapshot(snapshot, built.settings.snapshot_dir)
        publish(snapshot.snapshot_id, built.settings.snapshot_dir)
        live.refresh()
    ensure_index(second, built.settings, built.encoder)  # what the builder had started with
    with pytest.raises(IndexMismatch):
        live.take_built()
    assert live.snapshot == third
    assert live.needs_build is True
