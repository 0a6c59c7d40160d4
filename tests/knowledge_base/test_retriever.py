"""The shared checks on a retriever over every encoder."""

import pytest
from built import Built, settings_in
from retriever_checks import RETRIEVER_CHECKS, Check, Searched
from small_content import write_content

from knowledge_base.build import build_from_content, load_published
from knowledge_base.encoder import SentenceEncoder

each_check = pytest.mark.parametrize("check", RETRIEVER_CHECKS, ids=lambda check: check.__name__)


@pytest.fixture(scope="session")
def searched(_built: Built) -> Searched:
    _, index = load_published(_built.settings, _built.encoder)
    return Searched(index, _built.encoder)


@pytest.fixture(scope="session")
def really_searched(
    real_encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory
) -> Searched:
    folder = tmp_path_factory.mktemp("real")
    write_content(folder)
    build_from_content(settings_in(folder), real_encoder)
    _, index = load_published(settings_in(folder), real_encoder)
    return Searched(index, real_encoder)


@each_check
def test_over_the_fake_encoder(check: Check, searched: Searched) -> None:
    check(searched)


@each_check
@pytest.mark.model
def test_over_the_real_encoder(check: Check, really_searched: Searched) -> None:
    check(really_searched)


@pytest.mark.model
def test_a_question_in_other_words_finds_its_entry(really_searched: Searched) -> None:
    asked = {
        "can i get a job while i wait": "work-permit",
        "somebody took my travel document": "lost-passport",
        "what time can i come to you": "office-hours",
        "no hablo inglés, quién traduce": "interpreter",
        "cuánto cobran por apelar": "filing-fee",
    }
    found = {
        text: really_searched.rank(text, "es" if text.isascii() is False else "en").entry_ids[:2]
        for text in asked
    }
    assert [text for text, entry_id in asked.items() if entry_id not in found[text]] == []
