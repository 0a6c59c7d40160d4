"""`ask`: what would be answered, for programs and for people."""

import json
from typing import Any

import pytest
from small_content import ENTRY_IDS

from knowledge_base.ask import answer_line, readable
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.outcome import Abstention, Choices, Hit
from knowledge_base.service import KnowledgeBase

FIELDS = {"id", "language", "kind", "entry_id", "choices", "score", "hits"}


def ask(base: KnowledgeBase, **fields: Any) -> dict[str, Any]:
    reply = answer_line(base, json.dumps(fields))
    assert set(reply) >= FIELDS
    json.dumps(reply)
    return reply


def test_an_answer(base: KnowledgeBase) -> None:
    reply = ask(base, id="q1", text="permission to work", language="en")
    assert (reply["id"], reply["language"]) == ("q1", "en")
    assert (reply["kind"], reply["entry_id"], reply["choices"]) == ("answer", "work-permit", [])
    assert len(reply["hits"]) == 5
    assert [set(hit) for hit in reply["hits"]] == [{"entry_id", "score"}] * 5
    scores = [hit["score"] for hit in reply["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_the_language_is_found_where_none_is_given(base: KnowledgeBase) -> None:
    assert ask(base, id=1, text="permiso para trabajar")["language"] == "es"
    assert ask(base, id=1, text="permiso para trabajar", language=None)["language"] == "es"
    assert ask(base, id=1, text="permiso para trabajar", language="en")["language"] == "en"


def test_an_emergency(base: KnowledgeBase) -> None:
    reply = ask(base, id="u", text="ICE took my husband away")
    assert (reply["kind"], reply["entry_id"]) == ("urgent", "someone-was-detained")
    assert len(reply["hits"]) == 5


def test_an_abstention_has_hits_too(base: KnowledgeBase) -> None:
    reply = ask(base, id="o", text="who won the match last night")
    assert (reply["kind"], reply["entry_id"], reply["choices"]) == ("abstain", None, [])
    assert len(reply["hits"]) == 5


def test_nothing_to_look_up_is_an_abstention(base: KnowledgeBase) -> None:
    assert ask(base, id="e", text="")["kind"] == "abstain"


def test_the_id_may_be_missing(base: KnowledgeBase) -> None:
    assert ask(base, text="permission to work")["id"] is None


@pytest.mark.parametrize(
    "line", ["not json", "{", "[]", "3", "null", '"text"', "{}", '{"id": 1}', '["text"]', "\x00"]
)
def test_another_line_is_refused_and_shown(line: str, base: KnowledgeBase) -> None:
    with pytest.raises(KnowledgeBaseError) as caught:
        answer_line(base, line)
    assert str(caught.value) == f'A line is not {{"id", "text", "language"?}} JSON: {line.strip()}'


@pytest.mark.parametrize(
    "line",
    [
        '{"id": 1, "text": null}',
        '{"id": 1, "text": ["a"]}',
        '{"id": 1, "text": "hello", "language": ["en"]}',
        pytest.param("[" * 100_000, id="deeply nested"),
    ],
)
def test_fields_of_another_type_are_refused(line: str, base: KnowledgeBase) -> None:
    with pytest.raises(KnowledgeBaseError):
        answer_line(base, line)


def test_a_person_reads_the_answer(base: KnowledgeBase) -> None:
    text = readable(base, base.respond_or_urgent("permission to work", "en"), "en")
    title, *_ = text.splitlines()
    assert title.startswith("ANSWER   [en, ")
    assert title.endswith("% sure]")
    assert "Use Form I-765. It takes 150 days or more." in text
    assert "(as of 2026-03-31, work-permit)" in text
    ranked = text.split("Ranked:\n")[1].splitlines()
    assert len(ranked) == 5
    assert ranked[0].endswith("%  work-permit")


def test_a_person_reads_choices(base: KnowledgeBase) -> None:
    outcome = Choices(
        (Hit("work-permit", 0.4), Hit("filing-fee", 0.3)),
        0.4,
        "advice",
        entry_ids=("work-permit", "filing-fee"),
    )
    text = readable(base, outcome, "es")
    assert text.startswith("DID YOU MEAN   [es, 40% sure]\nGuard rail: advice\n")
    assert "Usted" not in text.splitlines()[0]
    assert "Use el Formulario I-765. Tarda 150 días o más." in text
    assert "La tarifa es de $1,010." in text


def test_a_person_reads_why_there_is_no_answer(base: KnowledgeBase) -> None:
    text = readable(base, Abstention((Hit(ENTRY_IDS[0], 0.1),), 0.1, reason="low_score"), "en")
    assert text.startswith("NO ANSWER (low score)   [en, 10% sure]")


def test_a_person_reads_of_an_emergency(base: KnowledgeBase) -> None:
    text = readable(base, base.respond_or_urgent("ICE took my husband away", "en"), "en")
    assert text.startswith("URGENT (detained): hotlines, then   [en, ")
