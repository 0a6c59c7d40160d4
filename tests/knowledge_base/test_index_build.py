"""Building an index: from nothing, and on an earlier one."""

import numpy as np
import pytest
from built import Built
from fake_encoder import FakeEncoder, FloatArray

from knowledge_base.build import known_embeddings, load_published
from knowledge_base.index import Index
from knowledge_base.index_build import build_index, provisional_index
from knowledge_base.retriever import Retriever
from knowledge_base.signals import Signals, load_signals
from knowledge_base.snapshot import Snapshot, make_snapshot

NEW = "what do they charge me there"


@pytest.fixture
def published(built: Built) -> tuple[Snapshot, Index]:
    return load_published(built.settings, built.encoder)


@pytest.fixture
def signals(built: Built) -> Signals:
    return load_signals(built.content, built.folder / "nlu")


@pytest.fixture
def known(built: Built) -> dict[str, FloatArray]:
    return known_embeddings(built.settings, built.encoder)


def with_wording(snapshot: Snapshot, entry_id: str, text: str) -> Snapshot:
    return make_snapshot(
        entry.model_copy(update={"paraphrases": [*entry.paraphrases, text]})
        if (entry.entry_id, entry.language) == (entry_id, "en")
        else entry
        for entry in snapshot.entries
    )


def first_for(text: str, index: Index) -> str:
    return Retriever(index).rank(text, FakeEncoder().encode([text]), "en").entry_ids[0]


def test_a_wording_of_two_entries_is_kept_for_both(
    published: tuple[Snapshot, Index], signals: Signals
) -> None:
    snapshot, _ = published
    first, second, *_ = snapshot.entries
    shared = "the very same words"
    entries = [
        entry.model_copy(update={"paraphrases": [*entry.paraphrases, shared]})
        if entry in (first, second)
        else entry
        for entry in snapshot.entries
    ]
    index = build_index(Snapshot("x", tuple(entries)), signals, FakeEncoder(), {})
    assert index.wordings.texts.count(shared) == 2


def test_building_twice_gives_the_same(published: tuple[Snapshot, Index], signals: Signals) -> None:
    snapshot, index = published
    again = build_index(snapshot, signals, FakeEncoder(), {})
    np.testing.assert_allclose(again.entries.meaning, index.entries.meaning, atol=1e-2)
    assert again.manifest == index.manifest


def test_known_texts_are_not_encoded_and_new_ones_become_known(
    published: tuple[Snapshot, Index], signals: Signals, known: dict[str, FloatArray]
) -> None:
    encoder = FakeEncoder()
    build_index(with_wording(published[0], "filing-fee", NEW), signals, encoder, known)
    assert encoder.encoded == [NEW]
    assert NEW in known


def test_after_a_changed_answer_nothing_is_computed(published: tuple[Snapshot, Index]) -> None:
    snapshot, index = published
    first, *others = snapshot.entries
    changed = make_snapshot([first.model_copy(update={"answer": "Another."}), *others])
    encoder = FakeEncoder()
    at_once = provisional_index(index, changed, encoder, {})
    assert encoder.encoded == []
    assert at_once.manifest.snapshot_id == changed.snapshot_id
    assert at_once.vectors is index.vectors


def test_a_new_wording_alone_is_encoded_and_found_at_once(
    published: tuple[Snapshot, Index], known: dict[str, FloatArray]
) -> None:
    snapshot, index = published
    encoder = FakeEncoder()
    at_once = provisional_index(index, with_wording(snapshot, "interpreter", NEW), encoder, known)
    assert encoder.encoded == [NEW]
    assert first_for(NEW, at_once) == "interpreter"
    assert at_once.vectors.ntotal == index.vectors.ntotal + 1
    assert index.vectors.ntotal == len(index.wordings.texts)  # the one being served is left alone


def test_a_new_entry_is_found_at_once(
    published: tuple[Snapshot, Index], known: dict[str, FloatArray]
) -> None:
    snapshot, index = published
    model = snapshot.entries[0]
    added = model.model_copy(
        update={
            "entry_id": "new-entry",
            "question": "Where may I park my bicycle?",
            "paraphrases": [f"park my bicycle {number} days" for number in range(15)],
        }
    )
    at_once = provisional_index(
        index, make_snapshot([*snapshot.entries, added]), FakeEncoder(), known
    )
    assert first_for("park my bicycle 3 days", at_once) == "new-entry"
    for text, entry_id, language in zip(
        index.wordings.texts, index.wordings.entry_ids, index.wordings.languages, strict=True
    ):
        if language == "en":
            assert first_for(text, at_once) == entry_id


def test_a_withdrawn_entry_is_gone_at_once(
    published: tuple[Snapshot, Index], known: dict[str, FloatArray]
) -> None:
    snapshot, index = published
    fewer = make_snapshot(e for e in snapshot.entries if e.entry_id != "filing-fee")
    at_once = provisional_index(index, fewer, FakeEncoder(), known)
    text = "the fee for filing an appeal"
    ranking = Retriever(at_once).rank(text, FakeEncoder().encode([text]), "en")
    assert set(ranking.entry_ids) == {entry.entry_id for entry in fewer.entries}
    assert float(ranking.scores.sum()) + ranking.out_of_scope == pytest.approx(1, abs=1e-4)
