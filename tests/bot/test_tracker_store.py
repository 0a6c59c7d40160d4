"""What the store keeps, what it doesn't, and that a conversation goes on all the same."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import sqlite3
import stat
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import ConnectionException, InvalidConfigException, RasaException
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.tracker_store import PrivateTrackerStore
from tests.bot.conftest import answer, converse, say, start, state

PLANTED = {"A-123-456-789": "a number", "me@planted.org": "an e-mail", "718-555-0123": "a phone"}
PERSONAL = "Soy Plantado, A-123-456-789, me@planted.org, 718-555-0123"
NEEDLES = [*PLANTED, "123456789", "Plantado"]

pytestmark = pytest.mark.asyncio


def rows(store: PrivateTrackerStore) -> list[tuple[str, float, str]]:
    return [tuple(row) for row in store._run(text("SELECT * FROM conversations"))[0]]


def row(store: PrivateTrackerStore, sender: str) -> str | None:
    return next((events for name, _, events in rows(store) if name == sender), None)


def set_age(store: PrivateTrackerStore, sender: str, hours: float) -> None:
    then = time.time() - hours * 3600
    statement = "UPDATE conversations SET updated_at = :then WHERE sender_id = :sender"
    store._run(text(statement), then=then, sender=sender)


async def stored(store: PrivateTrackerStore, tracker: DialogueStateTracker) -> DialogueStateTracker:
    await store.save(tracker)
    again = await store.retrieve(tracker.sender_id)
    assert again is not None
    return again


async def test_a_conversation_comes_back_in_the_same_state(
    store: PrivateTrackerStore, domain: Domain
) -> None:
    tracker = converse("same", domain, turns=3)
    again = await stored(store, tracker)
    assert state(again) == state(tracker)
    assert [event.type_name for event in again.events] == [e.type_name for e in tracker.events]
    assert again.latest_message.text == "What happens at hearing 2?"
    assert again.latest_message.parse_data["redacted_text"] == "What happens at hearing 2?"
    assert again.latest_message.intent["name"] == "ask_faq"
    assert again.latest_message.parse_data["language"] == "es"


async def test_there_is_one_row_a_conversation_however_often_it_is_saved(
    store: PrivateTrackerStore, domain: Domain
) -> None:
    tracker = converse("once", domain, turns=1)
    await store.save(tracker)
    first = row(store, "once")
    await store.save(tracker)
    again = await stored(store, await stored(store, tracker))
    assert row(store, "once") == first
    assert [name for name, _, _ in rows(store)].count("once") == 1
    assert state(again) == state(tracker)


async def test_nothing_is_stored_of_no_tracker_or_an_empty_one(
    store: PrivateTrackerStore, domain: Domain
) -> None:
    before = len(rows(store))
    await store.save(None)
    await store.save(DialogueStateTracker("empty", domain.slots))
    assert len(rows(store)) == before
    assert await store.retrieve("nobody") is None
    assert await store.exists("nobody") is False


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_no_personal_thing_reaches_the_disk(
    store: PrivateTrackerStore, domain: Domain, stored_bytes: Callable[[], bytes]
) -> None:
    tracker = start("s", domain)
    say(tracker, PERSONAL, "Soy [name], [A-number], [e-mail], [phone]")
    say(tracker, PERSONAL, None)
    for hostile in (
        f'/choose_option{{"entry_id": "{PERSONAL}"}}',
        '/choose_option{"entry_id": "a-123-456-789"}',
        '/help{"note": "718-555-0123"}',
        "/a123456789",
        f"/help {PERSONAL}",
    ):
        say(tracker, hostile, hostile)
    tracker.update(UserUttered(PERSONAL, {"name": PERSONAL}, [], {"language": PERSONAL}))
    answer(tracker)
    planted: list[Event] = [
        BotUttered(PERSONAL, {"custom": {"text": PERSONAL, "kind": PERSONAL}}, {"a": PERSONAL}),
        SlotSet("session_started_metadata", {"phone": "718-555-0123"}),
        SlotSet("note", PERSONAL),
        SlotSet("note", "a-123-456-789"),
        SlotSet("note", 123456789),
        SlotSet("note", [1234567890, {"phone": PERSONAL}]),
        SlotSet("form_name", "Plantado"),
        SlotSet("form_phone", "718-555-0123"),
        ActiveLoop("consultation_form", metadata={"a": PERSONAL}),
        ActionExecuted(action_text=PERSONAL),
        Event.from_parameters({"event": "agent", "text": PERSONAL}),
        Event.from_parameters(
            {"event": "entities", "entities": [{"entity": "x", "value": PERSONAL}]}
        ),
    ]
    for event in planted:
        tracker.update(event)
    await store.save(tracker)
    # Again, as read: what is read must not bring anything back.
    again = await stored(store, await stored(store, tracker))
    assert again.get_slot("form_phone") == "718-555-0123"
    on_disk = stored_bytes().lower()
    assert b"action_answer_question" in on_disk
    for needle in NEEDLES:
        assert needle.lower().encode() not in on_disk, needle


@pytest.mark.parametrize(
    ("message", "intent", "kept"),
    [
        ("/help", "help", True),
        ('/choose_option{"entry_id": "how-to-appeal"}', "choose_option", True),
        ('/change_language{"language": "zh-Hans"}', "change_language", True),
        ('/help{"topic": "my-case"}', "help", True),
        ('/choose_option{"entry_id": "a-123-456-789"}', "choose_option", False),
        ("/help", "ask_faq", False),
        ('/help{"name": "x"}', "help", False),
        ('/help{"entry_id": ["x"]}', "help", False),
        ('/help{"entry_id": "x"} more', "help", False),
        ('/help{"entry_id": }', "help", False),
        ("/help@0.5", "help", False),
        ("/Help", "Help", False),
    ],
)
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_only_commands_of_our_buttons_are_kept(
    store: PrivateTrackerStore, domain: Domain, message: str, intent: str, kept: bool
) -> None:
    tracker = start("command", domain)
    tracker.update(UserUttered(message, {"name": intent, "confidence": 1.0}))
    again = await stored(store, tracker)
    assert again.latest_message.text == (message if kept else "")


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_events_are_reduced(store: PrivateTrackerStore, domain: Domain) -> None:
    tracker = start("reduced", domain)
    say(tracker, "Soy Ana", "Soy [name]")
    tracker.latest_message.entities += [{"entity": "entry_id", "value": "a-b", "start": 3}]
    answer(tracker)
    await store.save(tracker)
    events = json.loads(row(store, "reduced") or "")
    user = next(event for event in events if event["event"] == "user")
    assert user["metadata"] == {"language": "es"}
    assert user["parse_data"] == {
        "intent": {"name": "ask_faq", "confidence": 0.91},
        "entities": [{"entity": "entry_id", "value": "a-b"}],
        "intent_ranking": [
            {"name": "ask_faq", "confidence": 0.91},
            {"name": "help", "confidence": 0.05},
        ],
        "language": "es",
        "language_confidence": 0.98,
        "urgent_kind": None,
    }
    bot = next(event for event in events if event["event"] == "bot")
    assert bot["data"] == {"custom": {"kind": "answer", "entry_id": "what-is-a-hearing"}}
    assert not any("metadata" in event for event in events if event["event"] != "user")


async def test_a_row_survives_any_character(store: PrivateTrackerStore, domain: Domain) -> None:
    tracker = start("characters", domain)
    odd = "a\x00b \ud800 \u2028 ﷺ,\n{},\n 😀"
    say(tracker, odd, odd)
    again = await stored(store, tracker)
    assert again.latest_message.text == odd


async def test_form_slots_and_the_form_survive_a_restart_with_the_key(
    store: PrivateTrackerStore, url: str, domain: Domain
) -> None:
    tracker = in_form("form", domain)
    await store.save(tracker)
    again = await PrivateTrackerStore(domain, url).retrieve("form")
    assert state(again) == state(tracker)
    assert again.active_loop_name == "consultation_form"
    assert again.get_slot("form_name") == "Plantado"
    assert "Plantado" not in (row(store, "form") or "")


async def test_without_the_key_form_slots_are_lost_at_a_restart_and_the_rest_is_not(
    store: PrivateTrackerStore, url: str, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.save(in_form("keyless", domain))
    for key in ("", Fernet.generate_key().decode()):
        monkeypatch.setenv("FORM_KEY", key)
        other = PrivateTrackerStore(domain, url)
        again = await other.retrieve("keyless")
        assert again.get_slot("form_name") is None
        assert again.get_slot("last_entry_id") == "what-is-a-hearing"
        assert again.active_loop_name == "consultation_form"
    await other.save(again)
    assert "sealed" not in (row(other, "keyless") or "")


async def test_what_is_typed_into_a_form_is_not_kept_even_redacted(
    store: PrivateTrackerStore, domain: Domain
) -> None:
    tracker = in_form("typed", domain)
    say(tracker, "Plantado", "Plantado")
    again = await stored(store, tracker)
    assert again.latest_message.text == ""
    again.update(ActiveLoop(None))
    say(again, "And the fee?", "And the fee?")
    assert (await stored(store, again)).latest_message.text == "And the fee?"


@pytest.mark.parametrize(
    "end", [AllSlotsReset(), SlotSet("form_name", None), Restarted(), SlotSet("form_name", "Other")]
)
async def test_values_that_were_reset_or_replaced_leave_the_row(
    store: PrivateTrackerStore, domain: Domain, end: Event
) -> None:
    tracker = in_form("ended", domain)
    await store.save(tracker)
    sealed = (row(store, "ended") or "").count('"sealed"')
    tracker = await stored(store, tracker)
    tracker.update(end)
    tracker.update(ActionExecuted("action_listen"))
    again = await stored(store, tracker)
    assert sealed == 1
    left = 1 if isinstance(end, SlotSet) and end.value else 0
    assert (row(store, "ended") or "").count('"sealed"') == left
    assert state(again) == state(tracker)


@pytest.mark.parametrize("turns", [30, 31, 45])
async def test_a_long_conversation_is_cut_and_keeps_its_state(
    store: PrivateTrackerStore, domain: Domain, turns: int
) -> None:
    tracker = in_form("long", domain)
    tracker.update(SlotSet("language", "es"))
    for number in range(turns):
        say(tracker, "?")
        answer(tracker, f"entry-{number}")
        tracker = await reread(store, tracker)
    messages = [event for event in tracker.events if isinstance(event, UserUttered)]
    assert len(messages) == 30
    assert tracker.get_slot("language") == "es"
    assert tracker.get_slot("form_name") == "Plantado"
    assert tracker.active_loop_name == "consultation_form"
    assert len(row(store, "long") or "") < 50_000
    # What the policies see goes on from a listening bot.
    assert isinstance(tracker.applied_events()[-1], ActionExecuted)


async def reread(store: PrivateTrackerStore, tracker: DialogueStateTracker) -> DialogueStateTracker:
    again = await stored(store, tracker)
    assert state(again) == state(tracker)
    return again


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(40))
async def test_any_conversation_keeps_its_state_when_cut(
    url: str, domain: Domain, seed: int
) -> None:
    """The tracker that was never stored and the one stored at every turn stay alike."""
    chance = random.Random(seed)  # noqa: S311 (repeatable, no secret)
    store = PrivateTrackerStore(domain, url, max_turns=chance.randint(1, 4))
    live, kept = start("random", domain), start("random", domain)
    makers: list[Callable[[], Event]] = [
        lambda: SlotSet("language", chance.choice(["en", "es", None])),
        lambda: SlotSet("form_name", chance.choice(["Plantado", None])),
        lambda: SlotSet("failures", chance.randint(0, 3)),
        lambda: ActionExecuted("action_answer_question"),
        lambda: ActionExecuted("consultation_form"),
        lambda: ActiveLoop(chance.choice(["consultation_form", None])),
        lambda: ActionExecutionRejected("consultation_form"),
        AllSlotsReset,
        ConversationPaused,
        ConversationResumed,
    ]
    for _ in range(12):
        say(live, "?")
        say(kept, "?")
        for _ in range(chance.randint(0, 6)):
            event = chance.choice(makers)()
            live.update(event)
            kept.update(event)
        for tracker in (live, kept):
            tracker.update(ActionExecuted("action_listen"))
        if chance.random() < 0.1:
            for event in (ActionExecuted("action_session_start"), SessionStarted()):
                live.update(event)
                kept.update(event)
        kept = await stored(store, kept)
        assert state(kept) == state(live)


async def test_only_the_current_session_is_kept(store: PrivateTrackerStore, domain: Domain) -> None:
    tracker = converse("session", domain, turns=2)
    for event in (
        ActionExecuted("action_session_start"),
        SessionStarted(),
        SlotSet("language", "es"),
        ActionExecuted("action_listen"),
    ):
        tracker.update(event)
    again = await stored(store, tracker)
    assert [event.type_name for event in again.events] == [
        "action",
        "session_started",
        "slot",
        "action",
    ]
    assert state(again) == state(tracker)


async def test_a_restart_and_an_undone_message_are_kept(
    store: PrivateTrackerStore, domain: Domain
) -> None:
    tracker = converse("undone", domain, turns=2)
    tracker.update(UserUtteranceReverted())
    tracker.update(ActionExecuted("action_listen"))
    tracker = await reread(store, tracker)
    tracker.update(Restarted())
    tracker.update(FollowupAction("action_session_start"))
    await reread(store, tracker)


async def test_a_turn_that_broke_off_does_not_silence_the_bot_for_good(
    store: PrivateTrackerStore, domain: Domain
) -> None:
    tracker = converse("broken", domain, turns=1)
    for _ in range(10):
        tracker.update(ActionExecuted("action_answer_question"))
    again = await stored(store, tracker)
    assert again.latest_action_name == "action_listen"


@pytest.mark.parametrize("then", [[], [Restarted()], [AllSlotsReset()]])
async def test_a_conversation_is_deleted_when_that_was_asked_for(
    store: PrivateTrackerStore, domain: Domain, then: list[Event]
) -> None:
    tracker = converse("deleted", domain, turns=2)
    await store.save(tracker)
    for event in [SlotSet("delete_requested", True), *then, ActionExecuted("action_listen")]:
        tracker.update(event)
    await store.save(tracker)
    assert row(store, "deleted") is None
    assert await store.retrieve("deleted") is None
    await store.save(tracker)
    assert row(store, "deleted") is None
    # The person writes again: a new conversation, which is kept.
    assert await store.get_or_create_tracker("deleted", append_action_listen=False)
    assert (await stored(store, converse("deleted", domain, turns=1))) is not None


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_deletion_leaves_no_trace_on_the_disk(
    store: PrivateTrackerStore, domain: Domain, stored_bytes: Callable[[], bytes]
) -> None:
    tracker = converse("sender-to-be-deleted", domain, turns=30)
    await store.save(tracker)
    assert b"sender-to-be-deleted" in stored_bytes()
    tracker.update(SlotSet("delete_requested", True))
    await store.save(tracker)
    assert b"sender-to-be-deleted" not in stored_bytes()
    assert b"What happens at hearing" not in stored_bytes()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_deletion_that_failed_is_known_and_made_up_for(
    store: PrivateTrackerStore, domain: Domain, sqlite_file: Path
) -> None:
    tracker = converse("later", domain, turns=1)
    await store.save(tracker)
    tracker.update(SlotSet("delete_requested", True))
    store._run(text("ALTER TABLE conversations RENAME TO away"))
    await store.save(tracker)
    assert store.deletion_failed("later")
    assert await store.retrieve("later") is None
    store._run(text("ALTER TABLE away RENAME TO conversations"))
    store.sweep(time.time())
    assert not store.deletion_failed("later")
    assert rows(store) == []


async def test_an_expired_conversation_is_not_returned_and_is_deleted(
    store: PrivateTrackerStore, domain: Domain
) -> None:
    await store.save(converse("old", domain, turns=1))
    set_age(store, "old", hours=23.9)
    assert await store.retrieve("old") is not None
    set_age(store, "old", hours=24.1)
    assert "old" not in await store.keys()
    assert await store.retrieve("old") is None
    assert row(store, "old") is None


async def test_expired_conversations_are_swept_at_most_once_a_minute(
    store: PrivateTrackerStore, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    for sender in ("gone", "here"):
        await store.save(converse(sender, domain, turns=1))
    set_age(store, "gone", hours=25)
    await store.save(converse("here", domain, turns=1))
    assert row(store, "gone") is not None
    monkeypatch.setattr(store, "_swept_at", time.time() - 61)
    await store.save(converse("here", domain, turns=1))
    assert row(store, "gone") is None
    assert row(store, "here") is not None


async def test_retention_is_an_option(url: str, domain: Domain) -> None:
    store = PrivateTrackerStore(domain, url, retention_hours=1, max_turns=2)
    await store.save(converse("short", domain, turns=5))
    assert len([e for e in (await store.retrieve("short")).events if e.type_name == "user"]) == 2
    set_age(store, "short", hours=1.1)
    assert await store.retrieve("short") is None


async def test_rasa_makes_it_from_endpoints_yml(url: str, domain: Domain) -> None:
    config = EndpointConfig.from_dict(
        {"type": "bot.tracker_store.PrivateTrackerStore", "url": url, "retention_hours": 2}
    )
    store = TrackerStore.create(config, domain)
    assert type(store) is PrivateTrackerStore
    assert store.healthcheck() is None


@pytest.mark.parametrize(
    "bad_url",
    [
        None,
        "",
        "var/tracker.db",
        "${TRACKER_URL}",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://user:secret@host/name",
        "sqlite:////nowhere/tracker.db",
        "postgresql+psycopg2://user:secret@127.0.0.1:1/name",
        "postgresql+nodriver://user:secret@127.0.0.1:1/name",
        "postgresql+pg8000://user:secret@127.0.0.1:1/name",
    ],
)
async def test_a_wrong_url_stops_the_start_with_a_sentence(bad_url: str | None) -> None:
    config = EndpointConfig(bad_url, type="bot.tracker_store.PrivateTrackerStore")
    with pytest.raises((InvalidConfigException, ConnectionException)) as caught:
        TrackerStore.create(config)
    assert "TRACKER_URL" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"retention_hours": 0}, "`retention_hours` .* must be a number above 0"),
        ({"retention_hours": "soon"}, "`retention_hours` .* must be a number above 0"),
        ({"max_turns": 0.5}, "`max_turns` .* must be a number above 0"),
        ({"max_turn": 5}, r"options it doesn't know: \['max_turn'\]"),
        ({"event_broker": object.__new__(EventBroker)}, "Take event_broker out"),
    ],
)
async def test_a_wrong_option_is_refused(
    sqlite_file: Path, options: dict[str, object], sentence: str
) -> None:
    with pytest.raises(RasaException, match=sentence):
        PrivateTrackerStore(None, f"sqlite:///{sqlite_file}", **options)


async def test_a_wrong_key_is_refused(sqlite_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("short", "é" * 44):
        monkeypatch.setenv("FORM_KEY", key)
        with pytest.raises(InvalidConfigException, match="FORM_KEY must be a Fernet key"):
            PrivateTrackerStore(None, f"sqlite:///{sqlite_file}")


async def test_the_health_check_leaves_no_row(store: PrivateTrackerStore) -> None:
    before = len(rows(store))
    assert store.healthcheck() is None
    assert len(rows(store)) == before


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_failure_is_logged_without_words_and_never_kept_in_memory(
    store: PrivateTrackerStore, domain: Domain, caplog: pytest.LogCaptureFixture
) -> None:
    wrapped = FailSafeTrackerStore(store)
    tracker = converse("failing", domain, turns=1)
    say(tracker, PERSONAL, "Soy [name]")
    store._run(text("DROP TABLE conversations"))
    with caplog.at_level(logging.DEBUG):
        await wrapped.save(tracker)
        assert await wrapped.retrieve("failing") is None
        store.sweep(time.time())
    assert wrapped._fallback_tracker_store is None
    assert "A conversation was not stored: OperationalError" in caplog.text
    assert "A conversation was not read: OperationalError" in caplog.text
    assert not any(needle in caplog.text for needle in NEEDLES)
    assert "failed a write and read: OperationalError" in (store.healthcheck() or "")


@pytest.mark.parametrize("damage", ["", "[", "null", '[{"event":"no-such-event"}]', '[{"a":1}]'])
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_damaged_row_starts_a_new_conversation(
    store: PrivateTrackerStore, domain: Domain, damage: str
) -> None:
    await store.save(converse("damaged", domain, turns=1))
    store._run(text("UPDATE conversations SET events = :events"), events=damage)
    assert await store.retrieve("damaged") is None
    assert await stored(store, converse("damaged", domain, turns=1))


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_the_file_is_its_owners_alone(store: PrivateTrackerStore, sqlite_file: Path) -> None:
    for path in sqlite_file.parent.glob("tracker.db*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_locked_file_is_waited_for(
    store: PrivateTrackerStore, domain: Domain, sqlite_file: Path
) -> None:
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as threads:
        saving = threads.submit(asyncio.run, store.save(converse("waits", domain, turns=1)))
        await asyncio.sleep(0.4)
        assert not saving.done()
        other.execute("COMMIT")
        saving.result(timeout=5)
    other.close()
    assert row(store, "waits") is not None


async def test_threads_may_save_and_read_at_once(
    store: PrivateTrackerStore, domain: Domain, caplog: pytest.LogCaptureFixture
) -> None:
    def work(number: int) -> bool:
        tracker = converse(f"thread-{number % 8}", domain, turns=number % 5 + 1)
        asyncio.run(store.save(tracker))
        return asyncio.run(store.retrieve(tracker.sender_id)) is not None

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(work, range(80)))
    assert "was not" not in caplog.text
    assert len([name for name, _, _ in rows(store) if name.startswith("thread-")]) == 8


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_dead_connection_is_replaced(store: PrivateTrackerStore, domain: Domain) -> None:
    await store.save(converse("reconnects", domain, turns=1))
    other = PrivateTrackerStore(domain, str(store._engine.url))
    other._run(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
    )
    assert await store.retrieve("reconnects") is not None
    with pytest.raises(OperationalError):
        store._run(text("SELECT pg_sleep(6)"))


def in_form(sender: str, domain: Domain) -> DialogueStateTracker:
    tracker = start(sender, domain)
    say(tracker, "An appointment", "An appointment")
    answer(tracker)
    for event in (
        ActionExecuted("consultation_form"),
        ActiveLoop("consultation_form"),
        SlotSet("form_name", "Plantado"),
        SlotSet("requested_slot", "form_phone"),
        ActionExecuted("action_listen"),
    ):
        tracker.update(event)
    return tracker
