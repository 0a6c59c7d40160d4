"""Which of the offered choices a typed reply means."""

import re
import unicodedata

from text_classification.text import fold

_WORDS = {
    1: "first 1st one top primera primero primer primerita uno una 1ra 1ro 1era 1er 1a 1o arriba a",
    2: "second 2nd two segunda segundo dos 2da 2do 2a 2o b",
    3: "third 3rd three tercera tercero tercer tres 3ra 3ro 3era 3a 3o c",
    4: "fourth 4th four cuarta cuarto cuatro 4ta 4to d",
    5: "fifth 5th five quinta quinto cinco 5ta 5to e",
}
_FROM_END = {"last": 1, "bottom": 1, "ultima": 1, "ultimo": 1, "abajo": 1, "penultima": 2}
_MIDDLE = frozenset({"middle", "medio", "centro", "between"})
# "The first one", "esa una", "a cual": small words that mean a position only when nothing else does.
_WEAK = frozenset({"one", "una", "uno", "a", "b", "c", "d", "e"})
_POSITIONS = {word: number for number, words in _WORDS.items() for word in words.split()}


def position(text: str, count: int) -> int | None:
    """Return the index, from 0, that a reply means among `count` choices, or None.

    Args:
        text: "2", "the second one", "la última", "opción 3", "②".
        count: how many choices were offered.
    """
    words = re.findall(r"\w+", fold(text))
    strong = [word for word in words if word not in _WEAK]
    for word in [*strong, *words]:
        index = _index(word, count)
        if index is not None and 0 <= index < count:
            return index
    return None


def _index(word: str, count: int) -> int | None:
    if word in _FROM_END:
        return count - _FROM_END[word]
    if word in _MIDDLE:
        return (count - 1) // 2
    number = _number(word)
    return None if number is None else number - 1


def _number(word: str) -> int | None:
    if word in _POSITIONS:
        return _POSITIONS[word]
    digits = [unicodedata.decimal(char, None) for char in word]
    if not digits or len(digits) > 2 or None in digits:
        return None
    return int("".join(str(digit) for digit in digits))
