"""What is published while the system runs is answered at once; what is broken is refused."""

import time
from datetime import UTC, datetime

import httpx
import pytest
from person import Person
from running_system import System, wait_for

from knowledge_base.snapshot import (
    Snapshot,
    current_snapshot_id,
    make_snapshot,
    publish,
    read_snapshot,
    write_snapshot,
)

pytestmark = pytest.mark.system

PROMISED_SECONDS = 2.0


def served(system: System) -> Snapshot:
    current = current_snapshot_id(system.snapshot_dir)
    return read_snapshot(system.snapshot_dir / str(current))


def problems(system: System) -> str:
    """Return what the action server says of its publication; empty where all is well."""
    health = httpx.get(f"{system.actions_url}/health", trust_env=False).json()
    return " ".join(health["problems"])


def edited(snapshot: Snapshot, words: str) -> Snapshot:
    """Return the snapshot with other words in one English answer."""
    return make_snapshot(
        entry.model_copy(update={"answer": words, "revision": entry.revision + 1})
        if (entry.entry_id, entry.language) == ("how-many-immigration-judges", "en")
        else entry
        for entry in snapshot.entries
    )


def test_a_broken_publication_is_refused_and_the_old_one_goes_on(
    person: Person, system: System
) -> None:
    old = served(system)
    broken = edited(old, "Broken.")
    folder = write_snapshot(broken, system.snapshot_dir)
    (folder / "en.jsonl").write_text("{}\n")
    draft = system.snapshot_dir / ".draft"
    draft.write_text(f"{broken.snapshot_id}\n")
    draft.replace(system.snapshot_dir / "current")
    try:
        assert wait_for(lambda: broken.snapshot_id in problems(system), PROMISED_SECONDS)
        assert person.say("how big is the backlog")["entry_id"] == "how-big-is-the-backlog"
    finally:
        publish(old.snapshot_id, system.snapshot_dir)
    assert wait_for(lambda: not problems(system), PROMISED_SECONDS)


def test_a_publication_is_answered_within_two_seconds_and_undone_as_fast(
    person: Person, system: System
) -> None:
    question = "how many immigration judges are there in the country"
    old = served(system)
    person.say(question)
    words = f"Published at {datetime.now(UTC).isoformat()}."
    new = edited(old, words)
    write_snapshot(new, system.snapshot_dir)
    try:
        started = time.monotonic()
        publish(new.snapshot_id, system.snapshot_dir)
        seen = wait_for(lambda: words in person.say(question)["text"], 30)
        took = time.monotonic() - started
        assert seen
        assert person.last["revision"] == 2
    finally:
        undone = time.monotonic()
        publish(old.snapshot_id, system.snapshot_dir)
    assert wait_for(lambda: words not in person.say(question)["text"], PROMISED_SECONDS)
    assert time.monotonic() - undone < PROMISED_SECONDS
    assert took < PROMISED_SECONDS
