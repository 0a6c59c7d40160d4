"""Reads question sets: JSON lines {"id", "lang", "text", "kind", "expected"} (DESIGN 4)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent / "questions"

Kind = Literal["faq", "out_of_scope", "urgent", "intent"]


@dataclass(frozen=True)
class Question:
    """A message and what should become of it.

    Args:
        question_id: unique in its set.
        language: BCP 47, that it is written in.
        text: the message.
        kind: what it is an example of.
        entry_ids: right answers, any of them; empty where there is none.
        intent: the right intent, for questions of kind `intent`.
    """

    question_id: str
    language: str
    text: str
    kind: Kind
    entry_ids: tuple[str, ...]
    intent: str | None


def read_questions(files: Iterable[Path]) -> list[Question]:
    """Return every question of the files, in order.

    Raises:
        ValueError: a line is not of the form above; says which.
    """
    questions = []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                questions.append(_question(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{file}:{number}: not a question ({error}).") from error
    return questions


def _question(row: dict[str, object]) -> Question:
    expected = row["expected"]
    is_intent = isinstance(expected, str)
    return Question(
        question_id=str(row["id"]),
        language=str(row["lang"]),
        text=str(row["text"]),
        kind=row["kind"],  # type: ignore[arg-type]
        entry_ids=() if expected is None or is_intent else tuple(expected),  # type: ignore[arg-type]
        intent=str(expected) if is_intent else None,
    )
