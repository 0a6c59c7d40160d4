"""What every encoder must do; each check takes the encoder and knows nothing else of it."""

import time
from collections.abc import Callable

import numpy as np
from any_text import ANY_TEXT, any_text
from hypothesis import HealthCheck, given, settings

from knowledge_base.encoder import Encoder

Check = Callable[[Encoder], None]

_TEXTS = (
    "How long will I wait for my hearing?",
    "¿Cuánto tiempo voy a esperar mi audiencia?",
    "backlog",
    "I got a letter from the court and my cousin says that it means I have to go away, is it so?",
)
_LONGEST_SECONDS = 5.0


def has_a_name_and_a_size(encoder: Encoder) -> None:
    assert encoder.model_id
    assert encoder.dimension > 0


def returns_float32_rows_of_length_one(encoder: Encoder) -> None:
    embeddings = encoder.encode(_TEXTS)
    assert embeddings.shape == (len(_TEXTS), encoder.dimension)
    assert embeddings.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-4)


def is_deterministic(encoder: Encoder) -> None:
    np.testing.assert_array_equal(encoder.encode(_TEXTS), encoder.encode(_TEXTS))


def keeps_the_order(encoder: Encoder) -> None:
    forward, backward = encoder.encode(_TEXTS), encoder.encode(_TEXTS[::-1])
    assert np.argmax(forward @ backward.T, axis=1).tolist() == [3, 2, 1, 0]


def encodes_one_as_it_encodes_many(encoder: Encoder) -> None:
    together = encoder.encode(_TEXTS * 10)
    for text, embedding in zip(_TEXTS, together, strict=False):
        assert float(encoder.encode([text])[0] @ embedding) > 0.99


def gives_alike_texts_alike_vectors(encoder: Encoder) -> None:
    asked, alike, other = encoder.encode(
        ["how long will i wait", "how long will I have to wait?", "my sister sells green apples"]
    )
    assert asked @ alike > asked @ other


def encodes_an_empty_list(encoder: Encoder) -> None:
    embeddings = encoder.encode([])
    assert embeddings.shape == (0, encoder.dimension)
    assert embeddings.dtype == np.float32


def encodes_any_text_alone(encoder: Encoder) -> None:
    for name, text in ANY_TEXT.items():
        start = time.perf_counter()
        _assert_whole(encoder, [text], name)
        assert time.perf_counter() - start < _LONGEST_SECONDS, name


def encodes_any_text_among_others(encoder: Encoder) -> None:
    short = [text for text in ANY_TEXT.values() if len(text) < 200]
    _assert_whole(encoder, [*short, "a" * 600, *_TEXTS], "all at once")


def encodes_generated_text(encoder: Encoder) -> None:
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.nested_given])
    @given(any_text)
    def whole(text: str) -> None:
        _assert_whole(encoder, [text], repr(text))

    whole()


def _assert_whole(encoder: Encoder, texts: list[str], name: str) -> None:
    embeddings = encoder.encode(texts)
    assert embeddings.shape == (len(texts), encoder.dimension), name
    assert np.isfinite(embeddings).all(), name
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-4, err_msg=name)


ENCODER_CHECKS: tuple[Check, ...] = (
    has_a_name_and_a_size,
    returns_float32_rows_of_length_one,
    is_deterministic,
    keeps_the_order,
    encodes_one_as_it_encodes_many,
    gives_alike_texts_alike_vectors,
    encodes_an_empty_list,
    encodes_any_text_alone,
    encodes_any_text_among_others,
    encodes_generated_text,
)
