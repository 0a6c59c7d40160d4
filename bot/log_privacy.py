"""Keeps people's words out of the logs of the Rasa server.

Rasa 3.6.21 logs them in more places than can be listed: whole messages (`rest.py`), commands that
it can't read (`yaml_story_reader.py`), entities, slots and what an action replied (`processor.py`,
`action.py`), and anything that stands in an exception or in the local variables of a traceback.
So once the server takes messages, a record of anybody but us at INFO or above is reduced to where
it was made and the class of its exception.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

import rasa.shared.utils.io
import sentry_sdk
import structlog

logger = logging.getLogger(__name__)

# Ours, and Sanic's lines on its own start, stop and requests (paths, no bodies).
_TRUSTED = ("bot", "sanic.access", "sanic.root")
_make_record = logging.getLogRecordFactory()
_warn = rasa.shared.utils.io.raise_warning
_warned: set[str] = set()
_installed = False
_withholding = False


def install() -> None:
    """Put the checks in place; they let everything pass until `withhold` is called."""
    global _installed
    if _installed:
        return
    _installed = True
    logging.setLogRecordFactory(_record)
    rasa.shared.utils.io.raise_warning = _raise_warning
    # Changed in place: loggers that were used before keep a reference to this list.
    structlog.get_config()["processors"].insert(0, _structlog_event)
    # `rasa run` has by now set up reports of crashes to Rasa's Sentry, with exceptions' messages.
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    sentry_sdk.init(dsn="", default_integrations=False)


def withhold(active: bool = True) -> None:
    """Withhold words from now on: training and loading are over, people write."""
    global _withholding
    _withholding = active


def describe(error: BaseException | None) -> str:
    """Return the classes of an exception and its causes, and where each was raised.

    Neither messages nor values: they may quote what a person wrote.
    """
    parts: list[str] = []
    while error is not None and len(parts) < 5:
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
        parts.append(f"{type(error).__name__} at {' > '.join(places) or 'an unknown place'}")
        error = error.__cause__ or error.__context__
    return ", because of ".join(parts)


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = _make_record(*args, **kwargs)
    if not _withholding:
        return record
    error = record.exc_info[1] if record.exc_info else None
    record.exc_info = record.exc_text = record.stack_info = None
    trusted = any(record.name == name or record.name.startswith(f"{name}.") for name in _TRUSTED)
    if not trusted and record.levelno >= logging.INFO:
        record.msg = f"{record.name}:{record.lineno} in {record.funcName} (words withheld)"
        record.args = ()
    if error is not None:
        record.msg = f"{record.getMessage()}: {describe(error)}"
        record.args = ()
    return record


def _structlog_event(_logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Log an event of structlog's under its name, which is fixed in the source, alone."""
    if not _withholding:
        return event
    name = "error" if method == "exception" else method
    level = logging.getLevelName(name.upper())
    failed = method == "exception" or event.get("exc_info")
    described = f": {describe(sys.exc_info()[1])}" if failed else ""
    logger.log(level if isinstance(level, int) else logging.INFO, "%s%s", event["event"], described)
    _drop()


def _drop() -> NoReturn:
    raise structlog.DropEvent


def _raise_warning(
    message: str,
    category: type[Warning] | None = None,
    docs: str | None = None,
    **kwargs: Any,
) -> None:
    if not _withholding:
        kwargs.setdefault("stacklevel", 3)
        _warn(message, category, docs, **kwargs)
        return
    frame = sys._getframe(1)
    place = f"{frame.f_globals.get('__name__')}:{frame.f_lineno} in {frame.f_code.co_name}"
    # Once a place, as Python does; but Python would remember each text for it.
    if place not in _warned:
        _warned.add(place)
        logger.warning("%s warns (words withheld)", place)
