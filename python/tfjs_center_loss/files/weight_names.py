"""How TensorFlow.js names the weights of a model: `<layer>/<weight>`, also of a layer in a model within the model."""

from collections.abc import Iterator
from typing import Any

import keras
from keras import layers


def weights_by_name(model: Any) -> dict[str, Any]:
    """The variables of a Keras model by the names that TensorFlow.js has for them, in the order of the layers."""
    named = {}
    for name, variable in _of_model(model):
        if name in named:
            raise ValueError(f'two weights are named {name!r}; TensorFlow.js tells weights apart by that alone')
        named[name] = variable
    return named


def _of_model(model: Any) -> Iterator[tuple[str, Any]]:
    for layer in model.layers:
        yield from _of_layer(layer, layer.name)


def _of_layer(layer: Any, scope: str) -> Iterator[tuple[str, Any]]:
    if isinstance(layer, layers.Normalization):
        # It is saved as a layer that has numbers and no weights.
        return
    if isinstance(layer, keras.Model):
        yield from _of_model(layer)
    elif isinstance(layer, layers.TimeDistributed):
        yield from _of_layer(layer.layer, scope)
    elif isinstance(layer, layers.Bidirectional):
        for side in (layer.forward_layer, layer.backward_layer):
            yield from _of_layer(side, f'{scope}/{side.name}')
    elif isinstance(layer, layers.RNN) and isinstance(layer.cell, layers.StackedRNNCells):
        for i, cell in enumerate(layer.cell.cells):
            yield from _of_layer(cell, f'{scope}/RNNCell_{i}')
    else:
        # In Keras the kernel of a depthwise convolution is a kernel like any other.
        names = {'kernel': 'depthwise_kernel'} if type(layer) is layers.DepthwiseConv2D else {}
        for variable in layer.weights:
            yield f'{scope}/{names.get(variable.name, variable.name)}', variable
