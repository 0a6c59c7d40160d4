"""The one clock: everything that asks for the time asks here, so that tests can fix it."""

import os
from datetime import UTC, date, datetime

from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.hotlines import NEW_YORK

VARIABLE = "ASSISTANT_NOW"


def now() -> datetime:
    """Return the time, aware; `ASSISTANT_NOW` (ISO 8601) fixes it for evaluations and tests.

    Raises:
        KnowledgeBaseError: `ASSISTANT_NOW` is not a time.
    """
    fixed = os.environ.get(VARIABLE)
    if not fixed:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError as error:
        raise KnowledgeBaseError(
            f"{VARIABLE} is “{fixed}”. Write a time such as 2026-11-24T10:00-05:00, or unset it."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=NEW_YORK)


def today() -> date:
    """Return the date in New York, where the court and the firm are."""
    return now().astimezone(NEW_YORK).date()
