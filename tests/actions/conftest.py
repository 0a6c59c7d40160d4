"""Real trackers, a real knowledge base, and every reply held to the wire."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

# The modules beside this one are found in whatever way pytest imports tests.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from acting import MORNING, ROOT, Run, run_action
from small_base import small_base

from actions import context, words
from knowledge_base.service import KnowledgeBase


@pytest.fixture(scope="session")
def compiled_locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues, compiled here so that no test depends on what `make` did before."""
    folder = tmp_path_factory.mktemp("locales")
    for source in (ROOT / "locales").glob("*/LC_MESSAGES/assistant.po"):
        target = folder / source.relative_to(ROOT / "locales").with_suffix(".mo")
        target.parent.mkdir(parents=True)
        with source.open("rb") as po, target.open("wb") as mo:
            write_mo(mo, read_po(po))
    return folder


@pytest.fixture(scope="session")
def _small_base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return small_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, compiled_locales: Path) -> Iterator[None]:
    """Words compiled here, a fixed clock, and nothing shared with another test."""
    monkeypatch.setenv("LOCALES_DIR", str(compiled_locales))
    monkeypatch.setenv("ASSISTANT_NOW", MORNING)
    words.words_in.cache_clear()
    words._catalogue.cache_clear()
    yield
    context.knowledge_base.cache_clear()


@pytest.fixture
def base(
    _small_base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, surroundings: None
) -> KnowledgeBase:
    """The small knowledge base, as all actions see it."""
    monkeypatch.setattr(KnowledgeBase, "load", classmethod(lambda cls, settings=None: _small_base))
    context.knowledge_base.cache_clear()
    return context.knowledge_base()


@pytest.fixture
def run(base: KnowledgeBase) -> Run:
    """Run an action on a tracker; return its one reply and the slots that it sets."""
    return run_action
