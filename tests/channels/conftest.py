"""A real gateway (uvicorn, in a thread) before a fake Rasa, both on free ports."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

# The two modules beside this one are found in whatever way pytest imports tests.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from fake_rasa import FakeRasa
from gateway_runner import Client, close_all, running

from channels.web.settings import Settings
from channels.words import Words

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALES = Path(os.environ.get("LOCALES_SOURCE", ROOT / "locales"))


@pytest.fixture(scope="session")
def locales_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues, compiled here so that no test depends on what `make` did before."""
    compiled = tmp_path_factory.mktemp("locales")
    for source in LOCALES.glob("*/LC_MESSAGES/assistant.po"):
        target = compiled / source.relative_to(LOCALES).with_suffix(".mo")
        target.parent.mkdir(parents=True)
        with source.open("rb") as po, target.open("wb") as mo:
            write_mo(mo, read_po(po))
    return compiled


@pytest.fixture(scope="session")
def words(locales_dir: Path) -> Words:
    """The words themselves."""
    return Words.read(locales_dir)


@pytest.fixture(scope="session")
def _far_side() -> Iterator[FakeRasa]:
    fake = FakeRasa()
    yield fake
    fake.close()


@pytest.fixture
def rasa(_far_side: FakeRasa) -> FakeRasa:
    """A fake Rasa that answers, and has received nothing yet."""
    _far_side.reset()
    return _far_side


Start = Callable[..., str]


def _settings(rasa: FakeRasa, locales_dir: Path, **changes: Any) -> Settings:
    defaults: dict[str, Any] = {
        "rasa_url": rasa.url,
        "actions_url": rasa.url,
        "locales_dir": locales_dir,
        "rate_limit_session": "10000/minute",
        "rate_limit_address": "10000/minute",
    }
    return Settings(**(defaults | changes))


@pytest.fixture
def start(rasa: FakeRasa, locales_dir: Path) -> Iterator[Start]:
    """Start a gateway before the fake Rasa, with settings of the test's own."""
    with ExitStack() as gateways:

        def started(**settings: Any) -> str:
            return gateways.enter_context(running(_settings(rasa, locales_dir, **settings)))

        yield started
        close_all()


@pytest.fixture(scope="session")
def _usual_gateway(_far_side: FakeRasa, locales_dir: Path) -> Iterator[str]:
    with running(_settings(_far_side, locales_dir)) as url:
        yield url


@pytest.fixture
def gateway(_usual_gateway: str, rasa: FakeRasa) -> Iterator[str]:
    """The address of a gateway with the usual settings, one for all tests."""
    yield _usual_gateway
    close_all()


@pytest.fixture
def client(gateway: str) -> Client:
    """A client of the usual gateway."""
    return Client(gateway)


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("httpx").setLevel(logging.WARNING)
