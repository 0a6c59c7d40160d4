"""The mended check of what an action replied."""

from __future__ import annotations

import runpy
from typing import Any

import jsonschema
import pytest
import rasa
from rasa.core.actions.action import RemoteAction

from bot import result_validator

PLANTED = "A123456789"
GOOD: list[Any] = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "language", "value": "es"}], "responses": []},
    {"events": [{"event": "slot", "name": "offered", "value": ["a"], "timestamp": None}]},
    {"responses": [{"custom": {"kind": "answer"}}]},
    {},
]
MALFORMED: list[Any] = [
    None,
    [],
    "text",
    {"events": {}},
    {"events": ["slot"]},
    {"events": [{"event": "slot", "name": 5, "value": PLANTED}]},
    {"events": [{"name": "language"}]},
    {"responses": ["text"]},
    {"responses": None},
]


def original(reply: Any) -> bool:
    """Ask the check that Rasa has, from its own source."""
    try:
        jsonschema.validate(reply, RemoteAction.action_response_format_spec())
    except jsonschema.ValidationError:
        return False
    return True


@pytest.fixture
def action() -> RemoteAction:
    result_validator.install()
    return RemoteAction("action_help", None)


@pytest.mark.parametrize("reply", GOOD)
def test_a_good_reply_is_accepted(action: RemoteAction, reply: Any) -> None:
    assert original(reply)
    assert action._validate_action_result(reply) is True


@pytest.mark.parametrize("reply", MALFORMED)
def test_a_malformed_reply_is_refused_without_quoting_it(action: RemoteAction, reply: Any) -> None:
    assert not original(reply)
    with pytest.raises(jsonschema.ValidationError) as caught:
        action._validate_action_result(reply)
    assert "of Rasa's schema at $" in caught.value.message
    assert PLANTED not in caught.value.message


def test_another_version_of_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa, "__version__", "3.6.22")
    with pytest.raises(RuntimeError, match=r"written for rasa 3\.6\.21, and 3\.6\.22 is installed"):
        runpy.run_path(result_validator.__file__)


def test_it_is_installed_with_the_channel() -> None:
    import bot.channel  # noqa: F401

    installed = RemoteAction._validate_action_result
    assert installed is result_validator.validate_action_result
