"""Emergencies: where they are looked for, and what counts as one."""

from collections.abc import Sequence

import numpy as np
import pytest
from any_text import ANY_TEXT, any_text
from hypothesis import given, settings

from knowledge_base.calibration import Calibration
from knowledge_base.service import KnowledgeBase
from knowledge_base.settings import Settings
from knowledge_base.signals import load_signals
from knowledge_base.snapshot import Snapshot
from knowledge_base.urgency import judge, parts
from knowledge_base.urgent_kinds import URGENT_KINDS
from text_classification.text import MAX_ENCODED_CHARS, clean

MOST_PARTS = 40
CUTS = Calibration(min_urgent_score=0.5, min_danger_score=0.3)
NO_VECTORS = np.zeros((0, 0), np.float32)


class ByHand:
    """A classifier that says what it was told."""

    labels = ("calm", "detained", "violence")

    def __init__(self, *rows: tuple[float, float, float]) -> None:
        self._rows = np.array(rows, np.float32)

    def probabilities(self, texts: Sequence[str], embeddings: object) -> np.ndarray:
        assert len(texts) == len(self._rows)
        return self._rows


def test_a_short_message_is_one_part() -> None:
    assert parts("Help! ICE is here. What now?") == ["Help! ICE is here. What now?"]
    assert parts("") == [""]


def test_a_long_message_is_also_read_in_pieces() -> None:
    story = "We came here in May. My son goes to school. " * 20
    text = f"{story}Now ICE took my husband!\n{story}"
    whole, *pieces = parts(text)
    assert whole == clean(text)
    assert any("ICE took my husband!" in piece for piece in pieces)
    assert all(0 < len(piece) <= MAX_ENCODED_CHARS for piece in pieces)
    assert set(" ".join(pieces).split()) == set(text.split())


def test_of_a_very_long_message_both_ends_are_read() -> None:
    story = " ".join(f"This is sentence {number} of my story." for number in range(600))
    _, *pieces = parts(f"They took my son. {story} He said that he will kill me.")
    assert len(pieces) <= MOST_PARTS
    assert "They took my son." in pieces[0]
    assert "he will kill me." in pieces[-1]


@pytest.mark.parametrize("end", ["।", "。", "؟", "…", "\n"])
def test_sentences_end_in_every_script(end: str) -> None:
    # Without the ends these would be one run of words, cut anywhere.
    sentences = [f"{letter * 40} {letter * 49}{end}" for letter in "abcdefghij"]
    _, *pieces = parts(" ".join(sentences))
    assert len(pieces) > 1
    for piece in pieces:
        assert len(piece.split()) % 2 == 0


@settings(deadline=None)
@given(any_text)
def test_parts_are_bounded(text: str) -> None:
    for message in (text, text * 30):
        found = parts(message)
        assert found[0] == clean(message)
        assert len(found) <= MOST_PARTS
        assert all(len(piece) <= MAX_ENCODED_CHARS for piece in found[1:])


@pytest.mark.parametrize("text", ANY_TEXT.values(), ids=ANY_TEXT)
def test_any_text_has_parts(text: str) -> None:
    assert 1 <= len(parts(text)) <= MOST_PARTS


def test_above_its_cut_off_a_message_is_urgent() -> None:
    urgency = judge(ByHand((0.4, 0.5, 0.1)), ["x"], NO_VECTORS, CUTS)
    assert (urgency.kind, urgency.score) == ("detained", pytest.approx(0.6))


def test_below_it_a_message_is_calm() -> None:
    urgency = judge(ByHand((0.6, 0.3, 0.1)), ["x"], NO_VECTORS, CUTS)
    assert (urgency.kind, urgency.score) == (None, pytest.approx(0.4))


def test_a_lesser_sign_of_danger_to_a_life_is_enough() -> None:
    urgency = judge(ByHand((0.6, 0.05, 0.35)), ["x"], NO_VECTORS, CUTS)
    assert urgency.kind == "violence"
    assert urgency.danger == pytest.approx(0.35)


def test_a_sure_piece_makes_a_calm_message_urgent() -> None:
    calm, urgent = (0.9, 0.05, 0.05), (0.01, 0.98, 0.01)
    assert judge(ByHand(calm, calm, urgent), ["x"] * 3, NO_VECTORS, CUTS).kind == "detained"
    assert judge(ByHand(calm, calm, calm), ["x"] * 3, NO_VECTORS, CUTS).kind is None


def test_a_piece_has_to_be_surer_than_a_message() -> None:
    calm, doubtful = (0.9, 0.05, 0.05), (0.45, 0.45, 0.1)
    assert judge(ByHand(calm, doubtful), ["x"] * 2, NO_VECTORS, CUTS).kind is None
    assert judge(ByHand(doubtful), ["x"], NO_VECTORS, CUTS).kind == "detained"


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("ICE took my husband away", "en", "detained"),
        ("my husband beats me", "en", "violence"),
        ("la migra se llevó a mi esposo", "es", "detained"),
        ("how many people did ICE arrest last year", "en", None),
        ("the address of the court", "en", None),
        ("hola", "es", None),
    ],
)
def test_it_learns_from_the_signals(
    text: str, language: str, kind: str | None, base: KnowledgeBase
) -> None:
    assert base.urgency_of(text, language).kind == kind


def test_the_table_is_whole(shipped: Snapshot) -> None:
    signals = load_signals(Settings().content_dir, Settings().nlu_dir)
    taught = {(example.label, example.language) for example in signals.urgent}
    for name, kind in URGENT_KINDS.items():
        assert kind.name == name
        for language in shipped.languages:
            assert (name, language) in taught
            assert (kind.entry_id, language) in shipped.by_key
            for related in kind.related:
                assert (related, language) in shipped.by_key
