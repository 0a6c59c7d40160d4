"""Builds an index: whole, or at once on top of an earlier one while the assistant runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge_base.encoder import Encoder
from knowledge_base.geometry import Geometry, fit_geometry
from knowledge_base.index import FORMAT, OUT_OF_SCOPE, Index, Manifest, Wordings
from knowledge_base.signals import CALM, NO_RAIL, Signals
from knowledge_base.snapshot import Snapshot
from text_classification.classifier import TextClassifier, train_classifier

FloatArray = NDArray[np.float32]

# Entries about despair and violence have wordings that are emergencies themselves: they would
# teach the urgency classifier that such messages are calm.
_NEVER_CALM = frozenset({"feeling-hopeless", "domestic-violence-or-trafficking"})

# Text, label, language.
_Pool = Sequence[tuple[str, str, str]]


def build_index(
    snapshot: Snapshot, signals: Signals, encoder: Encoder, known: dict[str, FloatArray]
) -> Index:
    """Build the index of `snapshot` from nothing.

    Args:
        snapshot: the entries.
        signals: the counter-examples.
        encoder: encodes what `known` lacks.
        known: embeddings by text, of the same encoder; extended with what was encoded.
    """
    wordings = _wordings(snapshot)
    embeddings = _encode(wordings.texts, encoder, known)
    geometry = fit_geometry(embeddings, wordings.languages, wordings.entry_ids)
    material = _Material(wordings, embeddings, geometry, signals, encoder, known)
    return Index(
        manifest=Manifest(FORMAT, encoder.model_id, snapshot.snapshot_id, signals.signals_id),
        wordings=wordings,
        embeddings=embeddings,
        vectors=material.vectors(),
        geometry=geometry,
        entries=material.entries(),
        urgency=material.urgency(),
        guard_rails=material.guard_rails(),
        languages=material.spoken_languages(),
    )


def provisional_index(
    previous: Index, snapshot: Snapshot, encoder: Encoder, known: dict[str, FloatArray]
) -> Index:
    """Return an index of `snapshot` at once, with the classifiers of an earlier one.

    New wordings and entries are found by their nearest wordings, and withdrawn ones are gone; the
    classifiers learn of both in the next whole build.

    Args:
        previous: of the same model, with every language of `snapshot`.
        snapshot: the entries.
        encoder: encodes what `known` lacks.
        known: embeddings by text; extended with what was encoded.
    """
    manifest = replace(previous.manifest, snapshot_id=snapshot.snapshot_id)
    wordings = _wordings(snapshot)
    if wordings == previous.wordings:
        return replace(previous, manifest=manifest)
    embeddings = _encode(wordings.texts, encoder, known)
    geometry = previous.geometry
    vectors = faiss.IndexFlatIP(encoder.dimension)
    vectors.add(geometry.whiten(geometry.centre(embeddings, wordings.languages)))
    return replace(
        previous, manifest=manifest, wordings=wordings, embeddings=embeddings, vectors=vectors
    )


@dataclass(frozen=True)
class _Material:
    """What classifiers are trained on."""

    wordings: Wordings
    embeddings: FloatArray
    geometry: Geometry
    signals: Signals
    encoder: Encoder
    known: dict[str, FloatArray]

    def vectors(self) -> faiss.Index:
        vectors = faiss.IndexFlatIP(self.encoder.dimension)
        vectors.add(self._whitened())
        return vectors

    def entries(self) -> TextClassifier:
        outside, moved, labels = self._examples(
            [(e.text, OUT_OF_SCOPE, e.language) for e in self.signals.out_of_scope]
        )
        return train_classifier(
            self.wordings.texts + outside,
            np.concatenate([self._whitened(), self.geometry.whiten(moved)]),
            self.wordings.entry_ids + labels,
        )

    def urgency(self) -> TextClassifier:
        urgent = [(e.text, e.label, e.language) for e in self.signals.urgent]
        return train_classifier(*self._examples(urgent + self._calm()), balanced=True)

    def guard_rails(self) -> TextClassifier:
        rails = [(e.text, e.label, e.language) for e in self.signals.guard_rails]
        fine = [(text, NO_RAIL, language) for text, _, language in self._calm()]
        return train_classifier(*self._examples(rails + fine), balanced=True)

    def spoken_languages(self) -> TextClassifier:
        texts = [example.text for example in self.signals.all]
        return train_classifier(
            self.wordings.texts + texts,
            np.concatenate([self.embeddings, _encode(texts, self.encoder, self.known)]),
            self.wordings.languages + [example.language for example in self.signals.all],
        )

    def _calm(self) -> list[tuple[str, str, str]]:
        """Return what is no emergency: entries' wordings, small talk, what is not ours."""
        rows = zip(
            self.wordings.texts, self.wordings.entry_ids, self.wordings.languages, strict=True
        )
        calm = [
            (text, CALM, language)
            for text, entry_id, language in rows
            if entry_id not in _NEVER_CALM
        ]
        # Pleas for advice may be emergencies too; what is near the rails but fine is calm.
        fine = [e for e in self.signals.guard_rails if e.label == NO_RAIL]
        pools = (self.signals.out_of_scope, self.signals.small_talk, fine)
        return calm + [(e.text, CALM, e.language) for pool in pools for e in pool]

    def _whitened(self) -> FloatArray:
        geometry = self.geometry
        return geometry.whiten(geometry.centre(self.embeddings, self.wordings.languages))

    def _examples(self, pool: _Pool) -> tuple[list[str], FloatArray, list[str]]:
        texts = [text for text, _, _ in pool]
        encoded = _encode(texts, self.encoder, self.known)
        centred = self.geometry.centre(encoded, [language for _, _, language in pool])
        return texts, centred, [label for _, label, _ in pool]


def _wordings(snapshot: Snapshot) -> Wordings:
    rows = [
        (text, entry.entry_id, entry.language)
        for entry in snapshot.entries
        for text in entry.wordings
    ]
    texts, entry_ids, languages = (list(column) for column in zip(*rows, strict=True))
    return Wordings(texts, entry_ids, languages)


def _encode(texts: Sequence[str], encoder: Encoder, known: dict[str, FloatArray]) -> FloatArray:
    new = list(dict.fromkeys(text for text in texts if text not in known))
    for text, embedding in zip(new, encoder.encode(new), strict=True):
        known[text] = embedding
    return np.stack([known[text] for text in texts])
