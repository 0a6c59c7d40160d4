"""Which language a conversation is in: detected a message, chosen once, then kept.

`bot/spoken_language.py` has the same rule for what Rasa says by itself; asking this process first
would cost a round trip in every turn (docs/decisions/0005-dialogue.md).
"""

from typing import Any

from rasa_sdk import Tracker

from actions.words import DEFAULT_LANGUAGE, has_words
from knowledge_base.language import MIN_CONFIDENCE


def language_of(tracker: Tracker) -> str:
    """Return the language to answer the latest message in.

    The chosen one; else that of the newest message whose language is sure; else the one of
    earlier turns; else what the channel thinks; else a guess; else English.
    """
    chosen = tracker.get_slot("chosen_language")
    if chosen:
        return str(chosen)
    latest: dict[str, Any] = tracker.latest_message or {}
    hinted = (latest.get("metadata") or {}).get("language")
    if hinted and not has_words(str(hinted)):
        hinted = None
    guessed = latest.get("language") if (latest.get("language_confidence") or 0) > 0 else None
    known = _sure(latest) or _newest_sure(tracker) or tracker.get_slot("language")
    return str(known or hinted or guessed or DEFAULT_LANGUAGE)


def _newest_sure(tracker: Tracker) -> str | None:
    for event in reversed(tracker.events or []):
        if event.get("event") == "user":
            language = _sure(event.get("parse_data") or {})
            if language:
                return language
    return None


def _sure(parsed: dict[str, Any]) -> str | None:
    is_sure = (parsed.get("language_confidence") or 0) >= MIN_CONFIDENCE
    return parsed.get("language") if is_sure else None
