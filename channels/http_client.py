"""What the clients of our own processes have in common."""

from types import TracebackType
from typing import Self

import httpx


class LocalClient:
    """Holds one connection pool and closes it; an async context manager.

    Args:
        timeout: of each step of a request.
        base_url: put before relative addresses.
    """

    def __init__(self, timeout: httpx.Timeout | float, base_url: str = "") -> None:
        # trust_env: a proxy of the environment has no business between two local processes.
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout, trust_env=False)

    async def __aenter__(self) -> Self:
        """Return the client itself."""
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self._http.aclose()
