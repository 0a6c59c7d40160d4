"""Ports and environment, read and checked before anything starts."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.ports import free_port, require_free
from launcher.settings import SettingsError, read_settings
from launcher.system import commands

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_process_is_told_where_the_others_are() -> None:
    settings = read_settings({"ACTIONS_PORT": "6001", "RASA_PORT": "6002", "WEB_PORT": "6003"})
    environment = settings.environment({"RASA_URL": "http://elsewhere", "SESSION_SECRET": "s"})
    told = {
        "ACTIONS_URL": "http://127.0.0.1:6001",
        "RASA_URL": "http://127.0.0.1:6002",
        "WEB_PORT": "6003",
        "TRACKER_URL": "sqlite:///var/tracker.db",
        "RASA_TELEMETRY_ENABLED": "false",
        "SESSION_SECRET": "s",
        "PYTHONPATH": str(ROOT),
    }
    assert {name: environment[name] for name in told} == told


def test_what_is_given_wins_over_defaults() -> None:
    given = {"TRACKER_URL": "postgresql://db", "LOCALES_DIR": "/words", "PYTHONPATH": "/more"}
    environment = read_settings({}).environment(given)
    assert environment["TRACKER_URL"] == "postgresql://db"
    assert environment["LOCALES_DIR"] == "/words"
    assert environment["PYTHONPATH"] == f"{ROOT}{os.pathsep}/more"


@pytest.mark.parametrize(("mode", "expected"), [("development", True), ("production", False)])
def test_rasas_api_is_open_in_development_only(mode: str, expected: bool) -> None:
    given = {"ASSISTANT_ENV": mode}
    rasa = commands(read_settings(given), given)[1]
    assert ("--enable-api" in rasa.arguments) == expected
    assert rasa.environment["ASSISTANT_ENV"] == mode


@pytest.mark.parametrize("value", ["0", "65536", "-1", "eighty", "８０", "80.0"])
def test_refuses_what_is_no_port(value: str) -> None:
    with pytest.raises(SettingsError, match="WEB_PORT is .* a number from 1 to 65535"):
        read_settings({"WEB_PORT": value})


def test_refuses_two_of_the_same() -> None:
    with pytest.raises(SettingsError, match="RASA_PORT and WEB_PORT are both 5005"):
        read_settings({"WEB_PORT": "5005"})


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_names_a_port_that_is_taken(address: str) -> None:
    with socket.create_server((address, 0)) as taken:
        number = taken.getsockname()[1]
        settings = read_settings({"RASA_PORT": str(number), "ACTIONS_PORT": str(free_port())})
        with pytest.raises(SettingsError) as refusal:
            require_free(settings.ports)
    assert str(refusal.value) == (
        f"Port {number} is taken. Stop what listens there, or choose another with RASA_PORT,"
        f" for example: RASA_PORT={number + 1} make run"
    )


def test_refuses_in_one_sentence_before_anything_starts() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "launcher"],
        cwd=ROOT,
        env={**os.environ, "WEB_PORT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
