"""A folder with content, snapshot and index, as `conftest.py` builds it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fake_encoder import FakeEncoder

from knowledge_base.build import load_published
from knowledge_base.service import KnowledgeBase
from knowledge_base.settings import Settings


def settings_in(folder: Path) -> Settings:
    """Return settings with everything under `folder`."""
    return Settings(
        content_dir=folder / "content",
        nlu_dir=folder / "nlu",
        snapshot_dir=folder / "snapshots",
        index_dir=folder / "index",
    )


def raised_by(work: Callable[[], object]) -> str | None:
    """Return the name of what `work` raises, keeping nothing of it (open files, say)."""
    try:
        work()
    except Exception as error:
        return type(error).__name__
    return None


@dataclass(frozen=True)
class Built:
    """A folder with content, snapshot and index, and the encoder that made them.

    Args:
        folder: see `settings_in`.
        encoder: a fake one.
    """

    folder: Path
    encoder: FakeEncoder

    @property
    def settings(self) -> Settings:
        return settings_in(self.folder)

    @property
    def content(self) -> Path:
        return self.folder / "content"

    def base(self) -> KnowledgeBase:
        """Return a knowledge base that serves what is published."""
        return KnowledgeBase(
            self.settings, self.encoder, *load_published(self.settings, self.encoder)
        )
