"""Reads `content/<language>/<entry_id>.yaml` and says in plain words what is wrong with it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from knowledge_base.entry import FAQEntry
from knowledge_base.errors import ContentError
from knowledge_base.yaml_file import read_yaml
from text_classification.text import fold

SOURCE_LANGUAGE = "en"

# Fields that say the same in every language of an entry.
_SHARED_FIELDS = (
    "topic", "as_of", "review_by", "urgent", "lawyer_check", "general_knowledge", "sources",
    "related",
)  # fmt: skip

# What a translation must carry over to the letter: numbers, phones, form and web names.
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_LONGEST_ANSWER = 4096 - 1500  # one Telegram message, less the hotline block and the sources


def load_content(folder: Path) -> list[FAQEntry]:
    """Return every entry under `folder`, in the order of language and entry id.

    Raises:
        ContentError: one sentence for each thing to put right.
    """
    files = sorted(folder.glob("[a-z][a-z]*/*.yaml"))
    if not files:
        raise ContentError([f"{folder}: no entry files. Expected {folder}/en/<entry_id>.yaml."])
    entries: list[FAQEntry] = []
    problems: list[str] = []
    for file in files:
        try:
            entries.append(load_entry(file))
        except ContentError as error:
            problems.extend(error.problems)
    problems.extend(check_entries(entries))
    if problems:
        raise ContentError(problems)
    return entries


def load_entry(file: Path) -> FAQEntry:
    """Return the entry in `file`.

    Raises:
        ContentError: it is not YAML, a field is wrong, or its name and place say otherwise.
    """
    name = f"{file.parent.name}/{file.name}"
    try:
        content = read_yaml(file)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(
            [f"{name}: this is not readable YAML ({_first_line(error)})."]
        ) from error
    if not isinstance(content, dict):
        raise ContentError([f"{name}: expected fields such as `question:`; found none."])
    try:
        entry = FAQEntry.model_validate(content)
    except ValidationError as error:
        raise ContentError([_sentence(name, problem) for problem in error.errors()]) from error
    if (entry.language, entry.entry_id) != (file.parent.name, file.stem):
        raise ContentError(
            [
                f"{name}: `entry_id` and `language` say {entry.language}/{entry.entry_id}."
                " Rename the file, or correct the fields."
            ]
        )
    return entry


def check_entries(entries: Iterable[FAQEntry]) -> list[str]:
    """Return what is wrong between entries: one sentence a problem."""
    by_language: dict[str, dict[str, FAQEntry]] = defaultdict(dict)
    for entry in entries:
        by_language[entry.language][entry.entry_id] = entry
    problems = []
    originals = by_language.get(SOURCE_LANGUAGE, {})
    for language, named in by_language.items():
        for entry in named.values():
            where = f"{language}/{entry.entry_id}.yaml"
            problems += [f"{where}: {problem}" for problem in _check_alone(entry)]
            missing = [other for other in entry.related if other not in named]
            problems += [
                f"{where}: `related` names {other}, which has no {language} entry. Remove it, or write that entry."
                for other in missing
            ]
            if language != SOURCE_LANGUAGE:
                problems += [
                    f"{where}: {problem}"
                    for problem in _check_translation(entry, originals.get(entry.entry_id))
                ]
        problems += _shared_wordings(language, named.values())
    return problems


def _check_alone(entry: FAQEntry) -> Iterable[str]:
    if entry.review_by <= entry.as_of:
        yield f"`review_by` ({entry.review_by}) must be later than `as_of` ({entry.as_of})."
    if len(entry.answer) > _LONGEST_ANSWER:
        yield f"`answer` has {len(entry.answer)} characters; {_LONGEST_ANSWER} fit in one message. Shorten it."
    if any(source.source_id == "GK" for source in entry.sources):
        yield "`sources` names GK. General knowledge is not a source: set `general_knowledge: true` instead."
    if not entry.sources and not entry.general_knowledge:
        yield "`sources` is empty. Name a source, or set `general_knowledge: true`."
    if entry.language == SOURCE_LANGUAGE and entry.translation != "original":
        yield "`translation` must be `original` for English."
    repeated = [w for w, n in Counter(map(fold, entry.wordings)).items() if n > 1]
    if repeated:
        yield f"`paraphrases` has “{repeated[0]}” twice. Remove one."


def _check_translation(entry: FAQEntry, original: FAQEntry | None) -> Iterable[str]:
    if original is None:
        yield "there is no English entry of that name. Write the English first."
        return
    if entry.translation == "original" or entry.source_revision is None:
        yield "a translation needs `translation: unreviewed` (or `reviewed`) and `source_revision`."
    elif entry.source_revision > original.revision:
        yield f"`source_revision` is {entry.source_revision}, but the English is at {original.revision}."
    for name in _SHARED_FIELDS:
        if getattr(entry, name) != getattr(original, name):
            yield f"`{name}` differs from the English. Copy the English value."
    lost = Counter(_DIGITS.findall(original.answer)) - Counter(_DIGITS.findall(entry.answer))
    if lost and entry.source_revision == original.revision:
        yield f"`answer` lacks {', '.join(lost)}, which the English has. Keep every number as it is."


def _shared_wordings(language: str, entries: Iterable[FAQEntry]) -> Iterable[str]:
    owners: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        for wording in {fold(wording) for wording in entry.wordings}:
            owners[wording].append(entry.entry_id)
    for wording, ids in owners.items():
        if len(ids) > 1:
            yield (
                f"{language}: “{wording}” is a wording of {' and of '.join(ids)}."
                " Keep it in the one it belongs to."
            )


def _sentence(name: str, problem: Any) -> str:
    field = ".".join(str(part) for part in problem["loc"]) or "the file"
    return f"{name}: `{field}`: {problem['msg'][:1].lower()}{problem['msg'][1:]}."


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
