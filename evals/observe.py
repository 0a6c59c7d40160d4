"""Puts questions to the assistant, through `ask` or through the running Rasa."""

import json
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from evals.metrics import Observed
from evals.questions import Question
from knowledge_base.ask import answer_line
from knowledge_base.service import KnowledgeBase

_SENDERS = 4


def through_ask(questions: Sequence[Question], base: KnowledgeBase) -> list[Observed]:
    """Return what `python -m knowledge_base ask --jsonl` says of each question."""
    lines = (json.dumps({"id": q.question_id, "text": q.text}) for q in questions)
    return [_from_line(answer_line(base, line)) for line in lines]


def through_rasa(questions: Sequence[Question], url: str) -> list[Observed]:
    """Return what the running assistant replies to each question, as its first message."""
    with httpx.Client(base_url=url, timeout=30) as client, ThreadPoolExecutor(_SENDERS) as pool:
        return list(pool.map(lambda question: _ask_rasa(client, question), questions))


def _ask_rasa(client: httpx.Client, question: Question) -> Observed:
    parsed = client.post("/model/parse", json={"text": question.text}).raise_for_status().json()
    message = {"sender": uuid.uuid4().hex, "message": question.text}
    replies = client.post("/webhooks/private/webhook", json=message).raise_for_status().json()
    reply = replies[0]["custom"] if replies else {"kind": "none"}
    return Observed(
        kind=reply["kind"],
        entry_id=reply.get("entry_id"),
        # Related questions after an answer are no offer in doubt.
        choices=_ids(reply) if reply["kind"] == "choices" else (),
        hits=(),
        language=parsed.get("language"),
        intent=parsed["intent"]["name"],
    )


def _from_line(line: dict[str, object]) -> Observed:
    return Observed(
        kind=str(line["kind"]),
        entry_id=line["entry_id"],  # type: ignore[arg-type]
        choices=tuple(line["choices"]),  # type: ignore[arg-type]
        hits=tuple(hit["entry_id"] for hit in line["hits"]),  # type: ignore[attr-defined]
        language=str(line["language"]),
    )


def _ids(reply: dict[str, Any]) -> tuple[str, ...]:
    return tuple(choice["entry_id"] for choice in reply.get("choices", []))
