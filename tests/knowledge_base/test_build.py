"""Content to publication, doing only what changed."""

import shutil

import pytest
from built import Built, raised_by
from fake_encoder import FakeEncoder
from small_content import entry_fields, write_entry

from knowledge_base.build import (
    build_from_content,
    ensure_index,
    index_folder,
    known_embeddings,
    load_published,
)
from knowledge_base.errors import ContentError, KnowledgeBaseError
from knowledge_base.snapshot import current_snapshot_id


def test_it_publishes_what_is_in_the_folder(built: Built) -> None:
    snapshot = build_from_content(built.settings, built.encoder)
    assert current_snapshot_id(built.settings.snapshot_dir) == snapshot.snapshot_id
    assert load_published(built.settings, built.encoder)[0] == snapshot


def test_a_second_build_encodes_nothing(built: Built) -> None:
    steps: list[str] = []
    build_from_content(built.settings, built.encoder, steps.append)
    assert built.encoder.encoded == []
    assert steps == ["reading the entries"]


def test_a_new_wording_alone_is_encoded(built: Built) -> None:
    fields = entry_fields("filing-fee", "en")
    fields["paraphrases"].append("what do they charge")
    write_entry(built.content, fields)
    steps: list[str] = []
    before = current_snapshot_id(built.settings.snapshot_dir)
    snapshot = build_from_content(built.settings, built.encoder, steps.append)
    assert built.encoder.encoded == ["what do they charge"]
    assert steps == ["reading the entries", "building the index (1 new texts to encode)"]
    assert snapshot.snapshot_id != before


def test_a_changed_answer_needs_no_encoding(built: Built) -> None:
    fields = entry_fields("interpreter", "en") | {"answer": "Ask the court. You pay 0 dollars."}
    write_entry(built.content, fields)
    snapshot = build_from_content(built.settings, built.encoder)
    assert built.encoder.encoded == []
    found = snapshot.find("interpreter", "en")
    assert found is not None
    assert found.answer == "Ask the court. You pay 0 dollars."


def test_changed_signals_build_the_index_again(built: Built) -> None:
    file = built.content / "signals" / "en" / "out_of_scope.yaml"
    file.write_text(file.read_text() + "other:\n- where is the zoo\n")
    build_from_content(built.settings, built.encoder)
    assert built.encoder.encoded == ["where is the zoo"]


def test_another_model_encodes_everything_again(built: Built) -> None:
    other = FakeEncoder("fake/2")
    assert known_embeddings(built.settings, other) == {}
    _, index = load_published(built.settings, other)
    assert index.manifest.model_id == "fake/2"
    assert set(index.wordings.texts) <= set(other.encoded)


def test_wrong_content_publishes_nothing(built: Built) -> None:
    before = current_snapshot_id(built.settings.snapshot_dir)
    write_entry(built.content, entry_fields("filing-fee", "en") | {"answer": ""})
    with pytest.raises(ContentError):
        build_from_content(built.settings, built.encoder)
    assert current_snapshot_id(built.settings.snapshot_dir) == before


def test_a_build_that_fails_at_the_index_publishes_nothing(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current_snapshot_id(built.settings.snapshot_dir)
    write_entry(built.content, entry_fields("filing-fee", "en") | {"revision": 2})
    write_entry(built.content, entry_fields("filing-fee", "es") | {"source_revision": 2})

    def fail(texts: object) -> None:
        raise MemoryError

    fields = entry_fields("office-hours", "en")
    fields["paraphrases"].append("something new")
    write_entry(built.content, fields)
    monkeypatch.setattr(built.encoder, "encode", fail)
    with pytest.raises(MemoryError):
        build_from_content(built.settings, built.encoder)
    assert current_snapshot_id(built.settings.snapshot_dir) == before


def test_without_a_publication_there_is_a_sentence(built: Built) -> None:
    shutil.rmtree(built.settings.snapshot_dir)
    with pytest.raises(KnowledgeBaseError) as caught:
        load_published(built.settings, built.encoder)
    assert str(caught.value) == ("Nothing is published yet. Run `python -m knowledge_base build`.")


def test_a_lost_index_is_built_again(built: Built) -> None:
    snapshot, _ = load_published(built.settings, built.encoder)
    shutil.rmtree(index_folder(built.settings, snapshot.snapshot_id))
    index = ensure_index(snapshot, built.settings, built.encoder)
    assert built.encoder.encoded == []
    assert index.manifest.snapshot_id == snapshot.snapshot_id


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # numpy leaves the file open
@pytest.mark.parametrize("length", [0, 2000])
def test_half_a_file_of_known_embeddings_is_passed_over(length: int, built: Built) -> None:
    file = built.settings.index_dir / "known.npz"
    file.write_bytes(file.read_bytes()[:length])
    assert raised_by(lambda: known_embeddings(built.settings, built.encoder)) is None


def test_other_bytes_instead_of_known_embeddings_are_passed_over(built: Built) -> None:
    (built.settings.index_dir / "known.npz").write_bytes(b"no arrays")
    assert known_embeddings(built.settings, built.encoder) == {}
