"""The entries that the product ships with."""

import re
from collections import Counter

from knowledge_base.settings import Settings
from knowledge_base.signals import RAILS, load_signals
from knowledge_base.snapshot import Snapshot

LANGUAGES = ("en", "es")


def test_all_sixty_are_there_in_both_languages(shipped: Snapshot) -> None:
    """`load_content` has found no problem; it keeps numbers, sources and neighbours equal."""
    assert shipped.languages == LANGUAGES
    ids = {
        language: {entry.entry_id for entry in shipped.entries if entry.language == language}
        for language in LANGUAGES
    }
    assert ids["en"] == ids["es"]
    assert len(ids["en"]) == 60


def test_each_has_wordings_enough(shipped: Snapshot) -> None:
    few = [entry.entry_id for entry in shipped.entries if len(entry.paraphrases) < 15]
    assert few == []


def test_each_has_short_and_long_wordings(shipped: Snapshot) -> None:
    for entry in shipped.entries:
        lengths = [len(text.split()) for text in entry.paraphrases]
        assert min(lengths) <= 4, entry.entry_id
        assert max(lengths) >= 20, entry.entry_id


def test_general_knowledge_is_no_source(shipped: Snapshot) -> None:
    for entry in shipped.entries:
        assert "GK" not in {source.source_id for source in entry.sources}
        assert not re.search(r"\bGK\b", entry.model_dump_json(exclude={"entry_id"}))
        assert entry.sources or entry.general_knowledge


def test_no_translation_was_checked_by_a_person(shipped: Snapshot) -> None:
    for entry in shipped.entries:
        if entry.language == "en":
            assert (entry.translation, entry.source_revision) == ("original", None)
        else:
            assert entry.translation == "unreviewed"
            original = shipped.by_key[entry.entry_id, "en"]
            assert entry.source_revision == original.revision


def test_numbers_are_kept(shipped: Snapshot) -> None:
    number = re.compile(r"\d+(?:[.,]\d+)*")
    for entry in shipped.entries:
        original = shipped.by_key[entry.entry_id, "en"]
        for shown, source in (
            (entry.answer, original.answer),
            (entry.simple_answer or "", entry.answer),
        ):
            extra = set(number.findall(shown)) - set(number.findall(source))
            assert not extra, (entry.language, entry.entry_id, extra)
        lost = Counter(number.findall(original.answer)) - Counter(number.findall(entry.answer))
        assert not lost, (entry.language, entry.entry_id, lost)


def test_related_entries_exist(shipped: Snapshot) -> None:
    for entry in shipped.entries:
        assert entry.entry_id not in entry.related
        for related in entry.related:
            assert (related, entry.language) in shipped.by_key


def test_each_has_a_simpler_answer_that_is_shorter(shipped: Snapshot) -> None:
    for entry in shipped.entries:
        assert entry.simple_answer
        assert len(entry.simple_answer) <= len(entry.answer), entry.entry_id


def test_every_rail_is_taught_in_both_languages() -> None:
    signals = load_signals(Settings().content_dir, Settings().nlu_dir)
    for language in LANGUAGES:
        assert {e.label for e in signals.guard_rails if e.language == language} == set(RAILS)
        assert sum(e.language == language for e in signals.out_of_scope) >= 50
        assert any(e.language == language for e in signals.small_talk)
