"""Where in a model, and in models within it, the features are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras

from ..keras_internals import node_of
from .graph import call_again, is_nested, nodes_before, rebuild


@dataclass(frozen=True)
class Place:
    """A tensor in the graph of a model, or of one nested in it.

    Args:
        tensor: The tensor.
        path: The calls of nested models that lead to it, the outermost first.
    """

    tensor: Any
    path: tuple[Any, ...]


def find_features(model: Any, feature_layer: Any, where: str) -> Place:
    """The output of a layer, by its name, or by the layer or the tensor itself.

    Raises:
        ValueError: unless there is exactly one such tensor in the model.
    """
    found = _places(model, feature_layer)
    if len(found) != 1:
        names = [node.operation.name for node in nodes_before(model.outputs)]
        much = 'none' if not found else f'{len(found)} (give the symbolic tensor of one)'
        raise ValueError(
            f'{where}: expected feature_layer to be a layer with one output in {model.name!r}, its name or its output, '
            f'but got {feature_layer!r:.100}, of which there is {much} among {names!r:.300}.'
        )
    return found[0]


def _places(model: Any, wanted: Any) -> list[Place]:
    places: list[Place] = []
    for node in nodes_before(model.outputs):
        if isinstance(wanted, keras.KerasTensor):
            places += [Place(tensor, ()) for tensor in node.outputs if tensor is wanted]
        elif node.operation is wanted or node.operation.name == wanted:
            places += [Place(tensor, ()) for tensor in node.outputs]
            continue
        if is_nested(node):
            places += [Place(place.tensor, (node, *place.path)) for place in _places(node.operation, wanted)]
    return places


def with_features(node: Any, place: Place) -> tuple[Any, int]:
    """Of the call of a nested model that has the features in it: a model of the same layers that gives them as well.

    Returns:
        The model, and which of its outputs the features are.
    """
    nested = node.operation
    outputs = list(nested.outputs)
    if place.path:
        inner, index = with_features(place.path[0], Place(place.tensor, place.path[1:]))
        return _with_inner_features(nested, place.path[0], inner, index)
    given = [i for i, output in enumerate(outputs) if output is place.tensor]
    if given:
        return nested, given[0]
    return keras.Model(nested.inputs, [*outputs, place.tensor], name=nested.name), len(outputs)


def _with_inner_features(nested: Any, node: Any, inner: Any, index: int) -> tuple[Any, int]:
    features: list[Any] = []

    def call(now: Any) -> list[Any]:
        outputs = call_again(node, inner, [now(tensor) for tensor in node.input_tensors])
        features.append(outputs[index])
        return outputs[: len(node.outputs)]

    outputs = rebuild(list(nested.outputs), {id(node): call})
    return keras.Model(nested.inputs, [*outputs, features[0]], name=nested.name), len(outputs)


def producer_of(place: Place) -> Any:
    """The call, in the outermost graph, that the features come from."""
    return place.path[0] if place.path else node_of(place.tensor)
