"""bot/components/intent_classifier.py: what a message is for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import (
    FEATURE_TYPE_SENTENCE,
    FEATURE_TYPE_SEQUENCE,
    INTENT,
    INTENT_RANKING_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.intent_classifier import MeaningAndSpellingClassifier

pytestmark = pytest.mark.rasa

RESOURCE = Resource("classifier")
EXAMPLES = {
    "greet": ("hello", "hello there", "good morning", "good evening", "hello friend"),
    "thank": ("thanks", "many thanks", "thank you", "thank you so much", "thanks a lot"),
    "stop_or_cancel": ("stop", "please stop", "cancel this", "cancel", "stop it now"),
}


def message(text: str, meaning: int = 0, **properties: Any) -> Message:
    """Return a message with the vector that the reader before the classifier would set."""
    vector = np.eye(4, dtype=np.float32)[[meaning]]
    features = [
        Features(vector, kind, TEXT, "reader")
        for kind in (FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE)
    ]
    return Message(data={TEXT: text, **properties}, features=features)


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage(tmp_path)


def trained(storage: LocalModelStorage) -> MeaningAndSpellingClassifier:
    context = ExecutionContext(GraphSchema({}))
    examples = [
        message(text, meaning, intent=intent)
        for meaning, (intent, texts) in enumerate(EXAMPLES.items())
        for text in texts
    ]
    component = MeaningAndSpellingClassifier.create({}, storage, RESOURCE, context)
    component.train(TrainingData(examples))
    return MeaningAndSpellingClassifier.load({}, storage, RESOURCE, context)


@pytest.mark.parametrize(
    ("text", "meaning", "intent"),
    [
        ("hello thanks", 1, "thank"),
        ("hello thanks", 0, "greet"),
        ("stop", 2, "stop_or_cancel"),
    ],
)
def test_meaning_and_spelling_both_count(
    storage: LocalModelStorage, text: str, meaning: int, intent: str
) -> None:
    (read,) = trained(storage).process([message(text, meaning)])
    assert read.get(INTENT)["name"] == intent


def test_the_ranking_is_best_first_and_adds_up(storage: LocalModelStorage) -> None:
    (read,) = trained(storage).process([message("cancel", 2)])
    parsed = read.as_dict(only_output_properties=True)
    confidences = [intent["confidence"] for intent in parsed[INTENT_RANKING_KEY]]
    assert parsed[INTENT] == parsed[INTENT_RANKING_KEY][0]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1, abs=1e-5)


def test_before_training_a_message_keeps_no_intent(storage: LocalModelStorage) -> None:
    context = ExecutionContext(GraphSchema({}))
    component = MeaningAndSpellingClassifier.create({}, storage, RESOURCE, context)
    (read,) = component.process([message("hello")])
    assert read.get(INTENT) is None
