"""Compiles the catalogues of locales/ (assistant.po) into var/locales/ (assistant.mo)."""

import shutil
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "locales"
COMPILED = ROOT / "var" / "locales"


def compile_words(sources: Path, compiled: Path) -> list[str]:
    """Compile every catalogue, remove what has none any more, and return the languages.

    Raises:
        PoFileError: a catalogue can't be read.
    """
    languages = []
    for source in sorted(sources.glob("*/LC_MESSAGES/assistant.po")):
        with source.open("rb") as file:
            try:
                catalogue = read_po(file, abort_invalid=True)
            except PoFileError as error:
                raise PoFileError(f"{source}: {error}", error.catalog, "", 0) from error
        target = compiled / source.relative_to(sources).with_suffix(".mo")
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".draft")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(target)
        languages.append(source.parent.parent.name)
    for folder in compiled.iterdir() if compiled.is_dir() else ():
        if folder.name not in languages:
            shutil.rmtree(folder)
    return languages


if __name__ == "__main__":
    try:
        print(f"Compiled: {', '.join(compile_words(SOURCES, COMPILED))}")
    except PoFileError as error:
        sys.exit(str(error))
