"""Centring and whitening: what they take off, and what they never break."""

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.geometry import Geometry, fit_geometry, normalise

DIMENSION = 8


@pytest.fixture
def fitted() -> tuple[Geometry, np.ndarray, list[str], list[str]]:
    """Two languages far apart, three entries in each, and much spread along one direction."""
    random = np.random.default_rng(3)
    languages, entries, rows = [], [], []
    for language, offset in (("en", 0), ("es", 1)):
        for entry in range(3):
            for _ in range(20):
                row = random.normal(0, 0.05, DIMENSION)
                row[offset] += 3
                row[2 + entry] += 0.7
                row[7] += random.normal(0, 0.8)
                rows.append(row)
                languages.append(language)
                entries.append(f"entry-{entry}")
    embeddings = normalise(np.array(rows, np.float32))
    return fit_geometry(embeddings, languages, entries), embeddings, languages, entries


def _alike(vectors: np.ndarray, same: np.ndarray) -> float:
    """Return how much nearer the pairs in `same` are than all pairs."""
    cosines = vectors @ vectors.T
    return float(cosines[same].mean() - cosines[~same].mean())


def test_centring_takes_the_language_off(fitted: tuple) -> None:
    geometry, embeddings, languages, _ = fitted
    spoken = np.array(languages)
    same_language = spoken[:, None] == spoken[None, :]
    centred = geometry.centre(embeddings, languages)
    assert _alike(embeddings, same_language) > 0.3
    assert abs(_alike(centred, same_language)) < 0.1


def test_whitening_brings_the_wordings_of_an_entry_together(fitted: tuple) -> None:
    geometry, embeddings, languages, entries = fitted
    named = np.array(entries)
    same_entry = named[:, None] == named[None, :]
    centred = geometry.centre(embeddings, languages)
    assert _alike(geometry.whiten(centred), same_entry) > _alike(centred, same_entry) + 0.1


def test_rows_have_length_one(fitted: tuple) -> None:
    geometry, embeddings, languages, _ = fitted
    moved = geometry.whiten(geometry.centre(embeddings, languages))
    assert moved.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)


def test_an_unknown_language_takes_the_mean_of_all(fitted: tuple) -> None:
    geometry, embeddings, _, _ = fitted
    by_hand = normalise(embeddings[:1] - geometry.means.mean(axis=0))
    np.testing.assert_allclose(geometry.centre(embeddings[:1], ["ht"]), by_hand, atol=1e-6)


def test_a_zero_row_stays_zero() -> None:
    rows = normalise(np.array([[3, 4], [0, 0]], np.float32))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0, 0]], atol=1e-6)


def test_one_wording_an_entry_is_no_error() -> None:
    embeddings = normalise(np.eye(3, DIMENSION, dtype=np.float32))
    geometry = fit_geometry(embeddings, ["en"] * 3, ["a", "b", "c"])
    assert np.isfinite(geometry.whiten(geometry.centre(embeddings, ["en"] * 3))).all()


def test_it_is_read_as_it_was_written(fitted: tuple, tmp_path: Path) -> None:
    geometry, embeddings, languages, _ = fitted
    geometry.save(tmp_path / "geometry.npz")
    read = Geometry.load(tmp_path / "geometry.npz")
    assert read.languages == ("en", "es")
    np.testing.assert_array_equal(
        read.whiten(read.centre(embeddings, languages)),
        geometry.whiten(geometry.centre(embeddings, languages)),
    )
