"""The counter-examples: read from content and from Rasa's training data."""

from pathlib import Path

import pytest
import yaml

from knowledge_base.errors import ContentError
from knowledge_base.signals import CALM, Example, load_signals


def test_they_are_read_by_what_they_teach(content: Path) -> None:
    signals = load_signals(content, content.parent / "nlu")
    assert Example("ICE took my husband away", "detained", "en") in signals.urgent
    assert Example("qué es un arresto", CALM, "es") in signals.urgent
    assert Example("should i sign this paper", "advice", "en") in signals.guard_rails
    assert Example("venden pizza", "far", "es") in signals.out_of_scope
    assert len(signals.all) == sum(
        map(len, (signals.urgent, signals.guard_rails, signals.out_of_scope, signals.small_talk))
    )


def test_small_talk_is_calm_and_emergencies_are_not_small_talk(content: Path) -> None:
    signals = load_signals(content, content.parent / "nlu")
    assert Example("hello", "greet", "en") in signals.small_talk
    assert Example("hola", "greet", "es") in signals.small_talk
    assert {example.label for example in signals.small_talk} == {"greet"}


def test_an_example_given_twice_counts_once(content: Path) -> None:
    file = content / "signals" / "en" / "out_of_scope.yaml"
    file.write_text(yaml.safe_dump({"near": ["same", "same"], "far": ["same"]}))
    signals = load_signals(content, content.parent / "nlu")
    assert [e.text for e in signals.out_of_scope if e.language == "en"] == ["same"]


def test_the_id_is_of_what_they_say(content: Path) -> None:
    first = load_signals(content, content.parent / "nlu").signals_id
    assert load_signals(content, content.parent / "nlu").signals_id == first
    file = content / "signals" / "es" / "out_of_scope.yaml"
    file.write_text(file.read_text() + "other:\n- nueva pregunta\n")
    assert load_signals(content, content.parent / "nlu").signals_id != first


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "urgent",
            "tornado: {urgent: [run]}",
            "signals/en/urgent.yaml: `tornado` is not known. Use one of detained,",
        ),
        (
            "guard_rails",
            "rudeness: [hey]",
            "signals/en/guard_rails.yaml: `rudeness` is not known. Use one of advice,",
        ),
        (
            "out_of_scope",
            "near: [",
            "signals/en/out_of_scope.yaml: this file is missing or is not readable YAML.",
        ),
    ],
)
def test_mistakes_are_named(name: str, text: str, said: str, content: Path) -> None:
    (content / "signals" / "en" / f"{name}.yaml").write_text(text)
    with pytest.raises(ContentError) as caught:
        load_signals(content, content.parent / "nlu")
    assert caught.value.problems[0].startswith(said)


@pytest.mark.parametrize("name", ["urgent", "guard_rails", "out_of_scope"])
def test_a_missing_file_is_named(name: str, content: Path) -> None:
    (content / "signals" / "es" / f"{name}.yaml").unlink()
    with pytest.raises(ContentError, match=f"signals/es/{name}.yaml: this file is missing"):
        load_signals(content, content.parent / "nlu")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("urgent", ""),
        ("urgent", "detained: [a list]"),
        ("guard_rails", "- a\n- list"),
        ("guard_rails", "advice:"),
        ("out_of_scope", "just words"),
    ],
)
def test_a_file_of_another_form_is_named(name: str, text: str, content: Path) -> None:
    (content / "signals" / "en" / f"{name}.yaml").write_text(text)
    with pytest.raises(ContentError, match=f"signals/en/{name}.yaml"):
        load_signals(content, content.parent / "nlu")
