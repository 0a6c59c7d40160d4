"""A real gateway and a client of it, for tests: started in a thread, on a free port."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

from channels.web.app import create_app
from channels.web.settings import Settings


def free_port() -> int:
    """Return a port on which nobody listens: a connection to it is refused."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """Run a gateway with `settings` for a while; the value is its address."""
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings), host="127.0.0.1", port=0, log_config=None, access_log=False
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


_open: list[httpx.Client] = []


def open_http(url: str, **headers: str) -> httpx.Client:
    """Return an HTTP client, which `close_all` closes."""
    http = httpx.Client(base_url=url, trust_env=False, timeout=20, headers=headers)
    _open.append(http)
    return http


def close_all() -> None:
    """Close every client that was opened."""
    while _open:
        _open.pop().close()


class Client:
    """A client of the JSON API, in a session of its own."""

    def __init__(self, url: str, **headers: str) -> None:
        self.http = open_http(url, **headers)
        session = self.http.post("/api/sessions")
        session.raise_for_status()
        self.token: str = session.json()["token"]
        self.languages: list[str] = session.json()["languages"]

    def post(self, **body: object) -> httpx.Response:
        """Send a message or a button."""
        authorization = {"Authorization": f"Bearer {self.token}"}
        return self.http.post("/api/messages", json=body, headers=authorization)

    def say(self, text: str) -> dict[str, Any]:
        """Return the first reply to a text."""
        response = self.post(text=text)
        assert response.status_code == 200, response.text
        message: dict[str, Any] = response.json()["messages"][0]
        return message
