"""Makes any text whatever safe for the encoder and the matchers."""

import re
import unicodedata

# The encoder reads 512 characters at most: more costs time quadratically and the
# question is nearly always in the first sentences (docs/decisions/0003-retrieval.md).
MAX_ENCODED_CHARS = 512

# NFKC can grow one character to eighteen (U+FDFA), so the input is bounded first.
_MAX_RAW_CHARS = 20_000

_CHINESE = re.compile(r"[\u3400-\u9fff]")
# Not \W: that would take the vowel signs of Devanagari, Bengali and Gurmukhi out of their words.
_NO_WORD = re.compile(r"[!-/:-@\[-`{-~¡¿«»‐-‧‹›،؛؟۔।॥、-〃〈-】！-／：-？]+")


def clean(text: str) -> str:
    """Return `text` in NFKC, without control characters, with single spaces.

    Args:
        text: anything, also with NUL, lone surrogates or no letter at all.

    Returns:
        Valid Unicode that every tokenizer and JSON encoder accepts; may be empty.
    """
    bounded = text[:_MAX_RAW_CHARS]
    valid = "".join(" " if _is_unusable(char) else char for char in bounded)
    return " ".join(unicodedata.normalize("NFKC", valid).split())


def fold(text: str) -> str:
    """Return cleaned `text` in lower case and without Latin accents.

    People leave accents out on a phone; "deportacion" has to meet "deportación".
    """
    decomposed = unicodedata.normalize("NFD", clean(text).casefold())
    return unicodedata.normalize(
        "NFC", "".join(char for char in decomposed if not "\u0300" <= char <= "\u036f")
    )


def words(text: str) -> list[str]:
    """Return the words of the folded text, without punctuation.

    Chinese is written without spaces: there, each character counts as a word.
    """
    return _NO_WORD.sub(" ", _CHINESE.sub(r" \g<0> ", fold(text))).split()


def _is_unusable(char: str) -> bool:
    category = unicodedata.category(char)
    # Cc: control, Cs: lone surrogate. Cf (joiners) stays: Indic scripts and emoji need it.
    return category in ("Cc", "Cs")
