"""channels/incoming.py: no text of a person is ever a command."""

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.incoming import clean_message

_NASTY = "/／ \t\n\r\x00\x1f\x85\xa0\u200b\u200d\u2028\u202e\u2060\u3000\ufeff\ufe0f\u3164\ud800a⁄é"
_texts = st.text(alphabet=st.one_of(st.sampled_from(_NASTY), st.characters(codec=None)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hola", "hola"),
        ("  ¿qué es PD? \n", "¿qué es PD?"),
        ("/restart", "restart"),
        (" \u200b／\u200b/restart", "restart"),
        ("\x00/\x00/book{}", "book{}"),
        ('/book_consultation{"name":"x"}', 'book_consultation{"name":"x"}'),
        ("either/or", "either/or"),
        ("line 1\r\nline 2", "line 1\nline 2"),
        ("a\ud800b\x07c", "abc"),
        ("\u3164\u2800/x", "x"),
        ("//// ／", ""),
        (" \u200b\u3000\n", ""),
        ("میں\u200cہوں", "میں\u200cہوں"),  # a joiner inside a word is part of its spelling
        ("❤\ufe0f help", "❤\ufe0f help"),
    ],
)
def test_examples(text: str, expected: str) -> None:
    assert clean_message(text) == expected


def test_every_character_that_may_become_a_slash_is_one_for_us() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if "/" in unicodedata.normalize("NFKC", char):
            assert not _is_command(clean_message(f"{char}restart")), f"U+{code:04X}"


@given(_texts)
@example("\u200b" * 20_000 + "/restart")
@example("/" * 20_000)
def test_never_a_command(text: str) -> None:
    cleaned = clean_message(text)
    assert not _is_command(cleaned)
    cleaned.encode("utf-8")  # no half letters
    assert clean_message(cleaned) == cleaned
    assert all(c in "\n\t" or unicodedata.category(c) != "Cc" for c in cleaned)


def _is_command(text: str) -> bool:
    """Whether Rasa, or anything that reads on after NFKC and stripping, would see a command."""
    forms = (text, unicodedata.normalize("NFKC", text))
    visible = ["".join(c for c in form if unicodedata.category(c) != "Cf") for form in forms]
    return any(form.strip().startswith("/") for form in (*forms, *visible))
