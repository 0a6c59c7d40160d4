"""channels/wire.py: strict in kind, tolerant of what is new, silent on what was said."""

from typing import Any

import pytest
from fake_rasa import WIRE, example

from channels.wire import Kind, WireError, read_replies


def _read(**changes: Any) -> Any:
    return read_replies([{"recipient_id": "s", "custom": example("answer") | changes}])[0]


@pytest.mark.parametrize("kind", ["answer", "choices", "abstain", "urgent", "prompt", "notice"])
def test_reads_the_example_of_each_kind(kind: str) -> None:
    reply = read_replies([{"recipient_id": "s", "custom": example(kind)}])[0]
    assert reply.kind == Kind(kind)
    # All that the example says is read, and nothing else is made up.
    assert reply.model_dump(mode="json") == example(kind)


def test_examples_have_one_file_a_kind() -> None:
    assert {path.stem for path in WIRE.glob("*.json")} <= {kind.value for kind in Kind}


def test_ignores_keys_that_it_does_not_know() -> None:
    assert _read(colour="green").entry_id == "how-big-is-the-backlog"


def test_only_three_keys_are_needed() -> None:
    least = {"kind": "booking", "language": "zh-Hant", "text": "好"}
    assert read_replies([{"custom": least}])[0].buttons == []


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "joke"},
        {"kind": None},
        {"text": " \n "},
        {"language": "<b>"},
        {"score": float("nan")},
        {"translation": "perhaps"},
        {"choices": [{"entry_id": 'x"}', "title": "x"}]},
        {"buttons": [{"title": "x", "payload": "restart"}]},
        {"text": "half a letter \ud800"},
    ],
)
def test_refuses_what_is_not_the_wire(changes: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        _read(**changes)


@pytest.mark.parametrize("body", [None, {}, "x", [1], [{"text": "hi"}], [{"custom": None}]])
def test_refuses_other_shapes(body: object) -> None:
    with pytest.raises(WireError):
        read_replies(body)


def test_error_names_the_field_and_not_its_content() -> None:
    with pytest.raises(WireError, match=r"enum at 0\.custom\.kind") as raised:
        _read(kind="A-Number 123456789")
    assert "123456789" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x.org", 7, None])
def test_only_web_addresses_become_links(url: object) -> None:
    reply = _read(sources=[{"title": "t", "publisher": "p", "date": "d", "url": url}])
    assert reply.sources[0].url is None
