"""Checks what an action replied with a validator that is built once.

Rasa's own check validates the JSON schema itself again at every action: 84 % of the time of a
turn (docs/decisions/0006-tracker-store.md). The schema and what is refused stay the same.
"""

from __future__ import annotations

from typing import Any

import rasa
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction

_RASA = "3.6.21"

if rasa.__version__ != _RASA:
    raise RuntimeError(
        f"bot/result_validator.py was written for rasa {_RASA}, and {rasa.__version__} is "
        "installed. Read RemoteAction._validate_action_result there, then change both."
    )

_SCHEMA = RemoteAction.action_response_format_spec()
_VALIDATOR = validator_for(_SCHEMA)(_SCHEMA)


def validate_action_result(_action: RemoteAction, result: Any) -> bool:
    """Return True where `result` is what an action server may reply.

    Raises:
        ValidationError: it is not. The message names the place in the reply and, unlike
            jsonschema's own, not the value there, which may hold a person's words.
    """
    error = best_match(_VALIDATOR.iter_errors(result))
    if error is None:
        return True
    error.message = (
        f"The action server's reply breaks the rule `{error.validator}` of Rasa's schema at "
        f"{error.json_path}. See https://rasa.com/docs/rasa/custom-actions"
    )
    raise error


def install() -> str:
    """Put this check in the place of Rasa's, and return the name of what was replaced."""
    RemoteAction._validate_action_result = validate_action_result
    return "RemoteAction._validate_action_result"
