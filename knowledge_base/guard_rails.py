"""Whether a message asks for what the assistant must not give (facts H 1, 2, 4)."""

from typing import cast

import numpy as np
from numpy.typing import NDArray

from knowledge_base.outcome import GuardRail
from knowledge_base.signals import NO_RAIL
from knowledge_base.text_classifier import TextClassifier

FloatArray = NDArray[np.float32]

# A refusal in front of an answer costs a reader a sentence; a refusal instead of one (lies,
# false papers) costs the answer, so that one has to be surer.
MIN_SCORES: dict[str, float] = {"advice": 0.6, "prediction": 0.6, "dishonest": 0.75}


def guard_rail(classifier: TextClassifier, text: str, embedding: FloatArray) -> GuardRail | None:
    """Return which guard rail the message meets, or None.

    Args:
        classifier: trained on the rails and `none`.
        text: the whole message.
        embedding: centred, float32, (1, dimension).
    """
    probabilities = classifier.probabilities([text], embedding)[0]
    best = int(np.argmax(probabilities))
    label = classifier.labels[best]
    if label == NO_RAIL or probabilities[best] < MIN_SCORES[label]:
        return None
    return cast(GuardRail, label)
