"""Asks the encoder's process, over HTTP, for what it reads in a message.

One request a message brings the embedding (a dense sentence feature), the language, whether it
is urgent, and the redacted text that alone may be stored. The training examples go in batches.
"""

from __future__ import annotations

import hashlib
import logging
import os
from typing import Any, Dict, List, Type

import numpy as np
import requests
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import readings

logger = logging.getLogger(__name__)

_BATCH = 256
_COMMAND_PREFIX = "/"
_MEAN_FILE = "mean.npy"
# What the reply says of a message besides its embedding; kept in the tracker's parse data.
_PROPERTIES = (
    *("language", "language_confidence"),
    *("urgent_kind", "urgent_score"),
    "redacted_text",
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MessageReader(DenseFeaturizer, GraphComponent):
    """Sets the sentence vector, `language`, `urgent_kind` and `redacted_text` of a message."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return every option with its default."""
        return {
            **DenseFeaturizer.get_default_config(),
            # Where the action server answers; the variable ACTIONS_URL wins.
            "url": "http://127.0.0.1:5055",
            # Seconds for one message; a batch of training examples has a minute.
            "timeout": 5.0,
            # Set by training: which model and preprocessing made the vectors.
            "model_id": "",
        }

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Refuse a time-out that can't work."""
        if "timeout" in config and not float(config["timeout"]) > 0:
            raise InvalidConfigException("MessageReader: `timeout` in config.yml must be above 0.")

    def __init__(
        self,
        config: Dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        mean: np.ndarray | None = None,
    ) -> None:
        """Keep the options; nothing is asked of the encoder yet."""
        super().__init__(name, config)
        self._url = os.environ.get("ACTIONS_URL", config["url"]).rstrip("/")
        self._timeout = float(config["timeout"])
        self._model_storage = model_storage
        self._resource = resource
        self._mean = mean
        self._session = requests.Session()
        # Looking for proxies costs a millisecond a request, and there is none on loopback.
        self._session.trust_env = False

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageReader:
        """Make an untrained component."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MessageReader:
        """Load the mean vector of the training examples."""
        with model_storage.read_from(resource) as folder:
            mean = np.load(folder / _MEAN_FILE)
        return cls(config, execution_context.node_name, model_storage, resource, mean)

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> str | None:
        """Tell Rasa's cache which model makes the vectors, or it would keep stale ones."""
        url = os.environ.get("ACTIONS_URL", config.get("url", cls.get_default_config()["url"]))
        reply = requests.get(f"{url.rstrip('/')}/health", timeout=30)
        model_id = reply.json().get("model_id", "")
        return hashlib.sha256(model_id.encode()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the mean of the training vectors and keep it."""
        texts = [m.get(TEXT) for m in training_data.training_examples if m.get(TEXT)]
        self._mean = np.array(self._embed_all(texts), np.float32).mean(axis=0)
        with self._model_storage.write_to(self._resource) as folder:
            np.save(folder / _MEAN_FILE, self._mean)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set the vectors of all training examples, asked for in batches."""
        messages = [m for m in training_data.training_examples if m.get(TEXT)]
        embeddings = self._embed_all([m.get(TEXT) for m in messages])
        for message, embedding in zip(messages, embeddings, strict=True):
            self._set_vector(message, embedding)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the vector and properties of each message; a failure is marked, never silent."""
        for message in messages:
            text = message.get(TEXT) or ""
            # A button's command needs no reading: its intent is written in it.
            if text.startswith(_COMMAND_PREFIX):
                self._set_vector(message, None)
                continue
            try:
                reply = self._reading(message)
                embedding = reply["embedding"]
            except (requests.RequestException, KeyError, ValueError, IndexError) as error:
                logger.error("The encoder did not read a message: %s", type(error).__name__)
                # Without any feature the classifier would fall silent; a zero vector, and the
                # mark, lead to the rule that says so.
                message.set("reading_failed", True, add_to_output=True)
                self._set_vector(message, None)
                continue
            for name in _PROPERTIES:
                message.set(name, reply.get(name), add_to_output=True)
            self._set_vector(message, embedding)
        return messages

    def _reading(self, message: Message) -> Dict[str, Any]:
        """Return what the channel fetched for the message; else ask now, as /model/parse does."""
        was_asked, reading = readings.take(message.get("message_id"))
        if not was_asked:
            return dict(self._ask("read", [message.get(TEXT)], self._timeout)["messages"][0])
        if reading is None:
            raise ValueError("the channel got no reading")
        return reading

    def _set_vector(self, message: Message, embedding: List[float] | None) -> None:
        mean = self._mean if self._mean is not None else np.zeros(1, np.float32)
        if embedding is None:
            vector = np.zeros_like(mean)
        else:
            # E5's vectors lie close together; what tells texts apart is what is left without the
            # mean (docs/decisions/0005-dialogue.md).
            centred = np.asarray(embedding, np.float32) - mean
            vector = centred / max(float(np.linalg.norm(centred)), 1e-6)
        sentence = vector[np.newaxis, :]
        self.add_features_to_message(
            sequence=sentence, sentence=sentence, attribute=TEXT, message=message
        )

    def _embed_all(self, texts: List[str]) -> List[List[float]]:
        embeddings: List[List[float]] = []
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            embeddings += self._ask("embed", batch, timeout=120)["embeddings"]
        return embeddings

    def _ask(self, path: str, texts: List[str], timeout: float) -> Dict[str, Any]:
        reply = self._session.post(f"{self._url}/{path}", json={"texts": texts}, timeout=timeout)
        reply.raise_for_status()
        return dict(reply.json())

    @staticmethod
    def required_packages() -> List[str]:
        """Name the packages that Rasa should check for."""
        return ["requests"]

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Need nothing before this one."""
        return []
