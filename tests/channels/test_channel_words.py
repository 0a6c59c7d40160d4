"""channels/words.py and what is told from the words: languages, directions, guesses."""

import re
from pathlib import Path

import pytest

from channels.language_guess import LanguageGuesser
from channels.web.accept_language import accepted_languages
from channels.words import Words, WordsError, direction

_CHANNELS = Path(__file__).resolve().parent.parent.parent / "channels"
_KEY = re.compile(r"\bweb_[a-z_]+[a-z]\b")


def _used_keys() -> set[str]:
    files = [*_CHANNELS.rglob("*.py"), *_CHANNELS.rglob("*.html")]
    keys = {key for path in files for key in _KEY.findall(path.read_text(encoding="utf-8"))}
    settings = {"web_host", "web_port", "web_languages"}
    topics = ("prosecutorial_discretion", "history", "backlog", "my_case", "safety", "firm")
    return (keys - settings - {"web_topic"}) | {f"web_topic_{topic}" for topic in topics}


def test_every_key_has_its_words_in_every_language(words: Words) -> None:
    assert {"en", "es"} <= set(words.languages)
    values = dict.fromkeys(("firm", "phone", "number", "date", "limit", "seconds"), "7")
    for key in _used_keys():
        texts = [words.say(language, key, **values) for language in ("en", "es")]
        assert all(texts)
        assert texts[0] != texts[1], key


def test_falls_back_to_english() -> None:
    words = Words({"en": {"a": "A {n}", "b": "B"}, "es": {"b": "Be"}})
    assert words.say("es", "a", n=1) == "A 1"
    assert words.say("ko", "b") == "B"


def test_missing_catalogues_are_told(tmp_path: Path, locales_dir: Path) -> None:
    with pytest.raises(WordsError, match="No catalogue of words for en"):
        Words.read(tmp_path)
    with pytest.raises(WordsError, match="for ko, zh-Hans in"):
        Words.read(locales_dir, ["ko", "zh-Hans", "es"])
    assert Words.read(locales_dir, ["en"]).languages == ("en",)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en;q=0.2, es;q=0.7", "es"),
        ("zh-TW", "zh-Hant"),
        ("zh-CN,en", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("fr, *;q=0.5", None),
        ("es;q=0", None),
        ("xx-garbage-<script>;;q=,,,", None),
        ("", None),
        (None, None),
    ],
)
def test_negotiates(header: str | None, expected: str | None) -> None:
    words = Words({language: {} for language in ("en", "es", "zh-Hans", "zh-Hant", "ar")})
    assert words.negotiate(accepted_languages(header)) == expected


def test_direction() -> None:
    assert [direction(tag) for tag in ("ar", "ur", "es", "zh-Hant", "??")] == [
        "rtl",
        "rtl",
        "ltr",
        "ltr",
        "ltr",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¿Qué pasa si no voy a mi audiencia?", "es"),
        ("que pasa si no voy a la corte", "es"),
        ("me agarró la migra, ayuda", "es"),
        ("what happens if i miss my court date", "en"),
        ("how long does it take to get an answer", "en"),
        ("123 !!", None),
        ("", None),
    ],
)
def test_guesses_the_language(words: Words, text: str, expected: str | None) -> None:
    assert LanguageGuesser(words).guess(text) == expected
