"""What would be answered, without Rasa: lines of JSON for programs, plain text for people."""

import json
from typing import Any

from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.outcome import Abstention, Answer, Choices, Outcome, Urgent
from knowledge_base.service import KnowledgeBase


def answer_line(base: KnowledgeBase, line: str) -> dict[str, Any]:
    """Return the decision on one `{"id", "text", "language"?}` line, in DESIGN's form.

    Raises:
        KnowledgeBaseError: the line is not of that form.
    """
    try:
        asked = json.loads(line)
        text, language = asked["text"], asked.get("language")
        if not isinstance(text, str) or not isinstance(language, str | None):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise KnowledgeBaseError(
            f'A line is not {{"id", "text", "language"?}} JSON: {line[:60].strip()}'
        ) from error
    language = language or base.identify(text)
    outcome = base.respond_or_urgent(text, language)
    return {"id": asked.get("id"), "language": language} | to_json(outcome)


def to_json(outcome: Outcome) -> dict[str, Any]:
    """Return the fields of `ask --jsonl` for a decision."""
    kind, entry_id, choices = "abstain", None, []
    match outcome:
        case Answer():
            kind, entry_id = "answer", outcome.entry_id
        case Urgent():
            kind, entry_id = "urgent", outcome.entry_id
        case Choices():
            kind, choices = "choices", list(outcome.entry_ids)
    return {
        "kind": kind,
        "entry_id": entry_id,
        "choices": choices,
        "score": outcome.score,
        "guard_rail": outcome.guard_rail,
        "hits": [{"entry_id": hit.entry_id, "score": hit.score} for hit in outcome.hits],
    }


def readable(base: KnowledgeBase, outcome: Outcome, language: str) -> str:
    """Return the decision as text for a person at a terminal."""
    title, entry_ids = "NO ANSWER", []
    match outcome:
        case Urgent():
            title, entry_ids = f"URGENT ({outcome.kind}): hotlines, then", [outcome.entry_id]
        case Answer():
            title, entry_ids = "ANSWER", [outcome.entry_id]
        case Choices():
            title, entry_ids = "DID YOU MEAN", list(outcome.entry_ids)
        case Abstention(reason=reason):
            title = f"NO ANSWER ({reason.replace('_', ' ')})"
    lines = [f"{title}   [{language}, {outcome.score:.0%} sure]"]
    if outcome.guard_rail:
        lines.append(f"Guard rail: {outcome.guard_rail}")
    for entry_id in entry_ids:
        entry = base.snapshot.find(entry_id, language)
        if entry is not None:
            lines += ["", entry.question, entry.answer, f"(as of {entry.as_of}, {entry_id})"]
    lines += ["", "Ranked:"]
    lines += [f"  {hit.score:6.1%}  {hit.entry_id}" for hit in outcome.hits]
    return "\n".join(lines)
