"""What every retriever must do, whatever encoder its index was built with."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from any_text import ANY_TEXT, any_text
from hypothesis import HealthCheck, given, settings

from knowledge_base.encoder import Encoder
from knowledge_base.index import Index
from knowledge_base.retriever import Ranking, Retriever
from text_classification.text import MAX_ENCODED_CHARS, clean

_LONGEST_SECONDS = 5.0


@dataclass(frozen=True)
class Searched:
    """A retriever with what it searches.

    Args:
        index: of the retriever.
        encoder: that the index was built with.
    """

    index: Index
    encoder: Encoder

    def rank(self, text: str, language: str) -> Ranking:
        """Return the ranking of a message, prepared as the service prepares it."""
        query = clean(text)[:MAX_ENCODED_CHARS]
        return Retriever(self.index).rank(query, self.encoder.encode([query]), language)


Check = Callable[[Searched], None]


def ranks_every_entry_once(searched: Searched) -> None:
    ranking = searched.rank("when do you open", "en")
    assert sorted(ranking.entry_ids) == sorted(set(searched.index.wordings.entry_ids))


def gives_shares_that_descend_and_add_up(searched: Searched) -> None:
    for text, language in (("when do you open", "en"), ("cuándo abren", "es"), ("pizza", "en")):
        _assert_whole(searched.rank(text, language), text)


def ranks_an_exact_wording_first(searched: Searched) -> None:
    wordings = searched.index.wordings
    for text, entry_id, language in zip(
        wordings.texts, wordings.entry_ids, wordings.languages, strict=True
    ):
        assert searched.rank(text, language).entry_ids[0] == entry_id, text


def ranks_a_misspelt_wording_first(searched: Searched) -> None:
    assert searched.rank("a lost or stollen pasport", "en").entry_ids[0] == "lost-passport"
    assert searched.rank("un pasaporte perdio o rovado", "es").entry_ids[0] == "lost-passport"


def is_surer_of_a_wording_than_of_what_is_not_ours(searched: Searched) -> None:
    ours = searched.rank("permission to work", "en")
    other = searched.rank("do you sell pizza", "en")
    assert ours.scores[0] > other.scores[0]
    assert ours.out_of_scope < other.out_of_scope
    assert ours.similarity > other.similarity


def is_deterministic(searched: Searched) -> None:
    first, second = searched.rank("work papers", "en"), searched.rank("work papers", "en")
    assert first.entry_ids == second.entry_ids
    np.testing.assert_array_equal(first.scores, second.scores)


def ranks_in_a_language_without_entries(searched: Searched) -> None:
    _assert_whole(searched.rank("kote tribinal la ye", "ht"), "ht")


def ranks_any_text(searched: Searched) -> None:
    for name, text in ANY_TEXT.items():
        start = time.perf_counter()
        _assert_whole(searched.rank(text, "en"), name)
        assert time.perf_counter() - start < _LONGEST_SECONDS, name


def ranks_generated_text(searched: Searched) -> None:
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.nested_given])
    @given(any_text)
    def whole(text: str) -> None:
        _assert_whole(searched.rank(text, "es"), repr(text))

    whole()


def _assert_whole(ranking: Ranking, name: str) -> None:
    assert len(set(ranking.entry_ids)) == len(ranking.entry_ids) == len(ranking.scores), name
    assert ranking.scores.dtype == np.float32
    assert np.isfinite(ranking.scores).all(), name
    assert (np.diff(ranking.scores) <= 0).all(), name
    assert ranking.scores[-1] >= 0, name
    assert float(ranking.scores.sum()) + ranking.out_of_scope == pytest.approx(1, abs=1e-4), name
    assert -1.001 <= ranking.similarity <= 1.001, name


RETRIEVER_CHECKS: tuple[Check, ...] = (
    ranks_every_entry_once,
    gives_shares_that_descend_and_add_up,
    ranks_an_exact_wording_first,
    ranks_a_misspelt_wording_first,
    is_surer_of_a_wording_than_of_what_is_not_ours,
    is_deterministic,
    ranks_in_a_language_without_entries,
    ranks_any_text,
    ranks_generated_text,
)
