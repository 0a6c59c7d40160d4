"""The assistant's three processes: what runs them, and how they are watched."""

import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Mapping

from launcher.health import problems_at
from launcher.output import Output
from launcher.ports import is_listening
from launcher.processes import Command, Ended, ProcessGroup
from launcher.settings import RASA_QUIET, ROOT, Settings

RASA_MODEL = "var/rasa/assistant.tar.gz"
_ASK_EVERY_SECONDS = 0.1
_SAY_EVERY_SECONDS = 30.0


def commands(settings: Settings, given: Mapping[str, str]) -> list[Command]:
    """Return the three commands."""
    environment = settings.environment(given)
    rasa = [
        *(str(ROOT / ".venv-rasa" / "bin" / "python"), "-m", "rasa", "run"),
        *("-m", RASA_MODEL, "-i", "127.0.0.1", "-p", str(settings.rasa.number)),
        *("--credentials", "credentials.yml", "--endpoints", "endpoints.yml"),
        # The API shows any conversation to who asks: for development only.
        *([] if settings.is_production else ["--enable-api"]),
    ]
    return [
        Command("actions", [sys.executable, "-m", "actions"], environment),
        Command("rasa", rasa, {**environment, **RASA_QUIET}),
        Command("web", [sys.executable, "-m", "channels.web"], environment),
    ]


def run(settings: Settings, processes: list[Command], output: Output) -> int:
    """Run the processes until a signal stops them or one of them ends.

    Args:
        settings: where the gateway's health is asked for.
        processes: what to run.
        output: where they, and the launcher, speak.

    Returns:
        the exit code: 0 when told to stop, 1 when a process ended by itself.
    """
    events: queue.SimpleQueue[object] = queue.SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # SimpleQueue.put may be called in the middle of another put, as a signal handler is.
        signal.signal(number, lambda signum, _: events.put(signal.Signals(signum)))
    group = ProcessGroup(ROOT, output.line, events)
    try:
        group.start(processes)
        threading.Thread(target=_announce, args=(settings, output), daemon=True).start()
        event = events.get()
        if isinstance(event, Ended):
            output.block(f"{event}. Its last words are above. The others are being stopped …")
        else:
            output.block("Stopping …")
    finally:
        group.stop(at_once=lambda: _told_again(events))
    if isinstance(event, Ended):
        output.block(f"Stopped, because {event}.")
        return 1
    output.block("Stopped.")
    return 0


def _told_again(events: "queue.SimpleQueue[object]") -> bool:
    try:
        return isinstance(events.get_nowait(), signal.Signals)
    except queue.Empty:
        return False


def _announce(settings: Settings, output: Output) -> None:
    started = time.monotonic()
    said = started
    while problems := _problems(settings):
        now = time.monotonic()
        if now - said > _SAY_EVERY_SECONDS:
            said = now
            output.block(f"Not ready after {now - started:.0f} s:", *problems)
        time.sleep(_ASK_EVERY_SECONDS)
    local = "http://127.0.0.1"
    output.block(
        f"Ready. Ask at {settings.web_url}",
        "",
        f"Rasa           {local}:{settings.rasa.number}",
        f"Action server  {local}:{settings.actions.number}",
        f"Started in {time.monotonic() - started:.0f} s. Ctrl-C stops everything.",
    )


def _problems(settings: Settings) -> list[str]:
    # The gateway logs each time that it is asked, so it is asked when all of them listen.
    silent = [port for port in settings.ports if not is_listening(port)]
    if silent:
        return [f"Nothing listens yet on port {port.number} ({port.variable})." for port in silent]
    return problems_at(f"{settings.web_url}/health")


def missing_parts() -> list[str]:
    """Return what set-up should have made and isn't there."""
    made = (".venv-rasa/bin/python", RASA_MODEL, "var/snapshots/current", "var/locales")
    return [path for path in made if not os.path.exists(ROOT / path)]
