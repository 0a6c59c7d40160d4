"""A few questions through the actions with the shipped model and index."""

import pytest
from acting import run_action

from actions import context
from actions.answer_question import ActionAnswerQuestion

pytestmark = pytest.mark.model


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    context.knowledge_base.cache_clear()
    context.knowledge_base()


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, compiled_locales: object) -> None:
    """As in conftest.py, but the knowledge base stays loaded between tests."""
    monkeypatch.setenv("LOCALES_DIR", str(compiled_locales))
    monkeypatch.setenv("ASSISTANT_NOW", "2026-11-24T10:00:00-05:00")


@pytest.mark.parametrize(
    ("language", "text", "entry_id"),
    [
        ("en", "how many cases are waiting in immigration court", "how-big-is-the-backlog"),
        ("es", "cuántos jueces hay", "how-many-immigration-judges"),
        ("es", "dónde encuentro mi número A", "what-is-an-a-number"),
    ],
)
def test_the_right_entry(language: str, text: str, entry_id: str) -> None:
    slots = {"language": language, "last_entry_id": None}
    reply, _ = run_action(ActionAnswerQuestion(), "first_question", slots=slots, text=text)
    assert (reply["entry_id"], reply["language"]) == (entry_id, language)
    assert reply["sources"]


def test_nothing_of_ours(compiled_locales: object) -> None:
    reply, _ = run_action(ActionAnswerQuestion(), "first_question", text="do you sell pizza")
    assert reply["kind"] == "abstain"
