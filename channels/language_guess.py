"""Which of our languages a text is in, told from the catalogues' own letters.

Rasa's side has a real identifier. This one is for when that side is down and a sentence has to be
said all the same: it costs no memory until then, and no model (py3langid takes 120 MB and 1.6 s).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from channels.words import Words

_LONGEST = 3  # letters: single ones tell scripts apart, three in a row tell Spanish from English
_MAX_CHARS = 512
# Nats a letter group by which the best must lead, else nothing is said: short words shared by
# two languages ("hotel", "no") lie under it.
_MIN_LEAD = 0.05


class LanguageGuesser:
    """A naive Bayes classifier of letter groups, learned from the catalogues at its first use.

    Args:
        words: the catalogues; only their languages are told apart.
    """

    def __init__(self, words: Words) -> None:
        self._words = words

    def guess(self, text: str, min_letters: int = 1) -> str | None:
        """Return the language of `text`, or None where that isn't clear.

        Args:
            text: what the person wrote.
            min_letters: nothing is said of a text with fewer.
        """
        text = text[:_MAX_CHARS]
        if sum(map(str.isalpha, text)) < max(1, min_letters) or len(self._words.languages) == 1:
            return None
        groups = list(_groups(text))
        scores = sorted(
            ((self._score(counts, groups), language) for language, counts in self._counts.items()),
            reverse=True,
        )
        (best, language), (second, _) = scores[:2]
        return language if (best - second) / len(groups) >= _MIN_LEAD else None

    @cached_property
    def _counts(self) -> Mapping[str, Counter[str]]:
        return {
            language: Counter(
                group for text in self._words.texts(language) for group in _groups(text)
            )
            for language in self._words.languages
        }

    @cached_property
    def _vocabulary(self) -> int:
        return len(set().union(*self._counts.values()))

    def _score(self, counts: Counter[str], groups: list[str]) -> float:
        total = counts.total() + self._vocabulary
        return sum(math.log((counts[group] + 1) / total) for group in groups)


def _groups(text: str) -> Iterable[str]:
    letters = "".join(char if char.isalpha() else " " for char in text.lower())
    for word in letters.split():
        padded = f" {word} "
        for size in range(1, _LONGEST + 1):
            for start in range(len(padded) - size + 1):
                group = padded[start : start + size]
                if not group.isspace():
                    yield group
