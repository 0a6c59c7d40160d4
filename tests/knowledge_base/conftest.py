"""A small content folder, built for real: entries, snapshot, FAISS index, trained classifiers."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# The modules beside this one are found in whatever way pytest imports tests.
sys.path.insert(0, str(Path(__file__).resolve().parent))
pytest.register_assert_rewrite("encoder_checks", "retriever_checks")

from built import Built, settings_in
from fake_encoder import FakeEncoder
from small_content import write_content

from knowledge_base.build import build_from_content
from knowledge_base.content import load_content
from knowledge_base.encoder import SentenceEncoder, load_encoder
from knowledge_base.service import KnowledgeBase
from knowledge_base.settings import Settings, get_settings
from knowledge_base.snapshot import Snapshot, make_snapshot


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder of the test's own, with `nlu/` beside it."""
    return write_content(tmp_path)


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("built")
    write_content(folder)
    encoder = FakeEncoder()
    build_from_content(settings_in(folder), encoder)
    return Built(folder, encoder)


@pytest.fixture
def built(_built: Built, tmp_path: Path) -> Built:
    """The small content, built and published; a copy of the test's own."""
    folder = tmp_path / "built"
    shutil.copytree(_built.folder, folder)
    return Built(folder, FakeEncoder())


@pytest.fixture(scope="session")
def base(_built: Built) -> KnowledgeBase:
    """The small knowledge base; for tests that change nothing."""
    return _built.base()


@pytest.fixture(scope="session")
def shipped() -> Snapshot:
    """The entries that the product ships with."""
    return make_snapshot(load_content(Settings().content_dir))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Make the settings, as commands read them, point to a folder."""

    def use(folder: Path) -> None:
        for name, value in settings_in(folder).model_dump().items():
            if name.endswith("_dir"):
                monkeypatch.setenv(name.upper(), str(value))
        get_settings.cache_clear()

    yield use
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """The folder that set-up made; tests that need it fail clearly where it isn't there."""
    folder = Path(Settings().embedding_model)
    if not (folder / "modules.json").is_file():
        pytest.fail(f"There is no model in {folder}. Run `make setup` first.", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def real_encoder(model_folder: Path) -> SentenceEncoder:
    """The encoder that the assistant runs with."""
    return load_encoder(Settings(embedding_model=str(model_folder)))
