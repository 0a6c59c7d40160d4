"""Reads a request's body before the application does, and no more of it than is allowed."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.web.refusals import Refused

_SECONDS = 30  # for the whole body; a client that trickles holds a connection no longer
# Read and thrown away beyond the limit: a browser still sending would report a broken connection
# and never show our sentence.
_DRAIN_TIMES = 8

Respond = Callable[[Request, Refused], Awaitable[Response]]


class BodyLimit:
    """ASGI middleware; the body is counted as it comes in, whatever Content-Length says.

    Args:
        app: what gets the request.
        max_bytes: the largest body that is passed on.
        respond: makes the response of a refusal.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, respond: Respond) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._respond = respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body read, or refuse it."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(_SECONDS):
                body = await self._read(receive)
        except TimeoutError:
            await self._refuse(HTTPStatus.REQUEST_TIMEOUT, "web_unreadable", scope, receive, send)
            return
        if body is None:
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            await self._refuse(status, "web_body_too_large", scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """Return the body, or None if it is too large."""
        chunks: list[bytes] = []
        size = 0
        more = True
        while more and size <= self._max_bytes * _DRAIN_TIMES:
            message = await receive()
            chunk: bytes = message.get("body", b"")
            size += len(chunk)
            if size <= self._max_bytes:
                chunks.append(chunk)
            else:
                chunks.clear()
            more = message["type"] == "http.request" and message.get("more_body", False)
        return b"".join(chunks) if size <= self._max_bytes else None

    async def _refuse(
        self, status: HTTPStatus, key: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        response = await self._respond(Request(scope), Refused(status, key))
        response.headers["Connection"] = "close"  # else the rest is read, and thrown away, for ever
        await response(scope, receive, send)


def _replay(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed
