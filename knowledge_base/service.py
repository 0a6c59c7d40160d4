"""The knowledge base as its users see it: read a message, respond to it, stay current."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowledge_base.build import index_folder, load_at_once, load_published
from knowledge_base.calibration import calibration
from knowledge_base.decision import decide
from knowledge_base.encoder import Encoder, load_encoder
from knowledge_base.follow_up import (
    OFF_TOPIC_ALONE,
    SURE_ALONE,
    goes_on,
    points_back,
    rank_in_context,
)
from knowledge_base.guard_rails import guard_rail
from knowledge_base.hotlines import Hotline, load_hotlines
from knowledge_base.index import Index, load_index
from knowledge_base.language import DetectedLanguage, identify
from knowledge_base.outcome import Abstention, Answer, Outcome, Urgent
from knowledge_base.redaction import redact
from knowledge_base.retriever import Ranking, Retriever
from knowledge_base.settings import Settings, get_settings
from knowledge_base.snapshot import Publication, Snapshot, publication
from knowledge_base.urgency import Urgency, judge, parts
from knowledge_base.urgent_kinds import URGENT_KINDS
from text_classification.text import MAX_ENCODED_CHARS, clean

FloatArray = NDArray[np.float32]

logger = logging.getLogger(__name__)

# Embeddings kept between the reading of a message and the action that answers it.
_CACHED_EMBEDDINGS = 512


@dataclass(frozen=True)
class Reading:
    """What is seen in a message before anything is looked up.

    Args:
        embedding: float32, (dimension,), length 1.
        language: the likeliest of the published languages.
        language_confidence: 0 to 1.
        urgent_kind: a key of `URGENT_KINDS`, or None.
        urgent_score: 0 to 1, how surely it is an emergency.
        redacted_text: all that may be stored of it.
    """

    embedding: FloatArray
    language: str
    language_confidence: float
    urgent_kind: str | None
    urgent_score: float
    redacted_text: str


@dataclass(frozen=True)
class _Served:
    """A snapshot with its index: replaced as one, so that no reply mixes two."""

    snapshot: Snapshot
    index: Index

    @cached_property
    def retriever(self) -> Retriever:
        return Retriever(self.index)


class KnowledgeBase:
    """Answers from one published snapshot at a time; safe to call from several threads.

    Args:
        settings: where everything lies.
        encoder: text to vector.
        snapshot: what is served first.
        index: of that snapshot.
    """

    def __init__(
        self, settings: Settings, encoder: Encoder, snapshot: Snapshot, index: Index
    ) -> None:
        self._settings = settings
        self._encoder = encoder
        self._served = _Served(snapshot, index)
        self._is_whole = True
        self._refused: Publication | None = None
        # What the index holds needs no encoding; Rasa's training asks for most of it.
        self._indexed = dict(zip(index.wordings.texts, index.embeddings, strict=True))
        self._embeddings: OrderedDict[str, FloatArray] = OrderedDict()
        self._lock = threading.Lock()
        self.hotlines: dict[str, Hotline] = load_hotlines(settings.content_dir / "hotlines.yaml")

    @classmethod
    def load(cls, settings: Settings | None = None) -> "KnowledgeBase":
        """Load the model and what is published.

        Raises:
            KnowledgeBaseError: either can't be used; the message says what to do.
        """
        settings = settings or get_settings()
        encoder = load_encoder(settings)
        snapshot, index = load_published(settings, encoder)
        return cls(settings, encoder, snapshot, index)

    @property
    def snapshot(self) -> Snapshot:
        """What is being answered from."""
        return self._served.snapshot

    @property
    def model_id(self) -> str:
        """The encoder's model."""
        return self._encoder.model_id

    @property
    def problem(self) -> str | None:
        """A sentence on a publication that was refused, or None."""
        if self._refused is None:
            return None
        return (
            f"Snapshot {self._refused.snapshot_id} was published but can't be used;"
            f" {self.snapshot.snapshot_id} is still being served."
        )

    @property
    def needs_build(self) -> bool:
        """Whether a provisional index is being served, until `index` has built the whole one."""
        return not self._is_whole

    def take_built(self) -> None:
        """Serve the whole index of the snapshot being served, once it has been built."""
        folder = index_folder(self._settings, self.snapshot.snapshot_id)
        self._served = _Served(self.snapshot, load_index(folder, self._encoder.model_id))
        self._is_whole = True

    def refresh(self) -> bool:
        """Serve what is published now; return whether that changed anything.

        A snapshot that can't be used is refused, and the old one goes on.
        """
        try:
            published = publication(self._settings.snapshot_dir)
        except (OSError, ValueError) as error:
            logger.error("What is published can't be read: %s", type(error).__name__)
            return False
        if published is None or published == self._refused:
            return False
        wanted = published.snapshot_id
        if wanted == self.snapshot.snapshot_id:
            self._refused = None
            return False
        try:
            snapshot, index, self._is_whole = load_at_once(
                self._settings, self._encoder, wanted, self._served.index
            )
            self._served = _Served(snapshot, index)
        except Exception as error:  # whatever is wrong with it, people are still answered
            self._refused = published
            logger.error("A published snapshot was refused: %s: %s", type(error).__name__, error)
            return False
        self._refused = None
        logger.info("Serving snapshot %s", self.snapshot.snapshot_id)
        return True

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Return a reading of each message; encodes them in one batch."""
        split = [parts(text) for text in texts]
        embeddings = self._embed([part for pieces in split for part in pieces])
        readings, start = [], 0
        for text, pieces in zip(texts, split, strict=True):
            vectors = embeddings[start : start + len(pieces)]
            start += len(pieces)
            readings.append(self._reading(text, pieces, vectors))
        return readings

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Return embeddings as encoded, float32, (len(texts), dimension)."""
        return self._embed([clean(text) for text in texts])

    def respond(
        self, text: str, language: str | None = None, *, context_entry_id: str | None = None
    ) -> Outcome:
        """Return what to say to a calm message.

        Args:
            text: the message.
            language: of the message; detected where None.
            context_entry_id: the entry answered last, which a follow-up may be about.
        """
        served = self._served
        query = clean(text)
        if not any(char.isalnum() for char in query):
            return Abstention((), 0.0, reason="empty")
        language = language or self.identify(text)
        embedding = self._embed([query])
        ranking = served.retriever.rank(query[:MAX_ENCODED_CHARS], embedding, language)
        centred = served.index.geometry.centre(embedding, [language])
        cuts = calibration(language)
        answer_score = cuts.probability(float(ranking.scores[0]))
        rail = guard_rail(served.index.guard_rails, query, centred, answer_score)
        alone = decide(ranking, cuts, rail)
        context = served.snapshot.find(context_entry_id, language) if context_entry_id else None
        if context is None or not self._may_follow(alone, query, embedding, language):
            return alone
        joined = f"{context.question} {query}"[:MAX_ENCODED_CHARS]
        after = served.retriever.rank(joined, self._embed([joined]), language)
        return decide(rank_in_context(ranking, after, context), cuts, rail)

    def _may_follow(self, alone: Outcome, query: str, embedding: FloatArray, language: str) -> bool:
        """Return whether a message may be about the answer before it."""
        is_sure = isinstance(alone, Answer) and alone.score >= SURE_ALONE
        if is_sure and not goes_on(query, language):
            return False
        off_topic = self._served.retriever.off_topic(query, embedding, language)
        return off_topic < OFF_TOPIC_ALONE and points_back(query, language)

    def respond_or_urgent(self, text: str, language: str | None = None) -> Outcome:
        """Return what to say to any message: emergencies first, as the assistant does."""
        language = language or self.identify(text)
        reading = self.read([text])[0]
        outcome = self.respond(text, language)
        if reading.urgent_kind is None:
            return outcome
        kind = URGENT_KINDS[reading.urgent_kind]
        return Urgent(outcome.hits, outcome.score, kind=kind.name, entry_id=kind.entry_id)

    def rank(self, text: str, language: str) -> Ranking:
        """Return every entry, ranked for a message; for calibration and for staff."""
        query = clean(text)
        return self._served.retriever.rank(
            query[:MAX_ENCODED_CHARS], self._embed([query]), language
        )

    def urgency_of(self, text: str, language: str) -> Urgency:
        """Return how urgent a message is; for calibration and for staff."""
        pieces = parts(text)
        return self._judge(pieces, self._embed(pieces), language)

    def identify(self, text: str) -> str:
        """Return the likeliest published language of a message."""
        whole = clean(text)
        return self._detect(whole, self._embed([whole])).language

    def _detect(self, text: str, embedding: FloatArray) -> DetectedLanguage:
        languages = self._served.index.languages
        return identify(languages, text, embedding, self._settings.default_language)

    def _judge(self, pieces: list[str], vectors: FloatArray, language: str) -> Urgency:
        served = self._served
        centred = served.index.geometry.centre(vectors, [language] * len(pieces))
        off_topic = served.retriever.off_topic(pieces[0], vectors[:1], language)
        return judge(served.index.urgency, pieces, centred, calibration(language), off_topic)

    def _reading(self, text: str, pieces: list[str], vectors: FloatArray) -> Reading:
        detected = self._detect(pieces[0], vectors[:1])
        urgency = self._judge(pieces, vectors, detected.language)
        return Reading(
            embedding=vectors[0],
            language=detected.language,
            language_confidence=detected.confidence,
            urgent_kind=urgency.kind,
            urgent_score=urgency.score,
            redacted_text=redact(clean(text)),
        )

    def _embed(self, texts: Sequence[str]) -> FloatArray:
        if not texts:
            return np.zeros((0, self._encoder.dimension), np.float32)
        with self._lock:
            known = {
                text: found
                for text in texts
                if (found := self._embeddings.get(text, self._indexed.get(text))) is not None
            }
        new = [text for text in dict.fromkeys(texts) if text not in known]
        encoded = dict(zip(new, self._encoder.encode(new), strict=True))
        with self._lock:
            self._embeddings.update(encoded)
            while len(self._embeddings) > _CACHED_EMBEDDINGS:
                self._embeddings.popitem(last=False)
        return np.stack([(known | encoded)[text] for text in texts])
