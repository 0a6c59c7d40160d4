"""Takes out of a text what could name a person, before anything is stored.

Errs on the side of taking out too much: a redacted question is for staff to learn what people
ask, and loses nothing by losing a number.
"""

import re
import unicodedata

MASK = "[…]"

# A number in any of the spellings people use: an optional letter prefix (A-number, receipt
# number), then digits that may be parted by spaces, dots, any dash, slashes, brackets or marks
# that are not seen. A word may stand right before them: "numero123456789".
_SEPARATED = (
    r"[\s.\-\u2010-\u2015\u2212_/\\|()·•*'’#:\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]{0,3}"
)
_NUMBER = re.compile(
    rf"(?<!\d)(?:(?<!\w)[A-Za-zА-Я]{{1,4}}{_SEPARATED})?\+?\(?\d(?:{_SEPARATED}\d){{5,}}"
)
# An A-number's digits may be parted by commas too, which elsewhere are amounts: 117,000.
_A_NUMBER = re.compile(
    rf"(?<!\w)A{_SEPARATED}\d(?:{_SEPARATED.replace('[', '[,', 1)}\d){{6,}}", re.IGNORECASE
)
_LOCAL = r"(?<![\w.+\-])[\w.+\-]{1,64}"
_DOT = r"(?:\.|\s{1,3}(?:dot|punto)\s{1,3})"
_EMAIL = re.compile(
    rf"{_LOCAL}\s{{0,3}}(?:@|[(\[](?:at|arroba)[)\]])\s{{0,3}}[\w\-]{{1,64}}"
    rf"(?:\s{{0,3}}{_DOT}\s{{0,3}}[\w\-]{{1,64}}){{0,5}}"
    # Written out: a bare “at” needs a dot right behind, or “at night. My husband …” would go.
    rf"|{_LOCAL}\s{{1,3}}at\s{{1,3}}[\w\-]{{1,64}}(?:{_DOT}[\w\-]{{1,64}}){{1,5}}"
    rf"|{_LOCAL}\s{{1,3}}arroba\s{{1,3}}[\w\-]{{1,64}}(?:{_DOT}[\w\-]{{1,64}}){{0,5}}(?:\s{{1,3}}com\b)?",
    re.IGNORECASE,
)
_LINK = re.compile(r"\b(?:https?://|www\.|t\.me/|wa\.me/)\S+", re.IGNORECASE)
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
    return _mask_numbers(masked, _A_NUMBER, _NUMBER)


def _mask_numbers(text: str, *patterns: re.Pattern[str]) -> str:
    for pattern in patterns:
        # It runs on a copy in ASCII digits, of the same length, so that places agree.
        ascii_digits = "".join(_ascii_digit(char) for char in text)
        pieces, end = [], 0
        for match in pattern.finditer(ascii_digits):
            pieces += [text[end : match.start()], MASK]
            end = match.end()
        text = "".join([*pieces, text[end:]])
    return text


def _ascii_digit(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)
