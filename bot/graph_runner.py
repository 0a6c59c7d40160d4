"""Runs Rasa's graph in an order that is worked out once.

Rasa lets Dask plan the graph again at every run, and a turn runs it three times
(docs/decisions/0005-dialogue.md). The nodes and what they get stay the same.
"""

from __future__ import annotations

from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Any, Dict, List, Optional, Tuple

from rasa.core import processor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

from bot import rasa_version

rasa_version.require("bot/graph_runner.py", "DaskGraphRunner.run")


class SequentialGraphRunner(DaskGraphRunner):
    """Calls the nodes that the targets need, one after the other."""

    def run(
        self,
        inputs: Optional[Dict[str, Any]] = None,
        targets: Optional[List[str]] = None,
    ) -> Dict[str, Any]:
        """Return the output of each target.

        Raises:
            GraphRunError: a node failed, or an input has the name of a node.
        """
        wanted = tuple(targets or self._graph_schema.target_names)
        results: Dict[str, Tuple[str, Any]] = {}
        for name, value in (inputs or {}).items():
            if isinstance(value, str) and value in self._graph_schema.nodes:
                raise GraphRunError(f"The input `{value}` has the name of a node.")
            results[name] = (name, value)
        try:
            for name, needs in self._steps(wanted):
                results[name] = self._instantiated_nodes[name](*(results[need] for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(results[name] for name in wanted)

    @lru_cache(maxsize=8)  # noqa: B019 - one runner a loaded model
    def _steps(self, targets: Tuple[str, ...]) -> List[Tuple[str, Tuple[str, ...]]]:
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        order = TopologicalSorter(needs).static_order()
        return [(name, needs[name]) for name in order if name in needs]


def install() -> str:
    """Put this runner in the place of Rasa's, and return the name of what was replaced."""
    processor.DaskGraphRunner = SequentialGraphRunner
    return "rasa.core.processor.DaskGraphRunner"
