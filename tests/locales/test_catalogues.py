"""The catalogues: whole in every language, and exactly what the code asks for."""

import ast
import re
import string
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from actions.topics import TOPICS
from knowledge_base.hotlines import load_hotlines
from knowledge_base.signals import NO_RAIL, RAILS
from knowledge_base.urgent_kinds import URGENT_KINDS

ROOT = Path(__file__).resolve().parent.parent.parent
LANGUAGES = sorted(folder.name for folder in (ROOT / "locales").iterdir())
TRANSLATIONS = [language for language in LANGUAGES if language != "en"]
_WEB_KEY = re.compile(r"\bweb_[a-z_]+[a-z]\b")
_DIGITS = re.compile(r"\d+")
# Settings of the gateway that are named like keys.
_NO_KEYS = {"web_host", "web_port", "web_languages", "web_topic"}


def catalogue(language: str) -> Catalog:
    file = ROOT / "locales" / language / "LC_MESSAGES" / "assistant.po"
    with file.open("rb") as po:
        return read_po(po, abort_invalid=True)


def words(language: str) -> dict[str, str]:
    """Return the words by key."""
    return {message.id: message.string for message in catalogue(language) if message.id}


ENGLISH = words("en")


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def asked_by_name(source: str) -> set[str]:
    """Return the keys that a module asks for: words("…") and words_in(…)("…"), also either of two.

    A key that is put together, words(f"prefix_{…}"), is given as `prefix_*`.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and _is_words(node.func):
            found |= _keys(node.args[0])
        # A key chosen first and asked for later: key = "a" if … else "b".
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "key":
            found |= _keys(node.value)
        # _ask(language, "language_which")
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_ask":
            found |= _keys(node.args[1])
    return found


def _is_words(function: ast.expr) -> bool:
    if isinstance(function, ast.Call):
        return getattr(function.func, "id", "") == "words_in"
    return getattr(function, "id", "") == "words"


def _keys(node: ast.expr) -> set[str]:
    match node:
        case ast.Constant(value=str(key)):
            return {key}
        case ast.IfExp(body=body, orelse=orelse):
            return _keys(body) | _keys(orelse)
        case ast.JoinedStr(values=parts):
            shown = [part.value if isinstance(part, ast.Constant) else "*" for part in parts]
            return {"".join(str(part) for part in shown)}
    return set()


def expanded(keys: set[str]) -> set[str]:
    """Return the keys that patterns stand for."""
    rails = [rail for rail in RAILS if rail != NO_RAIL]
    stands_for = {
        "urgent_*": [f"urgent_{name}" for name in URGENT_KINDS],
        "hotline_*": [
            f"hotline_{name}" for name in load_hotlines(ROOT / "content" / "hotlines.yaml")
        ],
        "topic_*": [f"topic_{topic}" for topic in TOPICS],
        "refuse_*": [f"refuse_{rail}" for rail in rails],
        "refuse_*_alone": [f"refuse_{rail}_alone" for rail in rails if rail != "dishonest"],
    }
    found: set[str] = set()
    for key in keys:
        # A new pattern has to be told here what it stands for.
        found |= set(stands_for[key]) if "*" in key else {key}
    return found


def used_by_actions() -> set[str]:
    keys: set[str] = set()
    for file in (ROOT / "actions").glob("*.py"):
        keys |= asked_by_name(file.read_text(encoding="utf-8"))
    return expanded(keys)


def used_by_bot() -> set[str]:
    responses: dict[str, Any] = yaml.safe_load((ROOT / "bot" / "responses.yml").read_text())
    keys = set(responses["responses"])
    for content in responses["responses"].values():
        keys |= {button["title"] for button in content.get("buttons", [])}
    return keys


def used_by_channels() -> set[str]:
    files = [*(ROOT / "channels").rglob("*.py"), *(ROOT / "channels").rglob("*.html")]
    keys = {key for file in files for key in _WEB_KEY.findall(file.read_text(encoding="utf-8"))}
    topics = {f"web_topic_{topic.replace('-', '_')}" for topic in TOPICS}
    return (keys - _NO_KEYS) | topics


def test_english_and_spanish_are_there() -> None:
    assert {"en", "es"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_key(language: str) -> None:
    assert set(words(language)) == set(ENGLISH)
    assert [key for key, text in words(language).items() if not text.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_compiles_and_nothing_is_left_out(language: str) -> None:
    whole = catalogue(language)
    # A fuzzy entry is left out of what is compiled: people would read English.
    assert [message.id for message in whole if message.id and message.fuzzy] == []
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    read = {message.id: message.string for message in read_mo(compiled) if message.id}
    assert read == words(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_written_twice(language: str) -> None:
    text = (ROOT / "locales" / language / "LC_MESSAGES" / "assistant.po").read_text("utf-8")
    keys = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_placeholders_agree_with_english(language: str) -> None:
    translated = words(language)
    assert {
        key: text
        for key, text in translated.items()
        if placeholders(text) != placeholders(ENGLISH[key])
    } == {}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_digits_agree_with_english(language: str) -> None:
    """Phone numbers and limits are carried over to the letter (facts H 11)."""
    translated = words(language)
    assert {
        key: (ENGLISH[key], text)
        for key, text in translated.items()
        if sorted(_DIGITS.findall(text)) != sorted(_DIGITS.findall(ENGLISH[key]))
    } == {}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_is_translated(language: str) -> None:
    same = {key for key, text in words(language).items() if text == ENGLISH[key]}
    # Names that are the same in every language, each written as itself.
    assert {key for key in same if not key.startswith("button_language_")} <= {"urgent_firm"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_firms_facts_are_never_typed_in(language: str) -> None:
    firm = yaml.safe_load((ROOT / "content" / "firm.yaml").read_text(encoding="utf-8"))
    text = " ".join(words(language).values())
    assert firm["phone"] not in text
    assert firm["name"] not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_people_should_not_read(language: str) -> None:
    for key, text in words(language).items():
        assert not re.search(r"\b(oops|invalid|illegals?|please)\b", text, re.IGNORECASE), key
        assert "<" not in text, key


def test_every_key_that_the_code_asks_for_is_there() -> None:
    asked = used_by_actions() | used_by_bot() | used_by_channels()
    assert sorted(asked - set(ENGLISH)) == []


def test_no_key_is_left_over() -> None:
    used = used_by_actions() | used_by_bot() | used_by_channels()
    assert sorted(set(ENGLISH) - used) == []


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ('words("a")', {"a"}),
        ('words_in(language)("a")', {"a"}),
        ('words("a" if x else "b")', {"a", "b"}),
        ('words(f"urgent_{kind.name}", as_of=x)', {"urgent_*"}),
        ('key = "a" if x else "b"\nwords(key)', {"a", "b"}),
        ('other("a")', set()),
    ],
)
def test_keys_are_found_in_code(source: str, keys: set[str]) -> None:
    assert asked_by_name(source) == keys
