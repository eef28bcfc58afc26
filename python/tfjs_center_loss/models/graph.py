"""Graphs of layers: what they consist of, and one in which something stands in another's place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import keras

from ..keras_internals import node_of
from ..layer import CenterLossLayer

Substitutes = dict[int, Callable[[Callable[[Any], Any]], list[Any]]]
"""By the identity of a call of a layer: what gives the tensors to take instead of its outputs.

It gets a function that gives what now stands for a tensor of the old graph.
"""


def check_functional(model: Any, where: str) -> None:
    """Refuses what is no graph of layers.

    Raises:
        ValueError: unless `model` is a functional model, or a sequential one that is built.
    """
    is_graph = isinstance(model, keras.Sequential) and model.built or isinstance(model, (keras.Model, keras.Function))
    if not (is_graph and getattr(model, 'inputs', None)):
        raise ValueError(
            f'{where}: expected a functional model, or a sequential one that is built, '
            f'but got {type(model).__name__} {getattr(model, "name", "")!r}.'
        )


def nodes_before(tensors: Iterable[Any]) -> list[Any]:
    """The calls of layers that tensors are computed by, each behind those that it needs."""
    nodes: list[Any] = []
    done: set[int] = set()
    pending = [(node_of(tensor), False) for tensor in tensors]
    while pending:
        node, its_inputs_are_there = pending.pop()
        if its_inputs_are_there:
            nodes.append(node)
        elif id(node) not in done:
            done.add(id(node))
            pending.append((node, True))
            pending += [(node_of(tensor), False) for tensor in node.input_tensors]
    return nodes


def rebuild(tensors: list[Any], substitutes: Substitutes) -> list[Any]:
    """What stands for tensors in a graph in which something is substituted.

    Layers between that and the tensors are called once more, with the arguments that they had. All else stays.
    """
    replaced: dict[int, Any] = {}

    def now(tensor: Any) -> Any:
        return replaced.get(id(tensor), tensor)

    for node in nodes_before(tensors):
        if id(node) in substitutes:
            outputs = substitutes[id(node)](now)
        elif any(id(tensor) in replaced for tensor in node.input_tensors):
            args, kwargs = keras.tree.map_structure(now, (node.arguments.args, node.arguments.kwargs))
            outputs = keras.tree.flatten(node.operation(*args, **kwargs))
        else:
            continue
        for old, new in zip(node.outputs, outputs, strict=True):
            if new is not old:
                replaced[id(old)] = new
    return [now(tensor) for tensor in tensors]


def call_again(node: Any, operation: Any, inputs: list[Any]) -> list[Any]:
    """The outputs of another model that is called as a model was, on other inputs."""
    kwargs = {
        name: value
        for name, value in node.arguments.kwargs.items()
        if name != 'mask' and not isinstance(value, keras.KerasTensor)
    }
    return keras.tree.flatten(operation(inputs[0] if len(inputs) == 1 else inputs, **kwargs))


def structures_of(model: Any) -> tuple[Any, Any]:
    """The inputs and outputs of a model as it was made with: single, in a list or in a dictionary."""
    if isinstance(model, keras.Sequential):
        return model.inputs, model.outputs
    return model.input, model.output


def model_of(inputs: Any, outputs: Any, name: str) -> Any:
    """A model whose inputs and outputs are single where there is one of them."""
    return keras.Model(_single(inputs), _single(outputs), name=name)


def without(inputs: Any, needed: Callable[[Any], bool]) -> Any:
    """The inputs that are needed, in a dictionary where they were in one."""
    if isinstance(inputs, dict):
        return {name: tensor for name, tensor in inputs.items() if needed(tensor)}
    return [tensor for tensor in keras.tree.flatten(inputs) if needed(tensor)]


def has_center_loss(model: Any) -> bool:
    """Whether a `CenterLossLayer` is in the graph of a model, or of a model within it."""
    return any(
        isinstance(node.operation, CenterLossLayer) or (is_nested(node) and has_center_loss(node.operation))
        for node in nodes_before(model.outputs)
    )


def is_nested(node: Any) -> bool:
    """Whether what is called is a model with a graph of its own."""
    return isinstance(node.operation, keras.Model) and bool(getattr(node.operation, 'inputs', None))


def _single(structure: Any) -> Any:
    return structure[0] if isinstance(structure, list) and len(structure) == 1 else structure
