"""The far side: Rasa's REST channel and the action server's health, over real HTTP."""

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

WIRE = Path(__file__).resolve().parent.parent / "data" / "wire"
_KINDS = frozenset(path.stem for path in WIRE.glob("*.json"))


def example(kind: str) -> dict[str, Any]:
    """Return the example reply of a kind."""
    return json.loads((WIRE / f"{kind}.json").read_text(encoding="utf-8"))


class FakeRasa:
    """Answers each text with the example of the kind that it names, else with `notice`.

    A message `raw:…` is answered with what follows; `sleep:0.2` waits; `status:500` fails.
    `received` has every message, `most_at_once` how many of one sender were ever under way.
    """

    def __init__(self) -> None:
        self.reset()
        self._under_way: dict[str, int] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def reset(self) -> None:
        """Forget what was received, and answer as usual again."""
        self.received: list[dict[str, Any]] = []
        self.most_at_once = 0
        self.fails = False
        self.channel: tuple[int, dict[str, Any]] = (200, {"status": "ok", "model_id": "m"})
        self.actions: tuple[int, dict[str, Any]] = (200, {"status": "ok", "problems": []})

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()

    def texts(self) -> list[str]:
        """Return the messages received, in order."""
        return [body["message"] for body in self.received]

    def reply(self, body: dict[str, Any]) -> tuple[int, bytes]:
        """Return the status and the body of the answer to a message."""
        text: str = body["message"]
        if text.startswith("sleep:"):
            time.sleep(float(text.removeprefix("sleep:")))
        if self.fails:
            return 500, b""
        if text.startswith("status:"):
            return int(text.split()[0].removeprefix("status:")), b"{}"
        if text.startswith("raw:"):
            return 200, text.removeprefix("raw:").encode()
        kind = text if text in _KINDS else "notice"
        envelope = {"recipient_id": body["sender"], "custom": example(kind)}
        return 200, json.dumps([envelope]).encode()

    def _take(self, body: dict[str, Any]) -> tuple[int, bytes]:
        sender = body["sender"]
        with self._lock:
            self.received.append(body)
            self._under_way[sender] = self._under_way.get(sender, 0) + 1
            self.most_at_once = max(self.most_at_once, self._under_way[sender])
        try:
            return self.reply(body)
        finally:
            with self._lock:
                self._under_way[sender] -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:  # noqa: N802  the base class's name
                assert self.path == "/webhooks/private/webhook"
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self._answer(*fake._take(body))

            def do_GET(self) -> None:  # noqa: N802
                known = {
                    "/webhooks/private/health": fake.channel,
                    "/health": fake.actions,
                }
                status, body = known.get(self.path, (404, {}))
                self._answer(status, json.dumps(body).encode())

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                with suppress(ConnectionError):  # who asked may have stopped waiting
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        return Handler
