"""bot/graph_runner.py: the same results as Rasa's runner, in an order worked out once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.graph_runner import SequentialGraphRunner, install

pytestmark = pytest.mark.rasa


class Doubles(GraphComponent):
    """A node that counts its calls."""

    calls = 0

    @classmethod
    def create(cls, *_: Any, **__: Any) -> Doubles:
        return cls()

    def double(self, number: int) -> int:
        type(self).calls += 1
        return number * 2

    def add(self, one: int, other: int) -> int:
        return one + other

    def fail(self, number: int) -> int:
        raise RuntimeError(str(number))


def node(fn: str, **needs: str) -> SchemaNode:
    return SchemaNode(needs=needs, uses=Doubles, fn=fn, constructor_name="create", config={})


SCHEMA = GraphSchema(
    {
        "sum": node("add", one="twice", other="four_times"),
        "four_times": node("double", number="twice"),
        "twice": node("double", number="__number__"),
        "unneeded": node("fail", number="__number__"),
    }
)


def runner(kind: type[DaskGraphRunner], storage: Path) -> DaskGraphRunner:
    context = ExecutionContext(SCHEMA)
    return kind.create(SCHEMA, LocalModelStorage(storage), context)


@pytest.mark.parametrize("targets", [["sum"], ["four_times", "sum"], ["twice"]])
def test_it_gives_what_dask_gives(tmp_path: Path, targets: list[str]) -> None:
    inputs = {"__number__": 5}
    ours, dasks = (
        runner(kind, tmp_path).run(inputs=inputs, targets=targets)
        for kind in (SequentialGraphRunner, DaskGraphRunner)
    )
    assert ours == dasks
    assert set(ours) == {*targets}


def test_a_node_runs_once(tmp_path: Path) -> None:
    sequential = runner(SequentialGraphRunner, tmp_path)
    Doubles.calls = 0
    for number in (1, 2, 3):
        result = sequential.run(inputs={"__number__": number}, targets=["sum"])
        assert result == {"sum": number * 6}
    assert Doubles.calls == 6


@pytest.mark.parametrize("kind", [SequentialGraphRunner, DaskGraphRunner])
def test_a_failing_node_is_said_to_have_failed(tmp_path: Path, kind: type[DaskGraphRunner]) -> None:
    with pytest.raises(GraphComponentException, match="unneeded"):
        runner(kind, tmp_path).run({"__number__": 1}, targets=["unneeded"])


def test_an_input_with_the_name_of_a_node_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GraphRunError, match="twice"):
        runner(SequentialGraphRunner, tmp_path).run({"__number__": "twice"}, targets=["sum"])


def test_it_is_installed_with_the_channel() -> None:
    from rasa.core import processor

    import bot.channel  # noqa: F401

    assert processor.DaskGraphRunner is SequentialGraphRunner
    assert install() == "rasa.core.processor.DaskGraphRunner"
