"""The intent of a message, from what it means and how it is spelt.

The same classifier as the knowledge base's. Beside Rasa's n-gram featurizer and logistic regression
it is right more often, in less time (docs/decisions/0005-dialogue.md).
"""

from __future__ import annotations

from typing import Any, Dict, List, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from text_classification.classifier import TextClassifier, train_classifier

# As many as Rasa's own classifiers put into a tracker.
_RANKING_LENGTH = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MeaningAndSpellingClassifier(IntentClassifier, GraphComponent):
    """Sets the intent and its ranking; needs one dense sentence vector of length 1."""

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        classifier: TextClassifier | None = None,
    ) -> None:
        """Keep where the weights are, and the weights where they are loaded."""
        self._model_storage = model_storage
        self._resource = resource
        self._classifier = classifier

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Come after the component that makes the vectors."""
        return [DenseFeaturizer]

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MeaningAndSpellingClassifier:
        """Make an untrained component."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MeaningAndSpellingClassifier:
        """Load the weights."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, TextClassifier.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples and keep the weights."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        classifier = train_classifier(
            [m.get(TEXT) for m in examples],
            np.concatenate([_embedding(m) for m in examples]),
            [m.get(INTENT) for m in examples],
            # There are fifty times as many questions as ways to say thanks.
            balanced=True,
        )
        with self._model_storage.write_to(self._resource) as folder:
            classifier.save(folder)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent of each message, best first in the ranking."""
        if self._classifier is None:
            return messages
        for message in messages:
            text = message.get(TEXT) or ""
            shares = self._classifier.probabilities([text], _embedding(message))[0]
            best = np.argsort(-shares)[:_RANKING_LENGTH]
            ranking = [
                {"name": self._classifier.labels[row], "confidence": float(shares[row])}
                for row in best
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _embedding(message: Message) -> np.ndarray:
    """Return the message's sentence vector, float32, (1, dimension)."""
    _, sentence = message.get_dense_features(TEXT, [])
    return np.asarray(sentence.features, np.float32)
