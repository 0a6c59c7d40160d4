"""Takes out of a text what could name a person, before anything is stored.

Errs on the side of taking out too much: a redacted question is for staff to learn what people
ask, and loses nothing by losing a number.
"""

import re
import unicodedata

MASK = "[…]"

# A number in any of the spellings people use: an optional letter prefix (A-number, receipt
# number), then digits that may be parted by spaces, dots, dashes, slashes or brackets.
_SEPARATED = r"[\s.\-–—/()·#:]{0,3}"
_NUMBER = re.compile(
    rf"(?<!\w)(?:[A-Za-zА-Я]{{1,4}}{_SEPARATED})?\+?\(?\d(?:{_SEPARATED}\d){{5,}}", re.UNICODE
)
_EMAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]{1,64}\s{0,3}(?:@|\(at\)|\[at\]|\sat\s|\sarroba\s)\s{0,3}[\w\-]{1,64}"
    r"(?:\s{0,3}(?:\.|\sdot\s|\spunto\s)\s{0,3}[\w\-]{1,64}){1,5}",
    re.IGNORECASE,
)
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@\w{3,}")
# After these words people write their name or address.
_AFTER_WORDS = re.compile(
    r"\b(my (?:full )?name(?:'s| is)|i am called|me llamo|mi nombre(?: completo)? es|soy (?:el señor|la señora)"
    r"|my address is|i live at|mi direcci[oó]n es|vivo en(?: la| el)? (?:calle|av\w*|n[uú]mero))"
    r"\s+[^.,;!?\n]{1,60}",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """Return `text` with numbers of six digits or more, e-mails, links, handles and names masked.

    Digits of every script count: ١٢٣ and १२३ are as telling as 123.
    """
    masked = _EMAIL.sub(MASK, text)
    masked = _LINK.sub(MASK, masked)
    masked = _HANDLE.sub(MASK, masked)
    masked = _AFTER_WORDS.sub(lambda match: f"{match.group(1)} {MASK}", masked)
    return _mask_numbers(masked)


def _mask_numbers(text: str) -> str:
    # The pattern runs on a copy in ASCII digits, of the same length, so that places agree.
    ascii_digits = "".join(_ascii_digit(char) for char in text)
    pieces, end = [], 0
    for match in _NUMBER.finditer(ascii_digits):
        pieces += [text[end : match.start()], MASK]
        end = match.end()
    return "".join([*pieces, text[end:]])


def _ascii_digit(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)
