"""Which of the offered choices a typed reply means."""

import re
import unicodedata

from knowledge_base.text import fold

_WORDS = {
    1: "first 1st one top primera primero primer uno una 1ra 1ro 1a 1o",
    2: "second 2nd two middle segunda segundo dos 2da 2do 2a 2o",
    3: "third 3rd three tercera tercero tercer tres 3ra 3ro 3a 3o",
    4: "fourth 4th four cuarta cuarto cuatro 4ta 4to",
    5: "fifth 5th five quinta quinto cinco 5ta 5to",
}
_LAST = frozenset({"last", "bottom", "ultima", "ultimo"})
# "The first one", "esa una": the word for one is a noun here, and says nothing by itself.
_WEAK = frozenset({"one", "una", "uno"})
_POSITIONS = {word: number for number, words in _WORDS.items() for word in words.split()}


def position(text: str, count: int) -> int | None:
    """Return the index, from 0, that a reply means among `count` choices, or None.

    Args:
        text: "2", "the second one", "la última", "opción 3", "②".
        count: how many choices were offered.
    """
    words = re.findall(r"\w+", fold(text))
    strong = [word for word in words if word not in _WEAK] or words
    for word in [*strong, *words]:
        number = _number(word)
        if number is not None and 1 <= number <= count:
            return number - 1
        if word in _LAST and count:
            return count - 1
    return None


def _number(word: str) -> int | None:
    if word in _POSITIONS:
        return _POSITIONS[word]
    digits = [unicodedata.decimal(char, None) for char in word]
    if not digits or len(digits) > 2 or None in digits:
        return None
    return int("".join(str(digit) for digit in digits))
