"""bot/nlg.py: catalogue words as one wire message, in the conversation's language."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from bot import nlg
from bot.nlg import CatalogueNLG

pytestmark = pytest.mark.rasa

ROOT = Path(__file__).resolve().parent.parent.parent
RESPONSES = yaml.safe_load((ROOT / "bot" / "responses.yml").read_text())["responses"]
PHONE = "(718) 458-1489"


@pytest.fixture(scope="module")
def compiled_locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locales")
    for source in (ROOT / "locales").glob("*/LC_MESSAGES/assistant.po"):
        target = folder / source.relative_to(ROOT / "locales").with_suffix(".mo")
        target.parent.mkdir(parents=True)
        with source.open("rb") as po, target.open("wb") as mo:
            write_mo(mo, read_po(po))
    return folder


@pytest.fixture(autouse=True)
def _compiled(compiled_locales: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCALES_DIR", str(compiled_locales))
    nlg.catalogue.cache_clear()


@pytest.fixture(scope="module")
def shipped() -> Domain:
    return Domain.load(str(ROOT / "bot" / "domain"))


def say(response: str, domain: Domain, language: str | None) -> dict[str, Any]:
    tracker = DialogueStateTracker("sender", domain.slots)
    if language:
        tracker.update(SlotSet("language", language))
    message = asyncio.run(CatalogueNLG().generate(response, tracker, "private"))
    assert message is not None
    assert set(message) == {"custom"}
    custom: dict[str, Any] = message["custom"]
    return custom


@pytest.mark.parametrize("response", RESPONSES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_response_is_one_wire_message(shipped: Domain, response: str, language: str) -> None:
    custom = say(response, shipped, language)
    example = json.loads((ROOT / "tests" / "data" / "wire" / "notice.json").read_text())
    assert set(custom) <= set(example)
    assert custom["kind"] in ("notice", "prompt")
    assert custom["language"] == language
    assert custom["text"]
    assert custom["text"] != response
    assert "{" not in custom["text"]
    for button in custom["buttons"]:
        assert button["payload"].startswith("/")
        assert button["title"][0].isupper() or button["title"][0] in "¿¡"


def test_languages_differ_and_the_phone_does_not(shipped: Domain) -> None:
    english, spanish = (say("utter_talk_to_human", shipped, tag) for tag in ("en", "es"))
    assert english["text"] != spanish["text"]
    assert PHONE in english["text"]
    assert PHONE in spanish["text"]


def test_without_a_language_it_is_english(shipped: Domain) -> None:
    assert say("utter_thank", shipped, None)["language"] == "en"


def test_a_failure_before_any_language_is_known_is_told_in_the_channels(shipped: Domain) -> None:
    """With the encoder down no slot is set, but the gateway says which language the browser has."""
    tracker = DialogueStateTracker("sender", shipped.slots)
    tracker.update(UserUttered("hola", metadata={"language": "es"}))
    message = asyncio.run(CatalogueNLG().generate("utter_not_read", tracker, "private"))
    assert message is not None
    assert message["custom"]["language"] == "es"


def test_a_language_without_a_catalogue_is_answered_in_english(shipped: Domain) -> None:
    english = say("utter_thank", shipped, "en")["text"]
    assert say("utter_thank", shipped, "ko")["text"] == english


def test_a_key_without_words_is_taken_from_english(
    shipped: Domain, tmp_path: Path, compiled_locales: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sparse = Catalog(locale="es")
    sparse.add("utter_goodbye", "Adiós.")
    for language, content in (("en", None), ("es", sparse)):
        target = tmp_path / language / "LC_MESSAGES" / "assistant.mo"
        target.parent.mkdir(parents=True)
        if content is None:
            source = compiled_locales / language / "LC_MESSAGES" / "assistant.mo"
            target.write_bytes(source.read_bytes())
        else:
            with target.open("wb") as file:
                write_mo(file, content)
    monkeypatch.setenv("LOCALES_DIR", str(tmp_path))
    nlg.catalogue.cache_clear()
    assert say("utter_goodbye", shipped, "es")["text"] == "Adiós."
    assert say("utter_thank", shipped, "es")["text"] == say("utter_thank", shipped, "en")["text"]
    nlg.catalogue.cache_clear()


def test_an_unknown_response_is_an_error(shipped: Domain) -> None:
    with pytest.raises(RasaException, match="utter_unheard_of is not in bot/responses.yml"):
        say("utter_unheard_of", shipped, "en")


def test_rasa_loads_it_by_the_name_in_endpoints(shipped: Domain) -> None:
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text())
    made = NaturalLanguageGenerator.create(EndpointConfig(**endpoints["nlg"]), shipped)
    assert isinstance(made, CatalogueNLG)
