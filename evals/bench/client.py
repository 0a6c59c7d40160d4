"""A small HTTP client: one connection, one request at a time, little time of its own."""

import http.client
import json
import time
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from evals.bench.settings import BenchError

_TIMEOUT = 60.0
_OK = 200


class Client:
    """Talks to one server of this machine over a connection that stays open.

    Args:
        url: the server's address, without a path.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=_TIMEOUT)

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self._connection.close()

    def say(self, webhook: str, sender: str, text: str) -> float:
        """Send one message and return the milliseconds until the whole reply was read.

        Raises:
            BenchError: the reply is empty or an error, which would pass for a quick one.
            OSError: there is no connection.
        """
        began = time.perf_counter()
        status, content = self._ask("POST", webhook, {"sender": sender, "message": text})
        took = (time.perf_counter() - began) * 1000
        if status != _OK or not _says_something(content):
            raise BenchError(
                f"{self._url}{webhook} answered a message with {status} {content[:200]!r}. "
                "A reply that says nothing can't be timed; see its log."
            )
        return took

    def get(self, path: str) -> Any:
        """Return the JSON, or the text, at `path`."""
        return self._data("GET", path, None)

    def post(self, path: str, body: object) -> Any:
        """Return the JSON that `path` answers to `body`."""
        return self._data("POST", path, body)

    def _data(self, method: str, path: str, body: object) -> Any:
        status, content = self._ask(method, path, body)
        if status != _OK:
            raise BenchError(f"{self._url}{path} answered {status} {content[:200]!r}.")
        try:
            return json.loads(content)
        except ValueError:
            return content.decode()

    def _ask(self, method: str, path: str, body: object) -> tuple[int, bytes]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        try:
            self._connection.request(method, path, body=data, headers=headers)
            response = self._connection.getresponse()
            return response.status, response.read()
        except http.client.HTTPException as error:
            self._connection.close()
            raise ConnectionError(f"{self._url}: {type(error).__name__}") from error


def _says_something(content: bytes) -> bool:
    try:
        messages = json.loads(content)
    except ValueError:
        return False
    return bool(messages) and all(
        message.get("text") or (message.get("custom") or {}).get("text") for message in messages
    )
