"""Checks what an action replied with a validator that is compiled once.

Rasa's own check validates the JSON schema itself again at every action: 84 % of the time of a
turn (docs/decisions/0006-tracker-store.md). The schema and what is refused stay the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import fastjsonschema
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot import rasa_version

rasa_version.require("bot/result_validator.py", "RemoteAction._validate_action_result")

_Validator = Callable[[Any], Any]


def _without(schema: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != key}


_SCHEMA = RemoteAction.action_response_format_spec()
_ANY_EVENT = _SCHEMA["properties"]["events"]["items"]
# The schema says that an event is one of twenty kinds, which only their names tell apart: each is
# held against its own kind alone, or most of the work is to find out what it is not.
_validate_event: dict[str, _Validator] = {
    kind["properties"]["event"]["const"]: fastjsonschema.compile(
        {"allOf": [_without(_ANY_EVENT, "oneOf"), kind]}
    )
    for kind in _ANY_EVENT["oneOf"]
}
_validate_rest: _Validator = fastjsonschema.compile(
    {
        **_SCHEMA,
        "properties": {
            **_SCHEMA["properties"],
            "events": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["event"],
                    "properties": {"event": {"enum": [*_validate_event]}},
                },
            },
        },
    }
)


def validate_action_result(_action: RemoteAction, result: Any) -> bool:
    """Return True where `result` is what an action server may reply.

    Raises:
        ValidationError: it is not. The message names the place in the reply and, unlike
            jsonschema's own, not the value there, which may hold a person's words.
    """
    try:
        _validate_rest(result)
        for event in result.get("events", ()):
            _validate_event[event["event"]](event)
    except fastjsonschema.JsonSchemaValueException as error:
        raise ValidationError(
            f"The action server's reply breaks the rule `{error.rule}` of Rasa's schema at "
            f"{error.name.replace('data', '$', 1)}. See https://rasa.com/docs/rasa/custom-actions"
        ) from None
    return True


def install() -> str:
    """Put this check in the place of Rasa's, and return the name of what was replaced."""
    RemoteAction._validate_action_result = validate_action_result
    return "RemoteAction._validate_action_result"
