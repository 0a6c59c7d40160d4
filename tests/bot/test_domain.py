"""What Rasa only warns of, or not even that: domain, rules, responses, NLU data, actions."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.loading import load_data

pytestmark = pytest.mark.rasa

ROOT = Path(__file__).resolve().parent.parent.parent
BOT = ROOT / "bot"
DOMAIN: dict[str, Any] = {}
for _file in (BOT / "domain").glob("*.yml"):
    for _key, _content in yaml.safe_load(_file.read_text()).items():
        if isinstance(_content, list):
            DOMAIN[_key] = [*DOMAIN.get(_key, []), *_content]
        elif isinstance(_content, dict):
            DOMAIN[_key] = {**DOMAIN.get(_key, {}), **_content}
RESPONSES = yaml.safe_load((BOT / "responses.yml").read_text())["responses"]
MIN_EXAMPLES = 15
# Set by a component, never said by anybody.
NOT_SAID = {"message_not_read"}
LANGUAGES = sorted(folder.name for folder in (BOT / "data" / "nlu").iterdir())
# Whoever is asked for a name or a phone number in a form may say these instead: DESIGN.md 6.12.
INTERRUPTING = (
    "urgent",
    "stop_or_cancel",
    "change_language",
    "delete_my_data",
    "talk_to_human",
    "help",
    "ask_faq",
)


def names(parts: list[Any]) -> set[str]:
    """Return the names in a list of the domain, where an entry may be a mapping."""
    return {next(iter(part)) if isinstance(part, dict) else part for part in parts}


def rule_steps(kind: str) -> set[str]:
    """Return what the rules and stories name as `intent` or `action`."""
    found = set()
    for file in (BOT / "data").rglob("*.yml"):
        content = yaml.safe_load(file.read_text())
        for part in [*content.get("rules", []), *content.get("stories", [])]:
            found |= {step[kind] for step in part["steps"] if kind in step}
    return found


def action_names(folder: Path) -> set[str]:
    """Return what the actions in a package call themselves, read from their source."""
    found = set()
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name == "name":
                found |= {
                    part.value.value
                    for part in ast.walk(node)
                    if isinstance(part, ast.Return) and isinstance(part.value, ast.Constant)
                }
    return found


def unguarded_mappings(domain: dict[str, Any], interrupting: tuple[str, ...]) -> list[str]:
    """Return a sentence for each `from_text` mapping that swallows an interrupting intent."""
    problems = []
    for slot, content in domain.get("slots", {}).items():
        for mapping in content.get("mappings", []):
            if mapping["type"] != "from_text":
                continue
            guarded = mapping.get("not_intent") or []
            guarded = [guarded] if isinstance(guarded, str) else guarded
            problems += [
                f"slot {slot} swallows {intent}" for intent in interrupting if intent not in guarded
            ]
    return problems


def test_every_utter_is_in_the_responses_and_listed() -> None:
    used = {name for name in rule_steps("action") if name.startswith("utter_")}
    assert used == set(RESPONSES) == set(DOMAIN["responses"])


@pytest.mark.parametrize("language", sorted(p.name for p in (ROOT / "locales").iterdir()))
def test_every_response_has_words_in_every_language(language: str) -> None:
    with (ROOT / "locales" / language / "LC_MESSAGES" / "assistant.po").open("rb") as file:
        catalogue = {message.id: message.string for message in read_po(file)}
    keys = set(RESPONSES)
    keys |= {b["title"] for content in RESPONSES.values() for b in content.get("buttons", [])}
    assert [key for key in sorted(keys) if not catalogue.get(key)] == []


def test_every_action_of_the_domain_exists_and_the_other_way_round() -> None:
    custom = {name for name in names(DOMAIN["actions"]) if not name.startswith("utter_")}
    assert custom == action_names(ROOT / "actions")


def test_rules_use_only_what_the_domain_has() -> None:
    assert rule_steps("intent") - {"nlu_fallback"} == names(DOMAIN["intents"])
    assert rule_steps("action") <= names(DOMAIN["actions"]) | set(DOMAIN["responses"])


def test_buttons_of_responses_press_intents_that_there_are() -> None:
    for content in RESPONSES.values():
        for button in content.get("buttons", []):
            assert button["payload"].lstrip("/").split("{")[0] in names(DOMAIN["intents"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_has_examples_in_every_language(language: str) -> None:
    data = load_data(str(BOT / "data" / "nlu" / language))
    counts = Counter(example.get("intent") for example in data.intent_examples)
    said = names(DOMAIN["intents"]) - NOT_SAID
    assert {intent: counts[intent] for intent in said if counts[intent] < MIN_EXAMPLES} == {}
    assert set(counts) <= said


def test_no_text_is_an_example_of_two_intents() -> None:
    intents: dict[str, set[str]] = {}
    for file in (BOT / "data" / "nlu").rglob("*.yml"):
        for block in yaml.safe_load(file.read_text())["nlu"]:
            for line in block["examples"].splitlines():
                text = line.strip().removeprefix("- ").casefold()
                intents.setdefault(text, set()).add(block["intent"])
    assert {text: found for text, found in intents.items() if len(found) > 1} == {}


def test_there_are_no_entities_in_the_examples() -> None:
    """Only buttons carry entities: one in an example would be searched for in texts."""
    importer = RasaFileImporter(training_data_paths=[str(BOT / "data")])
    assert not importer.get_nlu_data().entity_examples


def test_every_free_text_slot_lets_interruptions_through() -> None:
    assert unguarded_mappings(DOMAIN, INTERRUPTING) == []


def test_interrupting_intents_are_intents() -> None:
    assert set(INTERRUPTING) <= names(DOMAIN["intents"])


@pytest.mark.parametrize(
    ("mapping", "problems"),
    [
        ({"type": "from_text"}, ["slot phone swallows urgent", "slot phone swallows help"]),
        ({"type": "from_text", "not_intent": "urgent"}, ["slot phone swallows help"]),
        ({"type": "from_text", "not_intent": ["help"]}, ["slot phone swallows urgent"]),
        (
            {"type": "from_text", "intent": "ask_faq"},
            ["slot phone swallows urgent", "slot phone swallows help"],
        ),
        ({"type": "from_text", "not_intent": ["urgent", "help"]}, []),
        ({"type": "custom"}, []),
        ({"type": "from_intent", "value": True}, []),
    ],
)
def test_the_check_of_free_text_slots_sees_what_is_missing(
    mapping: dict[str, Any], problems: list[str]
) -> None:
    domain = {"slots": {"phone": {"type": "text", "mappings": [mapping]}}}
    assert unguarded_mappings(domain, ("urgent", "help")) == problems


def test_slots_do_not_steer_the_dialogue() -> None:
    """RulePolicy would else ask that a slot's value be named in every rule."""
    assert [
        name
        for name, content in DOMAIN["slots"].items()
        if content.get("influence_conversation", True)
    ] == []
