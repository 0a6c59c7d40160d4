"""Speaks the catalogue: `utter_*` becomes one wire message in the conversation's language."""

from __future__ import annotations

import gettext
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, Optional

import yaml
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from bot.spoken_language import DEFAULT_LANGUAGE, language_of

ROOT = Path(__file__).resolve().parent.parent


class CatalogueNLG(NaturalLanguageGenerator):
    """Reads `bot/responses.yml` and the compiled catalogues.

    Args:
        endpoint_config: the `nlg:` part of endpoints.yml; only its type is used.
        domain: Rasa's domain; responses are not in it.
    """

    def __init__(
        self,
        endpoint_config: Optional[EndpointConfig] = None,
        domain: Optional[Domain] = None,
    ) -> None:
        self._responses = yaml.safe_load((ROOT / "bot" / "responses.yml").read_text())["responses"]
        firm = yaml.safe_load((ROOT / "content" / "firm.yaml").read_text(encoding="utf-8"))
        self._values = {"firm_name": firm["name"], "firm_phone": firm["phone"]}

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> Optional[Dict[str, Any]]:
        """Return `{"custom": …}` for a response.

        Raises:
            RasaException: the response is not in bot/responses.yml.
        """
        response = self._responses.get(utter_action)
        if response is None:
            raise RasaException(f"{utter_action} is not in bot/responses.yml. Add it there.")
        language = language_of(tracker)
        translate = catalogue(language).gettext
        buttons = [
            {"title": _sentence_case(translate(button["title"])), "payload": button["payload"]}
            for button in response.get("buttons", [])
        ]
        return {
            "custom": {
                "kind": response["kind"],
                "language": language,
                "text": translate(utter_action).format(**self._values),
                "entry_id": None,
                "buttons": buttons,
            }
        }


@lru_cache(maxsize=32)
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the words of `language`; a key without words in it is taken from English."""
    folder = os.environ.get("LOCALES_DIR", str(ROOT / "var" / "locales"))
    words = gettext.translation("assistant", folder, [language], fallback=True)
    if language != DEFAULT_LANGUAGE:
        words.add_fallback(catalogue(DEFAULT_LANGUAGE))
    return words


def _sentence_case(title: str) -> str:
    return title[:1].upper() + title[1:]
