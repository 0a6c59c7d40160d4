"""The names that languages have: their own, and those that our languages give them (Babel)."""

import re
from functools import lru_cache

from babel import Locale

from text_classification.text import fold

# In their own names, in the order of the picker.
LANGUAGE_NAMES = {
    "en": "English",
    "es": "Español",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
    "ru": "Русский",
    "bn": "বাংলা",
    "ht": "Kreyòl ayisyen",
    "ko": "한국어",
    "ar": "العربية",
    "ur": "اردو",
    "fr": "Français",
    "pl": "Polski",
    "pt": "Português",
    "hi": "हिन्दी",
    "pa": "ਪੰਜਾਬੀ",
    "uk": "Українська",
    "ne": "नेपाली",
}

# What people call a language and no locale data does.
_NICKNAMES = {
    "creole": "ht",
    "kreyol": "ht",
    "haitian": "ht",
    "criollo": "ht",
    "criollo haitiano": "ht",
    "castellano": "es",
    "espanol": "es",
    "inglish": "en",
    "ingles": "en",
    "englis": "en",
    "中文": "zh-Hans",
    "mandarin": "zh-Hans",
    "cantonese": "zh-Hant",
    "chinese": "zh-Hans",
    "chino": "zh-Hans",
    "bangla": "bn",
    "panjabi": "pa",
}


def named_language(text: str) -> str | None:
    """Return the language that a request names, or None.

    Args:
        text: "español por favor", "in english", "do you speak Creole?".

    Where several are named ("my english is bad, spanish please") the last one is meant.
    """
    words = fold(text)
    found = [
        (match.start(), code)
        for name, code in _names().items()
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", words)
    ]
    return max(found)[1] if found else None


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    names = {}
    for code in LANGUAGE_NAMES:
        for speaker in LANGUAGE_NAMES:
            display = Locale.parse(speaker.replace("-", "_")).languages.get(code.replace("-", "_"))
            if display:
                names[fold(display)] = code
        names[fold(LANGUAGE_NAMES[code])] = code
    return names | {fold(name): code for name, code in _NICKNAMES.items()}
