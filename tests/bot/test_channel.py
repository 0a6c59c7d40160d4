"""The channel over real HTTP, on a real agent and store; only Rasa's processor is played."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import rasa.shared.utils.io
import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from sanic import Sanic
from sqlalchemy import text

from bot import channel, log_privacy
from bot.channel import PrivateRestInput
from bot.tracker_store import PrivateTrackerStore
from tests.bot.conftest import start

PLANTED = "A-123-456-789 me@planted.org"
MESSAGE = {"sender": "s", "message": PLANTED}

pytestmark = pytest.mark.asyncio


@pytest.fixture
def url(sqlite_file: Path) -> str:
    return f"sqlite:///{sqlite_file}"


class Processor:
    """Handles messages as Rasa's own does: reads the tracker, replies, saves it."""

    def __init__(self, store: TrackerStore, domain: Domain) -> None:
        self.tracker_store = store
        self.domain = domain
        self.model_metadata = SimpleNamespace(model_id="model-1")
        self.seen: list[UserMessage] = []
        self.fails_with: BaseException | None = None
        self.deletes = False

    async def handle_message(self, message: UserMessage) -> None:
        self.seen.append(message)
        if self.fails_with is not None:
            raise self.fails_with
        tracker = start(message.sender_id, self.domain)
        tracker.update(UserUttered(message.text, {"name": "help"}, metadata=message.metadata))
        if self.deletes:
            tracker.update(SlotSet("delete_requested", True))
        await message.output_channel.send_custom_json(message.sender_id, {"kind": "answer"})
        await self.tracker_store.save(tracker)


@pytest.fixture(autouse=True)
def _log_everything_after(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    log_privacy.withhold(active=False)


@pytest.fixture
def agent(store: PrivateTrackerStore, domain: Domain) -> Agent:
    agent = Agent(domain=domain, tracker_store=store, lock_store=InMemoryLockStore())
    agent.processor = Processor(agent.tracker_store, domain)
    return agent


@pytest_asyncio.fixture()
async def client(agent: Agent) -> AsyncIterator[aiohttp.ClientSession]:
    async with serving(agent) as session:
        yield session


@asynccontextmanager
async def serving(agent: Agent) -> AsyncIterator[aiohttp.ClientSession]:
    """Serve an agent on a free port while the block lasts."""
    # Else only the first app of a process starts.
    Sanic.test_mode = True
    app = Sanic("test_channel", configure_logging=False, register=False)
    app.ctx.agent = agent
    register([PrivateRestInput()], app, route="/webhooks/")
    server = await app.create_server("127.0.0.1", 0, return_asyncio_server=True)
    await server.startup()
    try:
        await server.before_start()
        await server.after_start()
        port = server.server.sockets[0].getsockname()[1]
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            yield session
    finally:
        await server.before_stop()
        server.close()
        await server.wait_closed()


async def post(client: aiohttp.ClientSession, **request: Any) -> tuple[int, Any]:
    async with client.post("/webhooks/private/webhook", **request) as reply:
        return reply.status, await reply.json()


async def health(client: aiohttp.ClientSession) -> tuple[int, Any]:
    async with client.get("/webhooks/private/health") as reply:
        return reply.status, await reply.json()


async def test_a_message_is_answered(client: aiohttp.ClientSession) -> None:
    status, body = await post(client, json=MESSAGE)
    assert status == 200
    assert body == [{"recipient_id": "s", "custom": {"kind": "answer"}}]


async def test_metadata_is_dropped_but_for_the_language(
    client: aiohttp.ClientSession, agent: Agent
) -> None:
    for metadata, kept in (
        ({"language": "es", "phone": "718-555-0123"}, {"language": "es"}),
        ({"language": PLANTED}, {}),
        ({"language": ["es", {"a": 1}]}, {}),
        ("text", {}),
        (None, {}),
    ):
        await post(client, json={**MESSAGE, "metadata": metadata, "input_channel": PLANTED})
        assert agent.processor.seen[-1].metadata == kept
        assert agent.processor.seen[-1].input_channel == "private"


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"json": {"sender": "s"}}, "`message` must be a string that is not empty."),
        ({"json": {"sender": "s", "message": " \n"}}, "`message` must be a string"),
        ({"json": {"sender": "s", "message": 5}}, "`message` must be a string"),
        ({"json": {"message": PLANTED}}, "`sender` must be a string"),
        ({"json": {"sender": "", "message": PLANTED}}, "`sender` must be a string"),
        ({"json": {"sender": "a\x00", "message": PLANTED}}, "`sender` must be a string"),
        ({"json": {"sender": "a" * 256, "message": PLANTED}}, "`sender` must be a string"),
        ({"json": {"sender": {"a": 1}, "message": PLANTED}}, "`sender` must be a string"),
        ({"json": [PLANTED]}, "The body is not a JSON object."),
        ({"data": PLANTED}, "The body is not JSON."),
        ({}, "The body is not a JSON object."),
    ],
)
async def test_a_bad_request_gets_a_sentence(
    client: aiohttp.ClientSession,
    agent: Agent,
    caplog: pytest.LogCaptureFixture,
    request_: dict[str, Any],
    sentence: str,
) -> None:
    status, body = await post(client, **request_)
    assert status == 400
    assert body["error"].startswith(sentence)
    assert agent.processor.seen == []
    assert "123-456" not in caplog.text


async def test_an_exception_is_a_500_and_logged_without_words(
    client: aiohttp.ClientSession, agent: Agent, caplog: pytest.LogCaptureFixture
) -> None:
    cause = KeyError(PLANTED)
    agent.processor.fails_with = ValueError(PLANTED)
    agent.processor.fails_with.__cause__ = cause
    status, body = await post(client, json=MESSAGE)
    assert status == 500
    assert body == {"error": "ValueError"}
    record = next(r for r in caplog.records if r.name == "bot.channel")
    assert "ValueError at" in record.getMessage()
    assert "test_channel.py:" in record.getMessage()
    assert "because of KeyError" in record.getMessage()
    assert "123-456" not in caplog.text


async def test_before_a_model_is_loaded_a_message_is_a_503(agent: Agent) -> None:
    agent.processor = None
    async with serving(agent) as client:
        assert await post(client, json=MESSAGE) == (503, {"error": "AgentNotReady"})
        status, body = await health(client)
    assert status == 503
    assert body == {"problems": ["No trained model is loaded. Run `make train`."]}


async def test_a_deletion_that_failed_is_not_confirmed(
    client: aiohttp.ClientSession, agent: Agent, store: PrivateTrackerStore
) -> None:
    agent.processor.deletes = True
    assert (await post(client, json=MESSAGE))[0] == 200
    store._run(text("ALTER TABLE conversations RENAME TO away"))
    assert await post(client, json=MESSAGE) == (500, {"error": "DeletionFailed"})


async def test_with_the_store_down_people_are_still_answered(
    client: aiohttp.ClientSession, agent: Agent, store: PrivateTrackerStore
) -> None:
    store._run(text("DROP TABLE conversations"))
    assert (await post(client, json=MESSAGE))[0] == 200
    assert agent.tracker_store._fallback_tracker_store is None
    status, body = await health(client)
    assert status == 503
    assert body["problems"] == [
        "The store of conversations failed a write and read: OperationalError."
    ]


async def test_health_is_good_when_all_is(client: aiohttp.ClientSession) -> None:
    assert await health(client) == (200, {"status": "ok", "model_id": "model-1"})


async def test_another_store_stops_the_start(agent: Agent, domain: Domain) -> None:
    agent.tracker_store = InMemoryTrackerStore(domain)
    assert "PrivateTrackerStore" in (await channel.problems_of(agent))[0]
    with pytest.raises(InvalidConfigException, match=r"Check `tracker_store` in endpoints\.yml"):
        async with serving(agent):
            pass


async def test_expired_conversations_are_swept_while_nobody_writes(
    agent: Agent, store: PrivateTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[float] = []
    monkeypatch.setattr(channel, "_SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(store, "sweep", swept.append)
    async with serving(agent) as client:
        while not swept:
            await health(client)


# What Rasa logs, made to log by its own code where that is possible.


def misread(message: str) -> Callable[[Domain], object]:
    def read(domain: Domain) -> object:
        return YAMLStoryReader.unpack_regex_message(Message({"text": message}), domain)

    return read


def raise_and_log(_: Domain) -> None:
    try:
        raise ValueError(PLANTED)
    except ValueError:
        logging.getLogger("rasa.core.processor").exception("Failed on %s", PLANTED)
        logging.getLogger("sanic.error").error(PLANTED, exc_info=True, stack_info=True)
        structlog.get_logger().exception("rest.message.received.failure", text=PLANTED)


def log(name: str, level: int) -> Callable[[Domain], None]:
    return lambda _: logging.getLogger(name).log(level, f"said {PLANTED}")


@pytest.mark.parametrize(
    "speak",
    [
        misread(f"/{{{PLANTED}"),
        misread(f"/unknown {PLANTED}"),
        misread(f'/help{{"{PLANTED}": 1}}'),
        misread(f"/help{{{PLANTED}}}"),
        misread(f"/help@7.5{{}} {PLANTED}"),
        raise_and_log,
        log("rasa.core.actions.action", logging.ERROR),
        log("rasa.core.tracker_store", logging.WARNING),
        log("rasa.shared.core.trackers", logging.INFO),
        log("asyncio", logging.ERROR),
        lambda _: structlog.get_logger().error("rest.message.received.timeout", text=PLANTED),
        lambda _: structlog.get_logger().warning("x", event_info=f"said {PLANTED}"),
        lambda _: structlog.get_logger().info("processor.message.parse", parse_data_text=PLANTED),
        lambda _: rasa.shared.utils.io.raise_warning(PLANTED),
        lambda _: rasa.shared.utils.io.raise_warning(PLANTED, FutureWarning, docs="https://x"),
    ],
)
async def test_what_rasa_logs_has_no_words_in_it(
    domain: Domain,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    speak: Callable[[Domain], object],
) -> None:
    log_privacy._warned.clear()
    # First that it would be said: a check of the check.
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        speak(domain)
    said = caplog.text + str([str(w.message) for w in warned]) + "".join(capfd.readouterr())
    assert "planted" in said
    caplog.clear()

    log_privacy.withhold()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        speak(domain)
    printed = "".join(capfd.readouterr())
    assert warned == []
    assert caplog.records, "that something happened must be logged"
    for output in (caplog.text, printed, *(str(r.__dict__) for r in caplog.records)):
        assert "planted" not in output
        assert "123-456" not in output


async def test_what_is_left_of_a_record_tells_where_and_what(
    domain: Domain, caplog: pytest.LogCaptureFixture
) -> None:
    log_privacy.withhold()
    raise_and_log(domain)
    first = caplog.messages[0]
    assert first.startswith("rasa.core.processor:")
    assert "in raise_and_log (words withheld): ValueError at test_channel.py:" in first
    structured = next(m for m in caplog.messages if m.startswith("rest.message.received.failure"))
    assert "ValueError at test_channel.py:" in structured


async def test_debug_records_and_our_own_pass(caplog: pytest.LogCaptureFixture) -> None:
    log_privacy.withhold()
    logging.getLogger("rasa.core.agent").debug("for developers")
    logging.getLogger("bot.components.message_reader").error("entry %s", "how-to-appeal")
    assert caplog.messages == ["for developers", "entry how-to-appeal"]


async def test_a_warning_is_logged_once_a_place(caplog: pytest.LogCaptureFixture) -> None:
    log_privacy._warned.clear()
    log_privacy.withhold()
    for number in range(5):
        rasa.shared.utils.io.raise_warning(f"{PLANTED} {number}")
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith(f"{__name__}:")


async def test_crashes_are_not_reported_to_others() -> None:
    import sentry_sdk
    from rasa import telemetry

    assert sentry_sdk.Hub.current.client.dsn in (None, "")
    assert telemetry.is_telemetry_enabled() is False
    assert "bot.channel" in sys.modules
