"""One kept-alive HTTP session for everything that Rasa asks of the action server.

Rasa opens a new session, and with it a new TCP connection, for every action: two milliseconds of
each turn (evals/results/bench.md).
"""

from __future__ import annotations

import asyncio
from typing import Any, Optional

import aiohttp
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.utils.endpoints import EndpointConfig

from bot import rasa_version

rasa_version.require("bot/connections.py", "EndpointConfig.session")

_session: Optional[aiohttp.ClientSession] = None
_loop: Optional[asyncio.AbstractEventLoop] = None


def shared_session() -> aiohttp.ClientSession:
    """Return the session of the running event loop."""
    global _session, _loop
    loop = asyncio.get_running_loop()
    if _session is None or _session.closed or _loop is not loop:
        _session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT)
        )
        _loop = loop
    return _session


async def close() -> None:
    """Close the session, when the server stops."""
    if _session is not None and not _session.closed:
        await _session.close()


class _Shared:
    """Stands where Rasa opens and closes a session of its own: the shared one stays open."""

    async def __aenter__(self) -> aiohttp.ClientSession:
        return shared_session()

    async def __aexit__(self, *_: Any) -> None:
        return None


def install() -> None:
    """Give every endpoint without credentials of its own the shared session."""
    stock = EndpointConfig.session

    def session(endpoint: EndpointConfig) -> Any:
        if endpoint.basic_auth or endpoint.headers:
            return stock(endpoint)
        return _Shared()

    EndpointConfig.session = session
