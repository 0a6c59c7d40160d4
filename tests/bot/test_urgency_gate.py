"""bot/components/urgency_gate.py: the encoder's judgement is final."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.urgency_gate import UrgencyGate

pytestmark = pytest.mark.rasa


def ranked(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": 0.6 / (1 + i)} for i, name in enumerate(names)]


def gated(text: str, names: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    """Return what Rasa reads of a message after the gate."""
    message = Message(data={TEXT: text, **properties})
    ranking = ranked(*names)
    message.set(INTENT, ranking[0] if ranking else None, add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
    return process(message)


def process(message: Message) -> dict[str, Any]:
    gate = UrgencyGate.create({}, None, None, ExecutionContext(GraphSchema({})))  # type: ignore[arg-type]
    (message,) = gate.process([message])
    return message.as_dict(only_output_properties=True)


@pytest.mark.parametrize("first", ["ask_faq", "greet", "nlu_fallback", "choose_option", "urgent"])
def test_an_urgent_message_is_urgent_whatever_the_classifier_said(first: str) -> None:
    parsed = gated("they took him", (first, "help"), urgent_kind="detained")
    assert parsed["intent"] == {"name": "urgent", "confidence": 1.0}
    names = [intent["name"] for intent in parsed["intent_ranking"]]
    assert names[0] == "urgent"
    assert names.count("urgent") == 1
    assert "help" in names


def test_sure_small_talk_is_urgent_only_where_that_is_all_but_certain() -> None:
    def intent(name: str, confidence: float, score: float) -> str:
        message = Message(data={TEXT: "x", "urgent_kind": "despair", "urgent_score": score})
        message.set(INTENT, {"name": name, "confidence": confidence}, add_to_output=True)
        return str(process(message)["intent"]["name"])

    assert intent("thank", 0.9, score=0.5) == "thank"
    assert intent("thank", 0.9, score=0.9) == "urgent"
    assert intent("thank", 0.6, score=0.5) == "urgent"
    assert intent("ask_faq", 0.9, score=0.5) == "urgent"
    assert intent("stop_or_cancel", 0.9, score=0.5) == "urgent"


def test_a_calm_message_is_not_urgent_even_if_the_classifier_said_so() -> None:
    parsed = gated("what if ice comes one day", ("urgent", "ask_faq", "greet"), urgent_kind=None)
    assert parsed["intent"]["name"] == "ask_faq"
    assert [intent["name"] for intent in parsed["intent_ranking"]] == ["ask_faq", "greet"]


def test_a_calm_message_keeps_its_intent() -> None:
    parsed = gated("hello", ("greet", "urgent"), urgent_kind=None)
    assert parsed["intent"]["name"] == "greet"
    assert parsed["intent_ranking"][0]["name"] == "greet"


@pytest.mark.parametrize("first", ["greet", "urgent"])
def test_what_was_not_read_says_so(first: str) -> None:
    parsed = gated("hello", (first, "ask_faq"), reading_failed=True)
    assert parsed["intent"] == {"name": "message_not_read", "confidence": 1.0}


def test_a_command_is_left_alone() -> None:
    parsed = gated("/help", ("urgent", "help"), reading_failed=True, urgent_kind="detained")
    assert parsed["intent"]["name"] == "urgent"


@pytest.mark.parametrize("properties", [{}, {"urgent_kind": None}])
def test_with_no_intent_at_all_nothing_breaks(properties: dict[str, Any]) -> None:
    assert gated("hello", (), **properties).get("intent") is None


def test_urgent_with_no_other_intent_stays() -> None:
    # A classifier that knows one intent only: there is nothing to fall back to.
    assert gated("hello", ("urgent",))["intent"]["name"] == "urgent"


def test_training_examples_are_left_alone() -> None:
    gate = UrgencyGate()
    data = object()
    assert gate.process_training_data(data) is data  # type: ignore[arg-type,comparison-overlap]
