"""channels/rasa_client.py against real HTTP: each way to fail has its own error."""

import asyncio

import pytest
from fake_rasa import FakeRasa
from gateway_runner import free_port

from channels.rasa_client import (
    AssistantError,
    AssistantFailed,
    AssistantTimedOut,
    AssistantUnreachable,
    EmptyReply,
    RasaClient,
    UnreadableReply,
)
from channels.wire import Reply


def _send(url: str, message: str, timeout: float = 5) -> list[Reply]:
    async def scenario() -> list[Reply]:
        async with RasaClient(url, timeout) as client:
            return await client.send("s" * 64, message, {"language": "en"})

    return asyncio.run(scenario())


def test_returns_the_replies(rasa: FakeRasa) -> None:
    assert [reply.kind for reply in _send(rasa.url, "answer")] == ["answer"]
    assert rasa.received == [
        {"sender": "s" * 64, "message": "answer", "metadata": {"language": "en"}}
    ]


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("raw:[]", EmptyReply),
        ("raw:", UnreadableReply),
        ("raw:{}", UnreadableReply),
        ("raw:" + "[" * 100_000, UnreadableReply),
        ('raw:[{"recipient_id": "s", "text": "hello 123"}]', UnreadableReply),
        ("status:500", AssistantFailed),
        ("status:404", AssistantFailed),
    ],
)
def test_a_failure_has_its_error(rasa: FakeRasa, message: str, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        _send(rasa.url, message)
    assert "123" not in str(raised.value)


def test_time_out(rasa: FakeRasa) -> None:
    with pytest.raises(AssistantTimedOut) as raised:
        _send(rasa.url, "sleep:0.5", timeout=0.05)
    assert raised.value.http_status == 504


def test_refused() -> None:
    with pytest.raises(AssistantUnreachable) as raised:
        _send(f"http://127.0.0.1:{free_port()}", "hello")
    assert isinstance(raised.value, AssistantError)
    assert raised.value.http_status == 503
