"""Which language Rasa itself speaks in, where no action is asked.

The rule of `actions/spoken_language.py`, which can't be asked for when that process is down.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

DEFAULT_LANGUAGE = "en"

# As `knowledge_base.language.MIN_CONFIDENCE`.
_MIN_CONFIDENCE = 0.9


def language_of(tracker: DialogueStateTracker) -> str:
    """Return the language to answer the latest message in."""
    chosen = tracker.get_slot("chosen_language")
    if chosen:
        return str(chosen)
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            language = _sure(event.parse_data or {})
            if language:
                return language
    message = tracker.latest_message
    hinted = (message.metadata or {}).get("language") if message else None
    guessed = (message.parse_data or {}).get("language") if message else None
    return str(tracker.get_slot("language") or hinted or guessed or DEFAULT_LANGUAGE)


def _sure(parsed: Dict[str, Any]) -> Optional[str]:
    is_sure = (parsed.get("language_confidence") or 0) >= _MIN_CONFIDENCE
    return parsed.get("language") if is_sure else None
