"""Whether everything that an answer needs is there: Rasa with its model, and the action server."""

import asyncio
import time
from http import HTTPStatus

import httpx

from channels.http_client import LocalClient

RASA_HEALTH = "/webhooks/private/health"
_SECONDS = 4.0
_FRESH_SECONDS = 1.0  # the outside may ask as often as it likes; the inside is asked once


class HealthCheck(LocalClient):
    """Looks at Rasa and at the action server; use it as an async context manager.

    Args:
        rasa_url: Rasa's address.
        actions_url: the action server's address.
    """

    def __init__(self, rasa_url: str, actions_url: str) -> None:
        self._rasa_url = rasa_url.rstrip("/")
        self._actions_url = actions_url.rstrip("/")
        super().__init__(_SECONDS)
        self._lock = asyncio.Lock()
        self._checked_at = float("-inf")
        self._problems: list[str] = []

    async def problems(self) -> list[str]:
        """Return one sentence for each thing that is wrong, at most a second old."""
        async with self._lock:
            if time.monotonic() - self._checked_at > _FRESH_SECONDS:
                rasa, actions = await asyncio.gather(self._rasa(), self._actions())
                self._problems = rasa + actions
                self._checked_at = time.monotonic()
            return list(self._problems)

    async def _rasa(self) -> list[str]:
        # Our channel's own answer: Rasa's /status is off in production, and its GET / says only
        # that the process is there.
        answer = await self._get(f"{self._rasa_url}{RASA_HEALTH}")
        if answer is None:
            return ["The Rasa server does not answer (RASA_URL)."]
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return ["The Rasa server has no channel named private (credentials.yml)."]
        return _problems(answer, "The Rasa server")

    async def _actions(self) -> list[str]:
        answer = await self._get(f"{self._actions_url}/health")
        if answer is None:
            return ["The action server does not answer (ACTIONS_URL)."]
        return _problems(answer, "The action server")

    async def _get(self, url: str) -> httpx.Response | None:
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._http.get(url)
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL):
            return None


def _problems(answer: httpx.Response, who: str) -> list[str]:
    body = _json(answer)
    if answer.status_code == HTTPStatus.OK and body.get("status") == "ok":
        return []
    listed = body.get("problems")
    problems = [str(problem) for problem in listed] if isinstance(listed, list) else []
    return problems or [f"{who} is not ready: HTTP {answer.status_code}."]


def _json(response: httpx.Response) -> dict[str, object]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
