"""One real system for all tests of this folder; those that break something start their own."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# The modules beside this one are found in whatever way pytest imports tests.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from person import Person, close_all
from running_system import System, missing_parts, running


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The action server, Rasa and the gateway, with a database of their own."""
    missing = missing_parts()
    if missing:
        pytest.fail(f"Run `make setup` first; there is no {', '.join(missing)}.")
    with running(tmp_path_factory.mktemp("system")) as started:
        yield started


@pytest.fixture
def person(system: System) -> Iterator[Person]:
    """Somebody who has not written yet."""
    yield Person(system.url)
    close_all()


@pytest.fixture
def another(system: System) -> Iterator[Callable[..., Person]]:
    """Makes more people."""
    yield lambda language="": Person(system.url, language)
    close_all()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Show the processes' logs with a failure."""
    report = yield
    started = getattr(item, "funcargs", {}).get("system")
    if report.failed and isinstance(started, System):
        report.sections.append(("logs of the system", started.logs()))
    return report
