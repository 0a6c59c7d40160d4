"""The catalogues, with dates and times in the form of each language."""

import gettext
import os
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path

import yaml
from babel.dates import format_date, format_time, get_day_names

from knowledge_base.settings import ROOT

DEFAULT_LANGUAGE = "en"


class Words:
    """What the product says in one language.

    Args:
        language: BCP 47; a key that it lacks is taken from English.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._translations = _catalogue(language)
        self._locale = language.replace("-", "_")
        firm = _firm()
        self._values = {"firm_name": firm["name"], "firm_phone": firm["phone"]}

    def __call__(self, key: str, **values: str) -> str:
        """Return the words of `key`, its placeholders filled in."""
        return self._translations.gettext(key).format(**self._values, **values)

    def date(self, day: date) -> str:
        """Return a date as people of this language write it."""
        return str(format_date(day, format="long", locale=self._locale))

    def time(self, moment: time) -> str:
        """Return a time of day as people of this language write it."""
        return str(format_time(moment, format="short", locale=self._locale))

    def weekday(self, moment: datetime) -> str:
        """Return the name of a day of the week."""
        return str(get_day_names("wide", locale=self._locale)[moment.weekday()])


@lru_cache(maxsize=32)
def words_in(language: str) -> Words:
    """Return the words of `language`, loaded once."""
    return Words(language)


def has_words(language: str) -> bool:
    """Return whether there is a catalogue for `language`."""
    return gettext.find("assistant", str(_folder()), [language]) is not None


@lru_cache(maxsize=32)
def _catalogue(language: str) -> gettext.NullTranslations:
    words = gettext.translation("assistant", str(_folder()), [language], fallback=True)
    if language != DEFAULT_LANGUAGE:
        words.add_fallback(_catalogue(DEFAULT_LANGUAGE))
    return words


def _folder() -> Path:
    return Path(os.environ.get("LOCALES_DIR", ROOT / "var" / "locales"))


@lru_cache(maxsize=1)
def _firm() -> dict[str, str]:
    file = ROOT / "content" / "firm.yaml"
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))
