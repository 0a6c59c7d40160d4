"""The metrics, worked by hand."""

import json
from pathlib import Path

import pytest

from evals.metrics import Observed, by_language, metrics
from evals.questions import FOLDER, Question, read_questions


def asked(kind: str, *entry_ids: str, intent: str | None = None, language: str = "en") -> Question:
    return Question("q", language, "text", kind, entry_ids, intent)  # type: ignore[arg-type]


def seen(kind: str, entry_id: str | None = None, **more: object) -> Observed:
    values: dict[str, object] = {"choices": (), "hits": (), "language": "en"} | more
    return Observed(kind=kind, entry_id=entry_id, **values)  # type: ignore[arg-type]


def test_an_answer_counts_as_right_only_for_its_entry() -> None:
    pairs = [
        (asked("faq", "a"), seen("answer", "a", hits=("a", "b"))),
        (asked("faq", "a"), seen("answer", "b", hits=("b", "a"))),
        (asked("faq", "a", "b"), seen("choices", choices=("b", "c"), hits=("c", "b"))),
        (asked("faq", "a"), seen("urgent", "a", hits=("a",))),
    ]

    result = metrics(pairs)

    assert result["accuracy@1"] == 0.5  # first and fourth
    assert result["answered_right"] == 0.25  # the first
    assert result["right_among_offered"] == 0.75  # all but the second
    assert result["wrong_answer_served"] == 0.25  # the second
    assert result["calm_sent_to_urgent"] == 0.25  # the fourth


def test_what_has_no_answer_is_counted_and_not_dropped() -> None:
    pairs = [
        (asked("out_of_scope"), seen("abstain")),
        (asked("out_of_scope"), seen("answer", "a")),
        (asked("out_of_scope"), seen("choices", choices=("a",))),
        (asked("out_of_scope"), seen("urgent", "a")),
    ]

    result = metrics(pairs)

    assert result["n_out_of_scope"] == 4
    assert result["false_answer"] == 0.25
    assert result["false_choices"] == 0.25
    assert result["false_urgent"] == 0.25


def test_intents_count_only_where_they_are_seen() -> None:
    pairs = [
        (asked("intent", intent="greet"), seen("prompt", intent="greet")),
        (asked("intent", intent="thank"), seen("notice", intent="goodbye")),
        (asked("faq", "a"), seen("answer", "a", intent="out_of_scope")),
        (asked("faq", "a"), seen("notice", intent="goodbye")),
        (asked("intent", intent="greet"), seen("abstain")),
    ]

    result = metrics(pairs)

    assert result["n_intent"] == 2
    assert result["intent_accuracy"] == 0.5
    assert result["faq_taken_for_another_intent"] == 0.5


def test_languages_are_kept_apart() -> None:
    pairs = [
        (asked("urgent", "a"), seen("urgent", "a")),
        (asked("urgent", "a", language="es"), seen("abstain", language="en")),
    ]

    result = by_language(pairs)

    assert list(result) == ["en", "es"]
    assert result["en"]["urgent_recall"] == 1.0
    assert result["es"]["urgent_recall"] == 0.0
    assert result["es"]["language_accuracy"] == 0.0


def test_a_line_that_is_no_question_is_named(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    good = {"id": "1", "lang": "en", "text": "hi", "kind": "faq", "expected": ["a"]}
    file.write_text(json.dumps(good) + "\n" + '{"id": "2"}\n')

    with pytest.raises(ValueError, match=r"set\.jsonl:2"):
        read_questions([file])


@pytest.mark.parametrize("name", ["dev", "test"])
def test_the_sets_are_whole(name: str) -> None:
    questions = read_questions(sorted(FOLDER.glob(f"{name}.*.jsonl")))
    assert {question.language for question in questions} == {"en", "es"}
    assert {q.kind for q in questions} == {"faq", "out_of_scope", "urgent", "intent"}
    assert len({question.question_id for question in questions}) == len(questions)


def test_no_question_of_the_test_set_is_in_what_the_assistant_learns() -> None:
    root = FOLDER.parent.parent
    learnt = "\n".join(
        file.read_text(encoding="utf-8").casefold()
        for folder in (root / "content", root / "bot" / "data")
        for file in folder.rglob("*.y*ml")
    )
    # Two words ("thank you") are nobody's: longer ones must not be there whole.
    copied = [
        question.text
        for question in read_questions(sorted(FOLDER.glob("test.*.jsonl")))
        if len(question.text.split()) > 3 and f"- {question.text.casefold()}\n" in learnt
    ]
    assert copied == []
