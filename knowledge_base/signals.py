"""Examples that teach when not to answer: emergencies, guard rails, what is not ours.

`content/signals/<language>/urgent.yaml` (kind -> urgent, calm), `guard_rails.yaml` (rail -> list)
and `out_of_scope.yaml` (list). Staff can add to them as to the entries.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.errors import ContentError
from knowledge_base.urgent_kinds import URGENT_KINDS
from knowledge_base.yaml_file import read_yaml

CALM = "calm"
NO_RAIL = "none"
RAILS = ("advice", "prediction", "dishonest", NO_RAIL)


@dataclass(frozen=True)
class Example:
    """A message and what it is an example of."""

    text: str
    label: str
    language: str


@dataclass(frozen=True)
class Signals:
    """All examples, by what they teach."""

    urgent: tuple[Example, ...]
    guard_rails: tuple[Example, ...]
    out_of_scope: tuple[Example, ...]
    small_talk: tuple[Example, ...] = ()

    @property
    def all(self) -> tuple[Example, ...]:
        """Every example."""
        return (*self.urgent, *self.guard_rails, *self.out_of_scope, *self.small_talk)

    @cached_property
    def signals_id(self) -> str:
        """A hash of all examples."""
        digest = hashlib.sha256()
        for example in self.all:
            digest.update(f"{example.language}\0{example.label}\0{example.text}\n".encode())
        return digest.hexdigest()[:16]


def load_signals(content: Path, nlu: Path) -> Signals:
    """Read every language under `<content>/signals`, and small talk from Rasa's NLU files.

    Args:
        content: the content folder.
        nlu: Rasa's `data/nlu`, a folder a language: all intents but `urgent` are calm.

    Raises:
        ContentError: a file is unreadable or names a kind that there isn't.
    """
    urgent: list[Example] = []
    rails: list[Example] = []
    out_of_scope: list[Example] = []
    for folder in sorted((content / "signals").iterdir()):
        language = folder.name
        urgent += _urgent(folder / "urgent.yaml", language)
        file = folder / "guard_rails.yaml"
        for rail, texts in _read(file).items():
            if rail not in RAILS:
                raise _unknown(file, rail, RAILS)
            rails += [Example(text, rail, language) for text in _texts(file, rail, texts)]
        file = folder / "out_of_scope.yaml"
        for label, texts in _read(file).items():
            out_of_scope += [Example(text, label, language) for text in _texts(file, label, texts)]
    small_talk = list(_small_talk(nlu))
    return Signals(*(tuple(_once(pool)) for pool in (urgent, rails, out_of_scope, small_talk)))


def _urgent(file: Path, language: str) -> Iterator[Example]:
    for kind, pools in _read(file).items():
        if kind != "other" and kind not in URGENT_KINDS:
            raise _unknown(file, kind, URGENT_KINDS)
        if not isinstance(pools, dict) or not set(pools) <= {"urgent", CALM}:
            where = "/".join(file.parts[-3:])
            raise ContentError([f"{where}: `{kind}` must have `urgent:` and `calm:` lists."])
        for label, texts in pools.items():
            for text in _texts(file, f"{kind}.{label}", texts):
                yield Example(text, CALM if label == CALM else kind, language)


def _small_talk(nlu: Path) -> Iterator[Example]:
    for file in sorted(nlu.glob("*/*.yml")):
        for block in _read(file).get("nlu", []):
            intent = block.get("intent")
            if intent is None or intent == "urgent":
                continue
            for line in block["examples"].splitlines():
                if line.strip().startswith("- "):
                    yield Example(line.strip()[2:].strip(), intent, file.parent.name)


def _read(file: Path) -> dict[str, Any]:
    try:
        content = read_yaml(file)
    except (OSError, yaml.YAMLError) as error:
        name = "/".join(file.parts[-3:])
        raise ContentError([f"{name}: this file is missing or is not readable YAML."]) from error
    if not isinstance(content, dict):
        raise ContentError([f"{'/'.join(file.parts[-3:])}: expected names with lists under them."])
    return content


def _texts(file: Path, name: str, texts: Any) -> list[str]:
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        where = "/".join(file.parts[-3:])
        raise ContentError([f"{where}: `{name}` must be a list of messages, each in quotes."])
    return texts


def _unknown(file: Path, name: str, known: Any) -> ContentError:
    return ContentError(
        [f"{'/'.join(file.parts[-3:])}: `{name}` is not known. Use one of {', '.join(known)}."]
    )


def _once(examples: list[Example]) -> Iterator[Example]:
    seen = set()
    for example in examples:
        key = (example.text, example.language)
        if key not in seen:
            seen.add(key)
            yield example
