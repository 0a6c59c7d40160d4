"""A person at the gateway: says things, presses buttons, reads replies."""

from typing import Any

import httpx

Reply = dict[str, Any]

_open: list[httpx.Client] = []


def http_client(url: str, **headers: str) -> httpx.Client:
    """Return an HTTP client that `close_all` closes."""
    client = httpx.Client(base_url=url, trust_env=False, timeout=30, headers=headers)
    _open.append(client)
    return client


def close_all() -> None:
    """Close every client that was opened."""
    while _open:
        _open.pop().close()


class Person:
    """A conversation over the JSON API.

    Args:
        url: the gateway's address.
        language: what the browser asks for (Accept-Language).
    """

    def __init__(self, url: str, language: str = "") -> None:
        headers = {"Accept-Language": language} if language else {}
        self._http = http_client(url, **headers)
        self._token = self._http.post("/api/sessions").raise_for_status().json()["token"]
        self.last: Reply = {}

    def post(self, body: object) -> httpx.Response:
        """Send a body to the API; bytes are sent as they are."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        if isinstance(body, bytes):
            return self._http.post("/api/messages", content=body, headers=headers)
        return self._http.post("/api/messages", json=body, headers=headers)

    def say(self, text: str, **more: str) -> Reply:
        """Return the one reply to a text."""
        return self._reply(self.post({"text": text, **more}))

    def press(self, title_or_entry: str) -> Reply:
        """Press what the last reply offers, by its title or a choice's entry id."""
        for offered in [*self.last["choices"], *self.last["buttons"]]:
            if title_or_entry in (offered["title"], offered.get("entry_id")):
                return self._reply(self.post({"payload": offered["payload"]}))
        raise AssertionError(f"{title_or_entry} is not among what was offered: {self.offered}")

    @property
    def offered(self) -> list[str]:
        """The entry ids offered by the last reply, in order."""
        return [choice["entry_id"] for choice in self.last["choices"]]

    @property
    def buttons(self) -> list[str]:
        """The titles of the last reply's buttons."""
        return [button["title"] for button in self.last["buttons"]]

    def _reply(self, response: httpx.Response) -> Reply:
        assert response.status_code == 200, response.text
        messages = response.json()["messages"]
        assert len(messages) == 1, messages
        self.last = messages[0]
        return self.last
