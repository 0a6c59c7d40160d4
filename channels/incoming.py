"""What a person typed, made safe to hand on: no command, no control character, no half letter."""

import unicodedata

# Rasa obeys a text that starts with this as an intent command, also after white space
# (DESIGN.md 6.4), and what reads our text applies NFKC, which makes a fullwidth slash of it.
_COMMAND = "/"
# Letters and marks that show nothing, though Unicode calls them neither space nor format:
# grapheme joiner, Hangul fillers, Khmer inherent vowels, blank Braille pattern.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_LINE_MARKS = "\n\t"


def clean_message(text: str) -> str:
    """Return `text` as it may be sent to Rasa; empty where nothing readable is left.

    Control characters and lone surrogates go, white space and invisible characters at both ends
    go, and so does every slash at the start: only buttons that we signed may give a command.

    Args:
        text: exactly what came in, of any length.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in unified if not _is_control(char))
    start, end = 0, len(kept)
    while start < end and (_is_invisible(kept[start]) or _reads_as_slash(kept[start])):
        start += 1
    while end > start and _is_invisible(kept[end - 1]):
        end -= 1
    return kept[start:end]


def drop_surrogates(value: object) -> object:
    """Return a string without lone surrogates, anything else as it is.

    JSON may carry half a letter (a backslash-u escape in D800 to DFFF), which no encoder accepts.
    """
    if isinstance(value, str):
        return "".join(char for char in value if not "\ud800" <= char <= "\udfff")
    return value


def _is_control(char: str) -> bool:
    return char not in _LINE_MARKS and unicodedata.category(char) in ("Cc", "Cs")


def _is_invisible(char: str) -> bool:
    return (
        char.isspace()
        or unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp")
        or char in _BLANK_LETTERS
        or "\ufe00" <= char <= "\ufe0f"  # variation selectors change a letter, none stands alone
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def _reads_as_slash(char: str) -> bool:
    return unicodedata.normalize("NFKC", char).lstrip().startswith(_COMMAND)
