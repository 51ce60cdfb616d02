"""The plain loop against dask: the same graphs give the same, node by node, and each node runs once."""

from collections import Counter
from typing import Any

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from components import graph_runner

RASAS_RUN = DaskGraphRunner.run
DIAMOND = {"start": ["message"], "left": ["start"], "right": ["start", "tracker"], "end": ["left", "right"]}
GIVEN = {"message": ["words"], "tracker": 7}


class Runner(DaskGraphRunner):
    """A runner over nodes that write down their name and what they were given."""

    def __init__(self, graph: dict[str, list[str]]) -> None:
        self.runs: Counter[str] = Counter()
        schema = {name: _schema_node(needs) for name, needs in graph.items()}
        self._graph_schema = GraphSchema(schema)
        self._instantiated_nodes: Any = {name: self._node(name) for name in graph}
        self._execution_context: Any = None

    def _node(self, name: str) -> Any:
        def node(*given: Any) -> tuple[str, Any]:
            self.runs[name] += 1
            if name == "broken":
                raise RuntimeError(name)
            return name, (name, given)

        return node


def _schema_node(needs: list[str]) -> SchemaNode:
    named = {need: need for need in needs}
    return SchemaNode(needs=named, uses=object, fn="", constructor_name="", config={}, is_target=not needs)


@pytest.mark.parametrize("targets", [["end"], ["left"], ["right", "left"], ["start", "end"]])
@pytest.mark.parametrize("given", [GIVEN, {"message": ["words"]}])
def test_the_same_as_dask(targets: list[str], given: dict[str, Any]) -> None:
    plain, dask = Runner(DIAMOND), Runner(DIAMOND)
    for _ in range(2):
        assert graph_runner._run(plain, given, targets) == RASAS_RUN(dask, given, targets)
    assert plain.runs == dask.runs


def test_each_node_runs_once() -> None:
    runner = Runner(DIAMOND)
    graph_runner._run(runner, GIVEN, ["end"])
    assert runner.runs == Counter(DIAMOND.keys())


def test_without_targets_those_of_the_graph() -> None:
    graph = {"a": [], "b": []}
    assert graph_runner._run(Runner(graph)) == RASAS_RUN(Runner(graph)) == {"a": ("a", ()), "b": ("b", ())}


@pytest.mark.parametrize("run", [RASAS_RUN, graph_runner._run])
def test_a_runtime_error_is_one_of_the_graph(run: Any) -> None:
    with pytest.raises(GraphRunError):
        run(Runner({"broken": []}), {}, ["broken"])


def test_the_patch_is_put_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DaskGraphRunner, "run", RASAS_RUN)
    graph_runner.patch_rasa()
    assert DaskGraphRunner.run is graph_runner._run
