"""Whether a message asks for what the assistant must not give (facts H 1, 2, 4)."""

from typing import cast

import numpy as np
from numpy.typing import NDArray

from knowledge_base.outcome import GuardRail
from knowledge_base.signals import NO_RAIL
from text_classification.classifier import TextClassifier

FloatArray = NDArray[np.float32]

# A refusal in front of an answer costs a reader a sentence; a refusal instead of one (lies,
# false papers) costs the answer, so that one has to be surer.
MIN_SCORES: dict[str, float] = {"advice": 0.6, "prediction": 0.6, "dishonest": 0.75}


# An honest question has an entry that answers it; a plea for lies that has one too is surer to be
# seen as what it is (“how do I get a work permit while I wait” is not one).
SURE_ANSWER = 0.9
MIN_SCORE_BESIDE_ANSWER = 0.95


def guard_rail(
    classifier: TextClassifier, text: str, embedding: FloatArray, answer_score: float
) -> GuardRail | None:
    """Return which guard rail the message meets, or None.

    Args:
        classifier: trained on the rails and `none`.
        text: the whole message.
        embedding: centred, float32, (1, dimension).
        answer_score: 0 to 1: how likely the best entry is right.
    """
    probabilities = classifier.probabilities([text], embedding)[0]
    best = int(np.argmax(probabilities))
    label = classifier.labels[best]
    if label == NO_RAIL or probabilities[best] < MIN_SCORES[label]:
        return None
    is_answered = answer_score >= SURE_ANSWER
    if label == "dishonest" and is_answered and probabilities[best] < MIN_SCORE_BESIDE_ANSWER:
        return None
    return cast(GuardRail, label)
