"""The words that channels say, out of the compiled catalogues (locales/, compiled by `make`)."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.core import get_global
from babel.messages.mofile import read_mo

DEFAULT_LANGUAGE = "en"
_CATALOGUE = Path("LC_MESSAGES") / "assistant.mo"


class WordsError(Exception):
    """The catalogues can't be used; the message says what to do."""


class Words:
    """Every catalogue, read once.

    Args:
        catalogues: language (BCP 47) to key to text; English must be among them.
    """

    def __init__(self, catalogues: Mapping[str, Mapping[str, str]]) -> None:
        if DEFAULT_LANGUAGE not in catalogues:
            raise WordsError("There is no English catalogue. Run `make` to compile locales/.")
        self._catalogues = catalogues
        self.languages = tuple(
            sorted(catalogues, key=lambda language: (language != DEFAULT_LANGUAGE, language))
        )

    @classmethod
    def read(cls, locales_dir: Path, only: Iterable[str] = ()) -> "Words":
        """Return the words under `locales_dir`.

        Args:
            locales_dir: has `<language>/LC_MESSAGES/assistant.mo`.
            only: the languages wanted; all that are there where it is empty.

        Raises:
            WordsError: if English or one of `only` is missing.
        """
        found = {path.parent.parent.name: path for path in locales_dir.glob(f"*/{_CATALOGUE}")}
        wanted = sorted({DEFAULT_LANGUAGE, *only} if set(only) else found)
        missing = [language for language in wanted if language not in found]
        if missing or DEFAULT_LANGUAGE not in found:
            names = ", ".join(missing or [DEFAULT_LANGUAGE])
            raise WordsError(
                f"No catalogue of words for {names} in {locales_dir}. Run `make` to compile "
                "locales/, or correct LOCALES_DIR or WEB_LANGUAGES."
            )
        return cls({language: _read_catalogue(found[language]) for language in wanted})

    def say(self, language: str, key: str, **values: object) -> str:
        """Return the text of `key`, in English where `language` lacks it.

        Args:
            language: BCP 47; need not be one of ours.
            key: the msgid.
            values: what the text's `{names}` stand for.
        """
        texts = self._catalogues.get(language, {})
        text = texts.get(key) or self._catalogues[DEFAULT_LANGUAGE][key]
        return text.format(**values)

    def texts(self, language: str) -> list[str]:
        """Return every text of a language, for telling languages apart."""
        return list(self._catalogues[language].values())

    def negotiate(self, preferred: Iterable[str]) -> str | None:
        """Return the first of our languages that suits `preferred` (BCP 47, best first)."""
        wanted = [form for tag in preferred for form in _forms(tag)]
        found = negotiate_locale(wanted, self.languages, sep="-")
        return next(
            (ours for ours in self.languages if ours.lower() == (found or "").lower()), None
        )


def direction(language: str) -> str:
    """Return `rtl` or `ltr`."""
    try:
        return str(Locale.parse(language, sep="-").text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"


def _forms(tag: str) -> list[str]:
    """Return `tag` and what it means: a catalogue is called zh-Hant, a browser says zh-TW."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return []
    if locale.script is None:
        likely = get_global("likely_subtags").get(locale.language)
        locale = Locale.parse(likely) if likely else locale
    return [tag, f"{locale.language}-{locale.script}", locale.language]


def _read_catalogue(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        catalogue = read_mo(file)
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string
    }
