"""Keeps conversations: one row each, with nothing personal in it, for a day.

See docs/decisions/0006-tracker-store.md for why Rasa's own stores are not used.
"""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import ConnectionException, InvalidConfigException
from sqlalchemy import event as sa_event
from sqlalchemy.pool import QueuePool

from bot.event_storage import Sealer, to_events, to_text

logger = logging.getLogger(__name__)

DELETE_SLOT = "delete_requested"
_SWEEP_SECONDS = 60
_HOUR = 3600
# Seconds to wait for another process that is writing to the same SQLite file.
_LOCK_TIMEOUT = 5

_CREATE = (
    "CREATE TABLE IF NOT EXISTS conversations (sender_id TEXT PRIMARY KEY, "
    "updated_at DOUBLE PRECISION NOT NULL, events TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS conversations_updated_at ON conversations (updated_at)",
)
_SAVE = sa.text(
    "INSERT INTO conversations (sender_id, updated_at, events) VALUES (:sender, :now, :events) "
    "ON CONFLICT (sender_id) DO UPDATE SET updated_at = excluded.updated_at, "
    "events = excluded.events"
)
_LOAD = sa.text("SELECT updated_at, events FROM conversations WHERE sender_id = :sender")
_DELETE = sa.text("DELETE FROM conversations WHERE sender_id = :sender")
_KEYS = sa.text("SELECT sender_id FROM conversations WHERE updated_at > :cutoff")
_SWEEP = sa.text("DELETE FROM conversations WHERE updated_at <= :cutoff")


class PrivateTrackerStore(TrackerStore):
    """Stores a conversation redacted, truncated, partly encrypted and for a limited time.

    Its methods don't raise once the store is made. Rasa would answer an exception by keeping the
    whole conversation, unredacted, in memory. A failure is logged, the person still gets an
    answer, and `healthcheck` says what is wrong.

    Args:
        domain: Rasa's domain, for the slots.
        host: the `url` of endpoints.yml (Rasa passes it under this name): an SQLAlchemy URL.
        event_broker: refused, as it would be sent the unredacted events.
        retention_hours: how long a conversation is kept after its latest message.
        max_turns: how many messages of the person are kept.
        options: refused, so that a misspelt option isn't passed over.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        retention_hours: float = 24,
        max_turns: int = 30,
        **options: Any,
    ) -> None:
        """Open the store; an option or a database that can't work is an error in a sentence."""
        if options:
            raise InvalidConfigException(
                f"tracker_store in endpoints.yml has options it doesn't know: {sorted(options)}. "
                "It knows url, retention_hours and max_turns."
            )
        if event_broker is not None:
            raise InvalidConfigException(
                "Take event_broker out of endpoints.yml: it would be sent people's words."
            )
        self._retention = _positive("retention_hours", retention_hours) * _HOUR
        self._max_turns = int(_positive("max_turns", max_turns))
        self._sealer = Sealer()
        self._engine = _connect(host)
        self._swept_at = 0.0
        self._undeleted: set[str] = set()
        super().__init__(domain)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the conversation, or delete it where that was asked for."""
        if tracker is None or not tracker.events:
            return
        now = time.time()
        try:
            if _wants_deletion(tracker):
                self.delete(tracker.sender_id)
            else:
                events = to_text(tracker, self._max_turns, self._sealer)
                self._run(_SAVE, sender=tracker.sender_id, now=now, events=events)
        except Exception as error:
            # Its class alone: a message may quote what was to be stored.
            logger.error("A conversation was not stored: %s", type(error).__name__)
        if now - self._swept_at >= _SWEEP_SECONDS:
            self.sweep(now)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation, or None where there is none or it has expired."""
        try:
            if sender_id in self._undeleted:
                self.delete(sender_id)
                return None
            rows = self._run(_LOAD, sender=sender_id)[0]
            if not rows:
                return None
            if rows[0].updated_at <= time.time() - self._retention:
                self.delete(sender_id)
                return None
            tracker = self.init_tracker(sender_id)
            for event in to_events(rows[0].events, self._sealer):
                tracker.update(event)
            if tracker.latest_action_name not in (None, ACTION_LISTEN_NAME):
                # A turn broke off. Rasa would count its actions on, and never answer again.
                tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
            return tracker
        except Exception as error:
            logger.error("A conversation was not read: %s", type(error).__name__)
            return None

    async def keys(self) -> Iterable[str]:
        """Return the ids of the conversations that haven't expired."""
        rows = self._run(_KEYS, cutoff=time.time() - self._retention)[0]
        return [row.sender_id for row in rows]

    def delete(self, sender_id: str) -> None:
        """Delete a conversation; where that fails, it is tried again until it doesn't."""
        self._undeleted.add(sender_id)
        self._run(_DELETE, sender=sender_id)
        self._forget_old_pages()
        self._undeleted.discard(sender_id)

    def deletion_failed(self, sender_id: str) -> bool:
        """Tell whether a conversation was to be deleted and could not be."""
        return sender_id in self._undeleted

    def sweep(self, now: float) -> None:
        """Delete the conversations that had expired at `now` (seconds since 1970)."""
        self._swept_at = now
        try:
            for sender_id in list(self._undeleted):
                self.delete(sender_id)
            if self._run(_SWEEP, cutoff=now - self._retention)[1]:
                self._forget_old_pages()
        except sa.exc.SQLAlchemyError as error:
            logger.error("Expired conversations were not deleted: %s", type(error).__name__)

    def healthcheck(self) -> str | None:
        """Write, read and delete a row; return what is wrong in a sentence, or None."""
        sender = f"healthcheck-{uuid.uuid4().hex}"
        try:
            self._run(_SAVE, sender=sender, now=time.time(), events="[]")
            read = len(self._run(_LOAD, sender=sender)[0])
            deleted = self._run(_DELETE, sender=sender)[1]
        except Exception as error:
            return f"The store of conversations failed a write and read: {type(error).__name__}."
        return None if read == deleted == 1 else "The store of conversations lost a row at once."

    def _run(self, statement: Any, **values: Any) -> tuple[list[Any], int]:
        """Return the rows that a statement found and the number that it changed."""
        for attempt in (1, 2):
            try:
                with self._engine.connect() as connection:
                    result = connection.execute(statement, values)
                    return list(result) if result.returns_rows else [], result.rowcount
            except sa.exc.DBAPIError as error:
                # The server was restarted: its connections are dead, a new one may work.
                if attempt == 2 or not error.connection_invalidated:
                    raise
        raise AssertionError("not reached")

    def _forget_old_pages(self) -> None:
        """Empty SQLite's journal, where deleted rows would stay for a while."""
        if self._engine.dialect.name == "sqlite":
            self._run(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _wants_deletion(tracker: DialogueStateTracker) -> bool:
    # Looked for among all events: a restart in the same turn has reset the slot by now.
    for event in reversed(tracker.events):
        if isinstance(event, SlotSet) and event.key == DELETE_SLOT:
            return bool(event.value)
    return False


def _positive(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = 0
    if not number > 0 or (name == "max_turns" and number < 1):
        raise InvalidConfigException(
            f"`{name}` of tracker_store in endpoints.yml must be a number above 0."
        )
    return number


def _connect(url: str | None) -> sa.engine.Engine:
    """Open the database and make the table.

    Raises:
        InvalidConfigException: the URL is missing or of a kind that isn't supported.
        ConnectionException: the database can't be opened.
    """
    try:
        parsed = sa.engine.make_url(url or "")
        backend = parsed.get_backend_name()
    except (sa.exc.ArgumentError, AttributeError) as error:
        raise InvalidConfigException(_URL_HELP) from error
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        # Threads share the connections, one at a time: the pool sees to it.
        connect_args: dict[str, Any] = {"timeout": _LOCK_TIMEOUT, "check_same_thread": False}
    elif backend == "postgresql":
        connect_args = {"connect_timeout": 3, "options": "-c statement_timeout=5000"}
    else:
        raise InvalidConfigException(_URL_HELP)
    try:
        engine = sa.create_engine(
            parsed,
            # Each of our statements stands alone; this saves a BEGIN and a COMMIT.
            isolation_level="AUTOCOMMIT",
            poolclass=QueuePool,
            connect_args=connect_args,
            # An error message would hold the row.
            hide_parameters=True,
        )
        if backend == "sqlite":
            sa_event.listen(engine, "connect", _set_up_sqlite)
        with engine.connect() as connection:
            for statement in _CREATE:
                connection.execute(sa.text(statement))
    # Also ImportError (no driver): Rasa would answer that one by using memory instead.
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        raise ConnectionException(
            f"The store of conversations can't be opened at {parsed!r} ({type(error).__name__}). "
            "Check TRACKER_URL: does the folder exist, does the server run?"
        ) from error
    if backend == "sqlite":
        _keep_to_owner(Path(parsed.database))
    return engine


_URL_HELP = (
    "`url` of tracker_store in endpoints.yml must be the URL of a SQLite file or of PostgreSQL, "
    "as sqlite:///var/tracker.db or postgresql+psycopg2://user@host/name. Set TRACKER_URL to one."
)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_LOCK_TIMEOUT * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # A crash of the machine may lose the last messages, never the file.
    cursor.execute("PRAGMA synchronous = NORMAL")
    # Deleted rows are overwritten with zeros.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _keep_to_owner(database: Path) -> None:
    os.chmod(database, 0o600)
    for suffix in ("-wal", "-shm"):
        side = database.with_name(database.name + suffix)
        if side.exists():
            os.chmod(side, 0o600)
