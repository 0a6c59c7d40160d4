"""Cleaning and folding: any text becomes one that every tokenizer accepts."""

import unicodedata

import pytest
from any_text import ANY_TEXT, any_text
from hypothesis import given

from text_classification.text import clean, fold, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  how\tlong\n\nwill it  take ", "how long will it take"),
        ("ｃｏｕｒｔ　１２３", "court 123"),
        ("a\x00b\x1bc", "a b c"),
        ("x\ud800y", "x y"),
        ("", ""),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("क्‍ष", "क्‍ष"),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¿Deportación?", "¿deportacion?"),
        ("NIÑO", "nino"),
        ("Straße", "strasse"),
        ("кирилл", "кирилл"),
        ("법원", "법원"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(any_text)
def test_cleaned_text_can_be_sent_anywhere(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert cleaned == cleaned.strip()
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in cleaned)
    assert clean(cleaned) == cleaned
    fold(text).encode("utf-8")


@pytest.mark.parametrize("text", ANY_TEXT.values(), ids=ANY_TEXT)
def test_any_text_is_cleaned(text: str) -> None:
    clean(text).encode("utf-8")
    fold(text).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They took him, TODAY!", ["they", "took", "him", "today"]),
        ("¿Cuándo es mi audiencia?", ["cuando", "es", "mi", "audiencia"]),
        ("don’t go", ["don", "t", "go"]),
        ("我的听证会 NTA", ["我", "的", "听", "证", "会", "nta"]),
        ("मेरी सुनवाई कब है?", ["मेरी", "सुनवाई", "कब", "है"]),
        ("متى جلستي؟", ["متى", "جلستي"]),
        ("...", []),
        ("", []),
    ],
)
def test_words_leave_punctuation_out_and_vowel_signs_in(text: str, expected: list[str]) -> None:
    assert words(text) == expected
