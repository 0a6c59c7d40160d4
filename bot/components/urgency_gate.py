"""Makes the encoder's judgement of urgency final, and its failure an intent of its own."""

from __future__ import annotations

from typing import Any, Dict, List, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

URGENT = "urgent"
NOT_READ = "message_not_read"

# What says something of an immigrant's case.
_ABOUT_A_CASE = frozenset({"ask_faq", "out_of_scope", "nlu_fallback", URGENT})
# What may be a cry for help: “make it stop”.
_CRIES = frozenset({"help", "stop_or_cancel", "talk_to_human"})

# “May God repay you” and “delete what I wrote” look a little urgent; what is this surely small talk
# is only an emergency where that is all but certain.
SURE_SMALL_TALK = 0.7
MIN_SCORE_OF_SMALL_TALK = 0.85


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class UrgencyGate(IntentClassifier, GraphComponent):
    """Sets the intent `urgent` where the message is, and takes it away where it is not.

    The classifier before it saw the whole message at once; the judgement in `urgent_kind` looked
    at each sentence, and is the one that is evaluated and tested.
    """

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Come after a classifier."""
        return [IntentClassifier]

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> UrgencyGate:
        """Make the component; it has no state."""
        return cls()

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Accept any config: there are no options."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training examples as they are."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the final intent of each message."""
        for message in messages:
            if (message.get(TEXT) or "").startswith("/"):
                continue
            if message.get("reading_failed"):
                self._set(message, NOT_READ)
            elif message.get("urgent_kind") and not _is_small_talk(message):
                self._set(message, URGENT)
            elif (message.get(INTENT) or {}).get("name") == URGENT:
                self._set_next(message)
        return messages

    @staticmethod
    def _set(message: Message, name: str) -> None:
        intent = {"name": name, "confidence": 1.0}
        ranking = [i for i in message.get(INTENT_RANKING_KEY) or [] if i["name"] != name]
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [intent, *ranking], add_to_output=True)

    @staticmethod
    def _set_next(message: Message) -> None:
        ranking = [i for i in message.get(INTENT_RANKING_KEY) or [] if i["name"] != URGENT]
        if ranking:
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def _is_small_talk(message: Message) -> bool:
    intent = message.get(INTENT) or {}
    return (
        intent.get("name") not in {None, *_ABOUT_A_CASE, *_CRIES}
        and intent["confidence"] >= SURE_SMALL_TALK
        and (message.get("urgent_score") or 1.0) < MIN_SCORE_OF_SMALL_TALK
    )
