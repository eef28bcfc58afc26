"""The layer of a model that trains with center loss."""

from typing import Any

from ..keras_internals import all_layers
from ..layer import CenterLossLayer


def center_loss_layer_of(model: Any) -> CenterLossLayer:
    """The `CenterLossLayer` of a model, attached, written by hand or loaded, or of a model nested in it.

    Args:
        model: A `keras.Model` of any kind.

    Raises:
        ValueError: unless there is exactly one.
    """
    return only_center_loss_layer(model, 'center_loss_layer_of')


def only_center_loss_layer(model: Any, where: str) -> CenterLossLayer:
    """The same for a function of another name."""
    found = {id(layer): layer for layer in all_layers(model) if isinstance(layer, CenterLossLayer)}
    if len(found) != 1:
        others = [layer.name for layer in found.values()] or [layer.name for layer in model.layers]
        raise ValueError(f'{where}: expected a model with one CenterLossLayer, but got the layers {others!r:.200}.')
    return next(iter(found.values()))
