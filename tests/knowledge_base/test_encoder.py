"""The shared checks on every encoder; the settings that name one."""

from pathlib import Path

import numpy as np
import pytest
from encoder_checks import ENCODER_CHECKS, Check
from fake_encoder import FakeEncoder

from knowledge_base.encoder import SentenceEncoder, load_encoder
from knowledge_base.errors import ModelError
from knowledge_base.settings import Settings

each_check = pytest.mark.parametrize("check", ENCODER_CHECKS, ids=lambda check: check.__name__)


@each_check
def test_the_fake_encoder(check: Check) -> None:
    check(FakeEncoder())


@each_check
@pytest.mark.model
def test_the_real_encoder(check: Check, real_encoder: SentenceEncoder) -> None:
    check(real_encoder)


@pytest.mark.model
def test_the_model_reads_no_more_than_the_beginning(real_encoder: SentenceEncoder) -> None:
    text = "a word " * 100
    short, long = real_encoder.encode([text]), real_encoder.encode([text + "something else"])
    np.testing.assert_array_equal(short, long)


@pytest.mark.model
def test_a_question_is_nearer_to_its_translation_than_to_another(
    real_encoder: SentenceEncoder,
) -> None:
    english, spanish, other = real_encoder.encode(
        ["How much is the fee?", "¿Cuánto cuesta la tarifa?", "Where is the judge from?"]
    )
    assert english @ spanish > english @ other


@pytest.mark.model
def test_the_id_says_which_model_and_which_weights(
    model_folder: Path, real_encoder: SentenceEncoder
) -> None:
    folder, precision, digest = real_encoder.model_id.split("/")
    assert folder == model_folder.name
    assert precision == Settings().embedding_precision
    assert len(digest) == 12


@pytest.mark.parametrize("named", ["{}/nowhere", "./nowhere"])
def test_a_missing_folder_is_named(named: str, tmp_path: Path) -> None:
    source = named.format(tmp_path)
    with pytest.raises(ModelError) as caught:
        load_encoder(Settings(embedding_model=source))
    assert str(caught.value) == (
        f"There is no model in {source}. Run `make setup`, or correct EMBEDDING_MODEL."
    )


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(ValueError, match="embedding_precision"):
        Settings(embedding_precision="int4")
