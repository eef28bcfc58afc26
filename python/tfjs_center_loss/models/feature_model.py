"""A model that gives the features of a model that trains with center loss."""

from __future__ import annotations

from typing import Any

from ..layer import CenterLossLayer
from .center_loss_layer_of import only_center_loss_layer
from .graph import call_again, check_functional, is_nested, model_of, nodes_before, structures_of, without


def feature_model(model: Any) -> Any:
    """The features of a model trained with center loss.

    Args:
        model: A functional model with one `CenterLossLayer`, which may be in a nested model.

    Returns:
        A `keras.Model` from those inputs that the features depend on, without the labels, to what the layer gets as
        features. It has the same weights and is not compiled.

    Raises:
        ValueError: if the model is not functional, or has not exactly one such layer, in one place.
    """
    where = 'feature_model'
    check_functional(model, where)
    name = only_center_loss_layer(model, where).name
    paths = _paths(model)
    if len(paths) != 1:
        raise ValueError(
            f'{where}: expected the CenterLossLayer {name!r} to stand in one place, but it stands in {len(paths)}.'
        )
    return _features(model, paths[0], f'{model.name}_features')


def _paths(model: Any) -> list[list[Any]]:
    """The calls of the layer, each behind the calls of the nested models that it is in."""
    paths: list[list[Any]] = []
    for node in nodes_before(model.outputs):
        if isinstance(node.operation, CenterLossLayer):
            paths.append([node])
        elif is_nested(node):
            paths += [[node, *path] for path in _paths(node.operation)]
    return paths


def _features(model: Any, path: list[Any], name: str) -> Any:
    node, *rest = path
    if rest:
        inner = _features(node.operation, rest, node.operation.name)
        kept = {id(tensor) for tensor in inner.inputs}
        pairs = zip(node.operation.inputs, node.input_tensors, strict=True)
        [features] = call_again(node, inner, [given for own, given in pairs if id(own) in kept])
    else:
        features = node.input_tensors[0]
    needed = {id(tensor) for one in nodes_before([features]) for tensor in one.outputs}
    return model_of(without(structures_of(model)[0], lambda tensor: id(tensor) in needed), features, name)
