"""The launcher's settings: which ports, and what each process is told."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Rasa's libraries warn of each other at every start, to nobody's use.
RASA_QUIET = {
    "PYTHONWARNINGS": "ignore",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}
_LAST_PORT = 65_535


class SettingsError(Exception):
    """The assistant can't start with these settings; the message says which and why."""


@dataclass(frozen=True)
class Port:
    """A port, and the variable that changes it."""

    variable: str
    default: int
    host: str
    number: int


@dataclass(frozen=True)
class Settings:
    """Where the three processes listen."""

    actions: Port
    rasa: Port
    web: Port
    is_production: bool

    @property
    def ports(self) -> tuple[Port, Port, Port]:
        """All three."""
        return (self.actions, self.rasa, self.web)

    @property
    def web_url(self) -> str:
        """Where this machine reaches the gateway."""
        return f"http://{_reachable(self.web.host)}:{self.web.number}"

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return what each process is told, beside what the launcher itself was given."""
        path = [str(ROOT), *filter(None, [given.get("PYTHONPATH")])]
        defaults = {
            "TRACKER_URL": "sqlite:///var/tracker.db",
            "LOCALES_DIR": str(ROOT / "var" / "locales"),
        }
        return {
            **defaults,
            **given,
            "ACTIONS_PORT": str(self.actions.number),
            "ACTIONS_URL": f"http://127.0.0.1:{self.actions.number}",
            "RASA_URL": f"http://127.0.0.1:{self.rasa.number}",
            "WEB_PORT": str(self.web.number),
            "RASA_TELEMETRY_ENABLED": "false",
            "PYTHONPATH": os.pathsep.join(path),
            "PYTHONUNBUFFERED": "1",
        }


def read_settings(given: Mapping[str, str]) -> Settings:
    """Return the settings of an environment.

    Raises:
        SettingsError: a port is no port, or two are the same.
    """
    settings = Settings(
        actions=_port(given, "ACTIONS_PORT", 5055),
        rasa=_port(given, "RASA_PORT", 5005),
        web=_port(given, "WEB_PORT", 8080, given.get("WEB_HOST") or "127.0.0.1"),
        is_production=given.get("ASSISTANT_ENV") == "production",
    )
    taken: dict[int, str] = {}
    for port in settings.ports:
        if port.number in taken:
            raise SettingsError(
                f"{taken[port.number]} and {port.variable} are both {port.number}."
                " Give each a port of its own."
            )
        taken[port.number] = port.variable
    return settings


def _port(given: Mapping[str, str], variable: str, default: int, host: str = "127.0.0.1") -> Port:
    value = given.get(variable) or str(default)
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= _LAST_PORT):
        raise SettingsError(
            f"{variable} is {value!r}. It has to be a number from 1 to {_LAST_PORT}."
        )
    return Port(variable, default, host, int(value))


def _reachable(host: str) -> str:
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104
