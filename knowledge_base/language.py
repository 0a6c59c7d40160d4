"""Which of our languages a message is in, and how sure that is.

A classifier over the embedding and the letters, trained on our own entries and examples: people's
short, misspelt messages are what general identifiers are weakest at (docs/decisions/0004-language.md).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text_classification.classifier import TextClassifier

FloatArray = NDArray[np.float32]

# Below this, a conversation keeps the language it had: on the development set, all wrong
# guesses but one lie under it.
MIN_CONFIDENCE = 0.9


@dataclass(frozen=True)
class DetectedLanguage:
    """A guess.

    Args:
        language: BCP 47.
        confidence: 0 to 1.
    """

    language: str
    confidence: float


def identify(
    classifier: TextClassifier, text: str, embedding: FloatArray, default: str
) -> DetectedLanguage:
    """Return the likeliest language of `text`.

    Args:
        classifier: trained on the languages that we can answer in.
        text: the whole message.
        embedding: as encoded, float32, (1, dimension).
        default: returned with confidence 0 where the text has no letters.
    """
    if not any(char.isalpha() for char in text):
        return DetectedLanguage(default, 0.0)
    probabilities = classifier.probabilities([text], embedding)[0]
    best = int(np.argmax(probabilities))
    return DetectedLanguage(classifier.labels[best], float(probabilities[best]))
