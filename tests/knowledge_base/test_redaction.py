"""What could name a person goes; what staff learn from stays."""

import time

import pytest
from any_text import ANY_TEXT, any_text
from hypothesis import given, strategies

from knowledge_base.redaction import MASK, redact
from text_classification.text import clean

# Nine digits as people write them; `clean` has been over the text before it is stored.
A_NUMBERS = (
    "A123456789",
    "a123456789",
    "A 123 456 789",
    "A-123-456-789",
    "A#123456789",
    "A# 123-456-789",
    "A.123.456.789",
    "A: 123/456/789",
    "A 1 2 3 4 5 6 7 8 9",
    "A12 3456 789",
    "(A)123456789",
    "A‐123‐456‐789",
    "A‑123‑456‑789",
    "A–123–456–789",
    "A—123 — 456 — 789",
    "A−123−456−789",
    "A_123_456_789",
    "A123'456'789",
    "A*123*456*789",
    "A 123\u200b456\u200b789",
    "A 123\u200e456\u200f789",
    "A１２３４５６７８９",
    "Ａ１２３－４５６－７８９",
    "A١٢٣٤٥٦٧٨٩",
    "A ۱۲۳ ۴۵۶ ۷۸۹",
    "A१२३४५६७८९",
    "A ১২৩-৪৫৬-৭৮৯",
    "А123456789",  # the letter is Cyrillic
    "numero123456789",
    "número123456789",
    "رقم123456789",
    "123456789",
    "12345678",
)
OTHERS = (
    "EAC2190012345",
    "IOE-0912345678",
    "EAC 21 900 12345",
    "MSC*2190012345",
    "123-45-6789",
    "123 45 6789",
    "(718) 555-0100",
    "718.555.0100",
    "+1 718 555 0100",
    "+52 55 1234 5678",
    "tel:7185550100",
    "06/14/1990",
    "juan@gmail.com",
    "juan.perez+court@mail.example.org",
    "juan @ gmail . com",
    "juan arroba gmail punto com",
    "juan at gmail dot com",
    "JUAN AT GMAIL DOT COM",
    "juan(at)gmail.com",
    "juan (arroba) gmail.com",
    "juan＠gmail．com",
    "https://facebook.com/juan.perez",
    "www.juanperez.com",
    "@juanperez",
)
STAYS = (
    "In 2021 the wait was 4 years, in 2025 it is 5",
    "from 2017 to 2021",
    "the fee is $1,010, not $110",
    "3,400,000 cases",
    "2.3 million cases",
    "Form I-589, EOIR-33 and I-765",
    "EOIR-26A",
    "26 Federal Plaza, Room 14-130, New York, NY 10278",
    "290 Broadway, 15th floor",
    "call 911 or 988",
    "after 150 days, or 180",
    "my hearing is on 12/05 at 10:30",
    "5 de mayo de 2021 a las 9",
    "42B and U visa",
    "¿Cuánto cuesta? $50",
)


def _digits(text: str) -> str:
    return "".join(char for char in clean(text) if char.isdecimal())


@pytest.mark.parametrize("number", A_NUMBERS)
@pytest.mark.parametrize("sentence", ["{}", "my number is {} ok", "mi número es {}, ayuda", "¿{}?"])
def test_a_numbers_go(number: str, sentence: str) -> None:
    redacted = redact(clean(sentence.format(number)))
    assert _digits(redacted) == ""
    assert MASK in redacted


@pytest.mark.parametrize("private", OTHERS)
def test_other_numbers_and_addresses_go(private: str) -> None:
    redacted = redact(clean(f"write to {private} please"))
    assert _digits(redacted) == ""
    assert "juan" not in redacted.casefold()
    assert MASK in redacted
    assert redacted.endswith(" please")


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("my name is Juan Pérez. When is my hearing", "Pérez"),
        ("Me llamo Juan Pérez, ¿cuándo es mi audiencia?", "Pérez"),
        ("I live at 12 Roosevelt Ave; where is the court", "Roosevelt"),
        ("vivo en la calle Roosevelt, dónde es", "Roosevelt"),
    ],
)
def test_names_and_addresses_after_their_words_go(text: str, private: str) -> None:
    redacted = redact(text)
    assert private not in redacted
    assert text.split()[-1] in redacted


@pytest.mark.parametrize("text", STAYS)
def test_what_staff_need_stays(text: str) -> None:
    assert redact(text) == text


def test_what_stands_around_stays() -> None:
    assert redact("is A123456789 my file, or EAC2190012345?") == f"is {MASK} my file, or {MASK}?"


def test_redacting_twice_changes_nothing() -> None:
    for text in (*A_NUMBERS, *OTHERS, *STAYS):
        once = redact(clean(text))
        assert redact(once) == once


_SCRIPTS = (
    "0123456789",
    "０１２３４５６７８９",
    "٠١٢٣٤٥٦٧٨٩",
    "۰۱۲۳۴۵۶۷۸۹",
    "०१२३४५६७८९",
    "০১২৩৪৫৬৭৮৯",
)
_SEPARATORS = strategies.sampled_from(["", "", " ", "-", ".", " - ", "/", "\t", "–", "‑", "\n"])
# Around the number anything may stand but digits, which would make another number of it.
_around = strategies.text(
    strategies.characters(blacklist_categories=("Nd", "No", "Nl", "Cs")), max_size=40
)


@strategies.composite
def _written(draw: strategies.DrawFn) -> str:
    digits = draw(strategies.lists(strategies.integers(0, 9), min_size=8, max_size=9))
    script = draw(strategies.sampled_from(_SCRIPTS))
    prefix = draw(strategies.sampled_from(["A", "a", "A-", "A #", "A# ", "A no. ", "", "Ａ"]))
    return prefix + "".join(script[digit] + draw(_SEPARATORS) for digit in digits)


@given(_around, _written(), _around)
def test_a_planted_a_number_never_survives(before: str, number: str, after: str) -> None:
    assert _digits(redact(clean(f"{before}{number}{after}"))) == ""


@given(any_text)
def test_generated_text_is_redacted(text: str) -> None:
    redacted = redact(text)
    assert redact(clean(redacted)) is not None


@pytest.mark.parametrize("text", ANY_TEXT.values(), ids=ANY_TEXT)
def test_any_text_is_redacted(text: str) -> None:
    redact(text)


@pytest.mark.parametrize(
    "piece",
    ["a", "1", "1-", "a.", "a ", "a at ", "a@", "(", "juan arroba ", "my name is ", "http://",
     "1-1-1-1-1a", "word at word dot ", "a@a.", "+", "A#", "@", "-", "é1"],
)  # fmt: skip
def test_twenty_thousand_characters_take_no_time(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    start = time.perf_counter()
    redact(text)
    assert time.perf_counter() - start < 0.5
