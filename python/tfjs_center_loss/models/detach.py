"""The classifier of a model that trains with center loss."""

from __future__ import annotations

from typing import Any

import keras

from ..keras_internals import all_layers
from ..layer import CenterLossLayer
from .graph import (
    Substitutes,
    call_again,
    check_functional,
    has_center_loss,
    is_nested,
    model_of,
    nodes_before,
    rebuild,
    structures_of,
    without,
)


def detach_center_loss(model: Any) -> Any:
    """The classifier of a model trained with center loss.

    It has the same layers and weights without the `CenterLossLayer`s, and without the inputs that only they used;
    models nested in it likewise. It predicts what `model` predicts, and is not compiled.

    Args:
        model: A functional model: of `attach_center_loss`, written by hand, or loaded, whoever made it.

    Raises:
        ValueError: if the model is not functional, or has no `CenterLossLayer`.
    """
    where = 'detach_center_loss'
    check_functional(model, where)
    if not has_center_loss(model):
        names = [layer.name for layer in all_layers(model)]
        raise ValueError(f'{where}: expected a model with a CenterLossLayer, but got the layers {names!r:.200}.')
    return _detached(model, {})


def _detached(model: Any, known: dict[int, Any]) -> Any:
    """`known` are the nested models that are detached by now: one that is used twice stays one."""
    nodes = nodes_before(model.outputs)
    substitutes: Substitutes = {}
    for node in nodes:
        if isinstance(node.operation, CenterLossLayer):
            substitutes[id(node)] = _Passed(node)
        elif is_nested(node) and has_center_loss(node.operation):
            nested = node.operation
            if id(nested) not in known:
                known[id(nested)] = _detached(nested, known)
            substitutes[id(node)] = _Nested(node, known[id(nested)])
    outputs = rebuild(list(model.outputs), substitutes)
    needed = {id(tensor) for node in nodes_before(outputs) for tensor in node.outputs}
    inputs, output = structures_of(model)
    inputs = without(inputs, lambda tensor: id(tensor) in needed)
    return model_of(inputs, keras.tree.pack_sequence_as(output, outputs), model.name)


class _Passed:
    """What a layer passes on takes the place of its output."""

    def __init__(self, node: Any) -> None:
        inputs = node.input_tensors
        self.passed = inputs[2] if len(inputs) > 2 else inputs[0]

    def __call__(self, now: Any) -> list[Any]:
        return [now(self.passed)]


class _Nested:
    """A detached model takes the place of a nested one, and gets the inputs that it still has."""

    def __init__(self, node: Any, detached: Any) -> None:
        self.node = node
        self.detached = detached

    def __call__(self, now: Any) -> list[Any]:
        kept = {id(tensor) for tensor in self.detached.inputs}
        pairs = zip(self.node.operation.inputs, self.node.input_tensors, strict=True)
        return call_again(self.node, self.detached, [now(given) for own, given in pairs if id(own) in kept])
