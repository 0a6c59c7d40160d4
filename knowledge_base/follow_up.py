"""Reads a message that needs what went before in the context of the entry answered last.

“And how long does that take?” says nothing alone. Read together with the question before it, it
does; the entry itself and its neighbours are then the likeliest answers.
"""

import math
import re
from dataclasses import replace

import numpy as np

from knowledge_base.entry import FAQEntry
from knowledge_base.retriever import Ranking
from text_classification.text import fold

# Words that point back, by language: connectives at the start, pronouns anywhere.
_STARTS = {
    "en": r"(and|but|so|or|also|then|what if|what about|how about|even if|even|plus|does it|"
    r"is it|is that|can i|can they|do i|do they|how long|how much|for how long|why|who|where|when)",
    "es": r"(y|e|pero|entonces|o|tambien|aunque|ademas|que pasa si|eso|y si|y eso|es|cuanto|"
    r"cuanta|cuantos|por que|quien|donde|cuando|puedo|pueden|tengo que|hay)",
}
_POINTERS = {
    "en": r"(it|that|this|those|these|them|they|there|one|same|then|both|else|either)",
    "es": r"(eso|esa|ese|esto|esta|este|esos|esas|la|lo|las|los|le|ahi|alli|entonces|mismo|"
    r"misma|ambos|otro|otra|[a-z]+(?:rla|rlo|rlas|rlos|rle))",
}
_CONNECTIVES = {"en": r"(and|but|so|or|then)", "es": r"(y|e|o|pero|entonces)"}

# A message that is answered this surely by itself, or is this surely about nothing of ours, is not
# read in context: “do you sell pizza” stays what it is after an answer.
SURE_ALONE = 0.97
OFF_TOPIC_ALONE = 0.7

_MAX_WORDS = 14
_FEW_WORDS = 6

# How the evidence of the message alone, of the message after the question before it, and the
# nearness of an entry to the one just answered are weighed: exponents of the shares and log-odds,
# chosen on the development follow-ups (evals/results/follow_ups.json).
_ALONE = 0.5
_JOINED = 0.3
_SAME_ENTRY = 2.0
_RELATED = 3.0


def goes_on(query: str, language: str) -> bool:
    """Return whether a message begins as one that goes on: “and how long …”, “y si …”."""
    connectives = _CONNECTIVES.get(language)
    return bool(connectives and re.match(rf"{connectives}\b", fold(query).strip("¿?¡!. ")))


def points_back(query: str, language: str) -> bool:
    """Return whether a message may need what went before.

    Args:
        query: the message.
        language: BCP 47; one without word lists is judged by length alone.
    """
    words = fold(query).split()
    if not words or len(words) > _MAX_WORDS:
        return False
    if len(words) <= _FEW_WORDS:
        return True
    folded = " ".join(words).strip("¿?¡!. ")
    starts, pointers = _STARTS.get(language), _POINTERS.get(language)
    if starts is None or pointers is None:
        return False
    return bool(re.match(rf"{starts}\b", folded) or re.search(rf"\b{pointers}\b", folded))


def rank_in_context(alone: Ranking, joined: Ranking, context: FAQEntry) -> Ranking:
    """Return the ranking of a follow-up: a product of experts (Hinton 2002).

    Args:
        alone: of the message by itself.
        joined: of the question answered last with the message behind it.
        context: the entry answered last.
    """
    joined_shares = dict(zip(joined.entry_ids, joined.scores, strict=True))
    odds = {context.entry_id: _SAME_ENTRY} | dict.fromkeys(context.related, _RELATED)
    weights = np.array(
        [
            _weight(share, joined_shares.get(entry_id, 0.0), odds.get(entry_id, 0.0))
            for entry_id, share in zip(alone.entry_ids, alone.scores, strict=True)
        ]
    )
    nothing = _weight(alone.out_of_scope, joined.out_of_scope, 0.0)
    shares = weights / (weights.sum() + nothing)
    order = np.argsort(-shares)
    return replace(
        alone,
        entry_ids=tuple(alone.entry_ids[row] for row in order),
        scores=shares[order].astype(np.float32),
        out_of_scope=float(1 - shares.sum()),
    )


def _weight(alone: float, joined: float, odds: float) -> float:
    logit = _ALONE * math.log(alone + 1e-6) + _JOINED * math.log(joined + 1e-6) + odds
    return math.exp(logit)
