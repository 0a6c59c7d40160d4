"""`python -m launcher.with_actions COMMAND…`: runs a command while an action server is up.

Rasa's training and tests ask the action server for embeddings. One that ACTIONS_URL names, and
that answers, is used; else one is started on a free port and stopped when the command has ended.
"""

import os
import queue
import signal
import sys
import time
from collections import deque

from launcher.health import problems_at
from launcher.ports import free_port
from launcher.processes import Command, Ended, ProcessGroup
from launcher.settings import RASA_QUIET, ROOT, read_settings

_PATIENCE_SECONDS = 120.0
_LINES_KEPT = 30


def main(arguments: list[str]) -> int:
    """Run the command; return its exit code."""
    given = os.environ.get("ACTIONS_URL", "").rstrip("/")
    port = free_port()
    ports = {"ACTIONS_PORT": str(port), "RASA_PORT": "", "WEB_PORT": ""}
    settings = read_settings({**os.environ, **ports})
    environment = settings.environment(os.environ)
    is_up = bool(given) and not problems_at(f"{given}/health")
    if is_up:
        environment["ACTIONS_URL"] = given
    return _run(arguments, environment, start_actions=not is_up)


def _run(arguments: list[str], environment: dict[str, str], *, start_actions: bool) -> int:
    events: queue.SimpleQueue[object] = queue.SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda signum, _: events.put(signal.Signals(signum)))
    kept: deque[str] = deque(maxlen=_LINES_KEPT)

    def write(name: str, line: str) -> None:
        if name == "actions":
            kept.append(line)
        else:
            print(line, flush=True)

    group = ProcessGroup(ROOT, write, events)
    try:
        if start_actions:
            print("Starting the action server …", flush=True)
            group.start([Command("actions", [sys.executable, "-m", "actions"], environment)])
            _wait_until_ready(f"{environment['ACTIONS_URL']}/health", events)
        if events.empty():
            group.start([Command("command", arguments, {**environment, **RASA_QUIET})])
        event = events.get()
    finally:
        group.stop()
    if isinstance(event, Ended) and event.name == "command":
        return event.code if event.code >= 0 else 128 - event.code
    if isinstance(event, Ended):
        print("\n".join([*kept, f"The action server is gone: {event}."]), flush=True)
        return 1
    return 128 + int(event) if isinstance(event, signal.Signals) else 1


def _wait_until_ready(url: str, events: "queue.SimpleQueue[object]") -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while events.empty() and problems_at(url):
        if time.monotonic() > deadline:
            sys.exit(f"The action server was not ready after {_PATIENCE_SECONDS:.0f} s.")
        time.sleep(0.2)


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
