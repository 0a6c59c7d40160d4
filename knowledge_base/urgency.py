"""Whether a person is in an emergency now, and which: decided before anything else.

A classifier over meaning and spelling reads the whole message, and each piece of a long one, for
the emergency may come at its end. Calm questions about the same things are its
counter-examples, as are the wordings of all entries.
"""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base.calibration import Calibration
from knowledge_base.signals import CALM
from knowledge_base.urgent_kinds import URGENT_KINDS
from text_classification.classifier import TextClassifier
from text_classification.text import MAX_ENCODED_CHARS, clean

FloatArray = NDArray[np.float32]

# A piece out of its context looks urgent more easily than the message that it stands in.
MIN_PIECE_SCORE = 0.9

# A message that is clearly about nothing of ours (a dog that is ill, child support) has to look
# more urgent: true emergencies that read so score far above it on the development set.
OFF_TOPIC = 0.75
MIN_OFF_TOPIC_SCORE = 0.85

# A message that the encoder reads whole is judged whole: single sentences of a calm story look
# urgent (13 % of the long calm questions of the development set did).
_SENTENCE_END = re.compile(r"(?<=[.!?…;؟।。！？])\s+|\n+")
_PIECE = 320
_MAX_PIECES = 24

_DANGER = frozenset(kind.name for kind in URGENT_KINDS.values() if kind.is_danger)


@dataclass(frozen=True)
class Urgency:
    """A judgement.

    Args:
        kind: a key of `URGENT_KINDS`, or None for a calm message.
        score: 0 to 1, how sure the classifier is of an emergency of any kind.
        danger: 0 to 1, the part of it that speaks for danger to a life.
    """

    kind: str | None
    score: float
    danger: float


def parts(text: str) -> list[str]:
    """Return the message and, where it is longer than the encoder reads, its pieces.

    Bounded: of a very long message the first and last pieces are looked at, which is where
    people say what is the matter.
    """
    whole = clean(text)
    if len(whole) <= MAX_ENCODED_CHARS:
        return [whole]
    pieces: list[str] = []
    piece = ""
    for sentence in _SENTENCE_END.split(text):
        for chunk in textwrap.wrap(clean(sentence), _PIECE):
            if len(piece) + len(chunk) > _PIECE:
                pieces.append(piece)
                piece = ""
            piece = f"{piece} {chunk}".strip()
    pieces = [kept for kept in dict.fromkeys([*pieces, piece]) if kept]
    if len(pieces) > _MAX_PIECES:
        half = _MAX_PIECES // 2
        pieces = pieces[:half] + pieces[-half:]
    return [whole, *pieces]


def judge(
    classifier: TextClassifier,
    texts: Sequence[str],
    embeddings: FloatArray,
    calibration: Calibration,
    off_topic: float = 0.0,
) -> Urgency:
    """Return the judgement on one message.

    Args:
        classifier: trained on the urgent kinds and `calm`.
        texts: what `parts` returned for the message.
        embeddings: centred, float32, (len(texts), dimension).
        calibration: the language's cut-offs. Missing an emergency is worse than a hotline shown
            to a calm person, most of all where a life is at stake; `evals/results` has the rates.
        off_topic: 0 to 1: how surely no entry is about the message.
    """
    probabilities = classifier.probabilities(texts, embeddings)
    calm = classifier.labels.index(CALM)
    danger = [row for row, label in enumerate(classifier.labels) if label in _DANGER]
    urgent = 1 - probabilities[:, calm]
    lives = probabilities[:, danger].sum(axis=1)
    floor = MIN_OFF_TOPIC_SCORE if off_topic >= OFF_TOPIC else 0.0
    # How far each text is above the cut-off that it has to reach; the message itself comes first.
    excess = np.maximum(
        urgent - _cuts(len(texts), max(floor, calibration.min_urgent_score)),
        lives - _cuts(len(texts), max(floor, calibration.min_danger_score)),
    )
    surest = int(np.argmax(excess))
    if excess[surest] < 0:
        return Urgency(None, float(urgent[0]), float(lives[0]))
    kinds = probabilities[surest].copy()
    kinds[calm] = 0
    kind = classifier.labels[int(np.argmax(kinds))]
    return Urgency(kind, float(urgent[surest]), float(lives[surest]))


def _cuts(count: int, whole: float) -> FloatArray:
    cuts = np.full(count, MIN_PIECE_SCORE, np.float32)
    cuts[0] = whole
    return cuts
