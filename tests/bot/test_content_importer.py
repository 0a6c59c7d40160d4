"""bot/content_importer.py: the entries' wordings are examples of questions."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter

from bot.content_importer import ASK_FAQ, ContentImporter

pytestmark = pytest.mark.rasa

ROOT = Path(__file__).resolve().parent.parent.parent
CONFIG = str(ROOT / "config.yml")
DOMAIN = str(ROOT / "bot" / "domain")


def texts(importer: TrainingDataImporter) -> set[str]:
    data = importer.get_nlu_data()
    return {m.get("text") for m in data.intent_examples if m.get("intent") == ASK_FAQ}


@pytest.fixture(scope="module")
def taught() -> set[str]:
    return texts(ContentImporter(CONFIG, DOMAIN, [str(ROOT / "bot" / "data")]))


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_wording_of_an_entry_is_a_question(taught: set[str], language: str) -> None:
    entry = yaml.safe_load((ROOT / "content" / language / "what-is-an-a-number.yaml").read_text())
    assert {entry["question"], *entry["paraphrases"]} <= taught


@pytest.mark.parametrize("language", ["en", "es"])
def test_despair_is_never_taught_as_a_calm_question(taught: set[str], language: str) -> None:
    entry = yaml.safe_load((ROOT / "content" / language / "feeling-hopeless.yaml").read_text())
    chosen_by_hand = texts(RasaFileImporter(CONFIG, DOMAIN, [str(ROOT / "bot" / "data")]))
    assert (taught - chosen_by_hand).isdisjoint(entry["paraphrases"])


def test_signals_and_hotlines_are_not_read_as_entries(taught: set[str]) -> None:
    urgent = yaml.safe_load((ROOT / "content" / "signals" / "en" / "urgent.yaml").read_text())
    assert taught.isdisjoint(urgent["detained"]["urgent"])


def test_a_test_file_of_somebody_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "test.yml"
    file.write_text('version: "3.1"\nnlu:\n- intent: ask_faq\n  examples: |\n    - one question\n')
    assert texts(ContentImporter(CONFIG, DOMAIN, [str(file)])) == {"one question"}


@pytest.mark.parametrize("paths", [None, []])
def test_without_data_nothing_is_added(paths: list[str] | None) -> None:
    assert texts(ContentImporter(CONFIG, DOMAIN, paths)) == set()


def test_rasa_loads_it_from_the_config() -> None:
    importer = TrainingDataImporter.load_from_config(CONFIG, DOMAIN, [str(ROOT / "bot" / "data")])
    entry = yaml.safe_load((ROOT / "content" / "en" / "how-to-appeal.yaml").read_text())
    assert entry["question"] in texts(importer)
