"""An index knows what it was built from, is stored whole, and is read as it was written."""

import json
from pathlib import Path

import numpy as np
import pytest
from built import Built

from knowledge_base.build import index_folder, load_published
from knowledge_base.errors import IndexMismatch
from knowledge_base.index import (
    FORMAT,
    OUT_OF_SCOPE,
    Index,
    load_index,
    read_manifest,
    save_index,
)
from knowledge_base.retriever import Retriever
from knowledge_base.signals import CALM, NO_RAIL
from knowledge_base.snapshot import Snapshot


@pytest.fixture
def published(built: Built) -> tuple[Snapshot, Index]:
    return load_published(built.settings, built.encoder)


@pytest.fixture
def folder(built: Built, published: tuple[Snapshot, Index]) -> Path:
    return index_folder(built.settings, published[0].snapshot_id)


def test_it_has_a_row_for_every_wording(published: tuple[Snapshot, Index]) -> None:
    snapshot, index = published
    count = sum(len(entry.wordings) for entry in snapshot.entries)
    assert len(index.wordings.texts) == index.vectors.ntotal == len(index.embeddings) == count
    rows = set(zip(index.wordings.texts, index.wordings.entry_ids, strict=True))
    for entry in snapshot.entries:
        assert all((wording, entry.entry_id) in rows for wording in entry.wordings)


def test_its_classifiers_know_what_they_need(published: tuple[Snapshot, Index]) -> None:
    snapshot, index = published
    assert set(index.entries.labels) == {e.entry_id for e in snapshot.entries} | {OUT_OF_SCOPE}
    assert CALM in index.urgency.labels
    assert NO_RAIL in index.guard_rails.labels
    assert index.languages.labels == snapshot.languages


def test_it_is_read_as_it_was_written(
    published: tuple[Snapshot, Index], folder: Path, built: Built
) -> None:
    _, index = published
    read = load_index(folder, built.encoder.model_id)
    assert read.manifest == index.manifest
    assert read.wordings == index.wordings
    np.testing.assert_allclose(read.embeddings, index.embeddings, atol=1e-3)
    for text in ("permission to work", "cuándo abren", "pizza"):
        embedding = built.encoder.encode([text])
        ours, theirs = (Retriever(one).rank(text, embedding, "en") for one in (index, read))
        assert ours.entry_ids == theirs.entry_ids
        np.testing.assert_allclose(ours.scores, theirs.scores, atol=1e-5)


def test_one_of_another_model_is_refused_and_both_are_named(folder: Path) -> None:
    with pytest.raises(IndexMismatch) as caught:
        load_index(folder, "e5-large/int8/abc")
    assert str(caught.value) == (
        f"The index in {folder} was built by the model fake/1, but EMBEDDING_MODEL is"
        " e5-large/int8/abc. Run `python -m knowledge_base build`, or set EMBEDDING_MODEL back."
    )


def test_one_of_another_format_is_refused(folder: Path) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"format": FORMAT + 1}))
    with pytest.raises(
        IndexMismatch, match=f"has format {FORMAT + 1}; this version reads {FORMAT}"
    ):
        load_index(folder, "fake/1")


@pytest.mark.parametrize("content", [None, "", "{}", "[1]", '{"format": 1}'])
def test_a_missing_or_broken_one_is_refused(content: str | None, folder: Path) -> None:
    file = folder / "manifest.json"
    file.unlink()
    if content is not None:
        file.write_text(content)
    assert read_manifest(folder) is None
    with pytest.raises(IndexMismatch, match=r"no index in .* Run `python -m knowledge_base build`"):
        load_index(folder, "fake/1")


def test_saving_that_stops_half_way_leaves_what_was_there(
    published: tuple[Snapshot, Index], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, index = published

    def fail(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(type(index.geometry), "save", fail)
    with pytest.raises(OSError, match="No space left"):
        save_index(index, folder)
    load_index(folder, "fake/1")
    monkeypatch.undo()
    save_index(index, folder)
    load_index(folder, "fake/1")
