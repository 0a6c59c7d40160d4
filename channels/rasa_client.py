"""Rasa's REST channel as one awaitable call, and the few ways in which it fails."""

import asyncio
import json
from collections.abc import Mapping
from http import HTTPStatus

import httpx

from channels.http_client import LocalClient
from channels.wire import Reply, WireError, read_replies

WEBHOOK = "/webhooks/private/webhook"


class AssistantError(Exception):
    """The assistant gave no usable reply. No message of this family quotes a conversation.

    Args:
        message: what happened, for the log.
    """

    http_status = HTTPStatus.SERVICE_UNAVAILABLE


class AssistantUnreachable(AssistantError):
    """No connection, or one that broke."""


class AssistantTimedOut(AssistantError):
    """No reply within RASA_TIMEOUT."""

    http_status = HTTPStatus.GATEWAY_TIMEOUT


class AssistantFailed(AssistantError):
    """Rasa answered with an HTTP error."""


class EmptyReply(AssistantError):
    """Rasa answered with nothing, which is what it does after an error inside (DESIGN.md 6.3)."""


class UnreadableReply(AssistantError):
    """Rasa answered with something that isn't the wire."""


class RasaClient(LocalClient):
    """Sends messages to Rasa. One is enough for a process; use it as an async context manager.

    Args:
        url: Rasa's address, without a path.
        timeout: seconds to wait for a whole reply.
    """

    def __init__(self, url: str, timeout: float) -> None:
        self._timeout = timeout
        super().__init__(httpx.Timeout(timeout, connect=min(timeout, 5)), base_url=url)

    async def send(
        self, sender_id: str, message: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        """Return what the assistant replies to `message`, at least one reply.

        Args:
            sender_id: the conversation; nothing that names a person.
            message: cleaned text, or the payload of one of our buttons.
            metadata: kept by Rasa with the message, so nothing personal in it either.

        Raises:
            AssistantError: one of its family, if there is no usable reply.
        """
        body = {"sender": sender_id, "message": message, "metadata": dict(metadata or {})}
        # Each step of httpx has its own time-out; this one is for all of them together.
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._http.post(WEBHOOK, json=body)
        except (TimeoutError, httpx.TimeoutException):
            raise AssistantTimedOut(f"No reply from Rasa in {self._timeout:g} s.") from None
        except httpx.HTTPError as error:
            raise AssistantUnreachable(f"Rasa: {type(error).__name__}.") from None
        if response.status_code != HTTPStatus.OK:
            raise AssistantFailed(f"Rasa answered with HTTP {response.status_code}.")
        return _replies(response.content)


def _replies(content: bytes) -> list[Reply]:
    try:
        replies = read_replies(json.loads(content))
    except WireError as error:
        raise UnreadableReply(str(error)) from None
    except (ValueError, RecursionError):
        raise UnreadableReply("Rasa's reply is not JSON.") from None
    if not replies:
        raise EmptyReply("Rasa answered with no reply.")
    return replies
