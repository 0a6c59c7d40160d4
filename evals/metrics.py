"""What is counted, by language. Names as in information retrieval where it has one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.questions import Question


@dataclass(frozen=True)
class Observed:
    """What became of one question.

    Args:
        kind: of the reply, as on the wire.
        entry_id: answered with, or None.
        choices: offered.
        hits: ranked entry ids; empty where the ranking isn't seen (through Rasa).
        language: that was detected.
        intent: that was recognised, or None where it isn't seen (through `ask`).
    """

    kind: str
    entry_id: str | None
    choices: tuple[str, ...]
    hits: tuple[str, ...]
    language: str | None
    intent: str | None = None


Pair = tuple[Question, Observed]


def metrics(pairs: Sequence[Pair]) -> dict[str, float | int]:
    """Return every metric that the pairs allow, each a share from 0 to 1, and the counts.

    A question without a right answer counts too: abstaining on it is what is right.
    """
    faq = _of_kind(pairs, "faq")
    out_of_scope = _of_kind(pairs, "out_of_scope")
    urgent = _of_kind(pairs, "urgent")
    ranked = [pair for pair in faq if pair[1].hits]
    seen = [pair for pair in pairs if pair[1].intent is not None]
    result: dict[str, float | int] = {
        "n_faq": len(faq),
        "n_out_of_scope": len(out_of_scope),
        "n_urgent": len(urgent),
        "n_intent": len(_of_kind(seen, "intent")),
    }
    shares: dict[str, tuple[Sequence[Pair], Callable[[Question, Observed], bool]]] = {
        "accuracy@1": (ranked, lambda q, o: o.hits[0] in q.entry_ids),
        "accuracy@3": (ranked, lambda q, o: bool({*o.hits[:3]} & {*q.entry_ids})),
        "answered_right": (faq, _answered_right),
        "right_among_offered": (faq, _offered),
        "wrong_answer_served": (faq, _answered_wrong),
        "calm_sent_to_urgent": (faq, lambda q, o: o.kind == "urgent"),
        "false_answer": (out_of_scope, lambda q, o: o.kind == "answer"),
        "false_choices": (out_of_scope, lambda q, o: o.kind == "choices"),
        "false_urgent": (out_of_scope, lambda q, o: o.kind == "urgent"),
        "urgent_recall": (urgent, lambda q, o: o.kind == "urgent"),
        "urgent_right_entry": (urgent, lambda q, o: o.entry_id in q.entry_ids),
        "language_accuracy": (
            [pair for pair in pairs if pair[1].language],
            lambda q, o: o.language == q.language,
        ),
        "intent_accuracy": (_of_kind(seen, "intent"), lambda q, o: o.intent == q.intent),
        "faq_taken_for_another_intent": (
            _of_kind(seen, "faq"),
            # Retrieval decides all three alike; an urgent one is counted above.
            lambda q, o: o.intent not in ("ask_faq", "out_of_scope", "nlu_fallback", "urgent"),
        ),
    }
    for name, (population, holds) in shares.items():
        if population:
            hits = sum(holds(question, observed) for question, observed in population)
            result[name] = round(hits / len(population), 4)
    return result


def by_language(pairs: Sequence[Pair]) -> dict[str, dict[str, float | int]]:
    """Return the metrics of each language, sorted."""
    languages = sorted({question.language for question, _ in pairs})
    return {
        language: metrics([pair for pair in pairs if pair[0].language == language])
        for language in languages
    }


def _of_kind(pairs: Sequence[Pair], kind: str) -> list[Pair]:
    return [pair for pair in pairs if pair[0].kind == kind]


def _answered_right(question: Question, observed: Observed) -> bool:
    return observed.kind == "answer" and observed.entry_id in question.entry_ids


def _answered_wrong(question: Question, observed: Observed) -> bool:
    return observed.kind == "answer" and observed.entry_id not in question.entry_ids


def _offered(question: Question, observed: Observed) -> bool:
    return observed.entry_id in question.entry_ids or bool(
        {*observed.choices} & {*question.entry_ids}
    )
