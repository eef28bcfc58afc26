"""A Keras model to a graph of layers as TensorFlow.js saves it, the `modelTopology` of a model.json."""

import inspect
import re
from typing import Any

import keras

from ..layer import CenterLossLayer
from .composed import arithmetic_to_tfjs, composed_to_tfjs, is_in_parts
from .layers import layer_to_tfjs
from .saved import naming

Saved = dict[str, Any]
Tensor = tuple[str, int, int]
"""A layer, its call and its output."""

_DTYPES = {'bool': 'bool', 'float': 'float32', 'bfloat': 'float32', 'int': 'int32', 'uint': 'int32'}
_NO_SIZE = 'TensorFlow.js takes no input without a size a sample, but for labels of center loss; make it of shape (1,)'


def model_to_tfjs(model: Any) -> Saved:
    """`{class_name, config}` of a functional or sequential model of Keras."""
    with naming(type(model).__name__, model.name):
        if isinstance(model, keras.Sequential):
            return {'class_name': 'Sequential', 'config': _sequential(model)}
        if isinstance(model, keras.Function):
            return {'class_name': 'Model', 'config': _functional(model)}
        raise ValueError('expected a functional or sequential model, but this one is a class of its own')


def _layer(layer: Any) -> Saved:
    if not re.fullmatch(r'[A-Za-z0-9][-A-Za-z0-9._/]*', layer.name):
        raise ValueError(f'TensorFlow.js takes no layer named {layer.name!r}, only letters, digits, and -._ behind one')
    if isinstance(layer, keras.Model):
        return model_to_tfjs(layer)
    with naming(type(layer).__name__, layer.name):
        if isinstance(layer, keras.layers.InputLayer):
            if getattr(layer, 'optional', False) or layer.sparse:
                raise ValueError('TensorFlow.js has no optional and no sparse inputs')
            config = {'name': layer.name, **_input(layer.batch_shape, layer.dtype)}
            return {'class_name': 'InputLayer', 'config': config}
        return composed_to_tfjs(layer, model_to_tfjs) or layer_to_tfjs(layer, model_to_tfjs)


def _input(shape: Any, dtype: str) -> Saved:
    kind = dtype.rstrip('0123456789')
    if kind not in _DTYPES:
        raise ValueError(f'TensorFlow.js has no input of dtype {dtype}')
    # Without a size a sample, it could not be given to `fit` and `predict`, which always add one.
    shape = [*shape, 1] if len(shape) == 1 else list(shape)
    return {'batch_input_shape': shape, 'dtype': _DTYPES[kind]}


def _sequential(model: Any) -> Saved:
    if not model.built:
        raise ValueError('is not built: give it an Input, or call it')
    saved = [_layer(layer) for layer in model.layers]
    if not isinstance(model.layers[0], keras.Model):
        if len(model.input_shape) == 1:
            raise ValueError(_NO_SIZE)
        saved[0]['config'] |= _input(model.input_shape, model.inputs[0].dtype)
    return {'name': model.name, 'layers': saved}


def _functional(model: Any) -> Saved:
    config = model.get_config()
    described = {one['name']: one for one in config['layers']}
    layers = {layer.name: layer for layer in model.layers}
    graph = _Graph(layers, described)
    outputs = [_counted_from_0(layers, *output) for output in _tensors(config['output_layers'])]
    used = graph.behind(outputs) | {name for name, _, _ in _tensors(config['input_layers'])}
    saved = []
    # What is not behind the outputs computes masks, which TensorFlow.js does by itself.
    for name in described:
        if name not in used:
            continue
        if name not in layers:
            saved.append(graph.operation_to_tfjs(name))
            continue
        layer = layers[name]
        if isinstance(layer, keras.layers.InputLayer) and len(layer.batch_shape) == 1 and not graph.are_labels(name):
            raise ValueError(f'InputLayer {name!r}: {_NO_SIZE}')
        saved.append({'name': name, **_layer(layer), 'inbound_nodes': graph.calls_to_tfjs(name)})
    return {
        'name': model.name,
        'layers': saved,
        'input_layers': graph.to_tfjs(_tensors(config['input_layers'])),
        'output_layers': graph.to_tfjs(outputs),
    }


def _counted_from_0(layers: dict[str, Any], name: str, call: int, output: int) -> Tensor:
    """Of the outputs alone, Keras counts the calls of a functional model within the model from 1."""
    return name, call - (1 if isinstance(layers.get(name), keras.Function) else 0), output


class _Graph:
    """The calls of the layers of a functional model, as its configuration describes them.

    Args:
        layers: The layers, by name.
        described: What the configuration says, by name, of the layers and of other operations.
    """

    def __init__(self, layers: dict[str, Any], described: dict[str, Saved]) -> None:
        self.layers = layers
        self.described = described
        makers = [layer for layer in layers.values() if _makes_masks(layer)]
        self.masked = {tensor for layer in makers for call in self._calls(layer.name) for tensor in self._inputs(call)}

    def behind(self, tensors: list[Tensor]) -> set[str]:
        """The names of all layers and operations that the tensors are computed from."""
        names, pending = set(), list(tensors)
        while pending:
            name, _, _ = pending.pop()
            if name not in names:
                names.add(name)
                pending += [tensor for call in self._calls(name) for tensor in self._inputs(call)]
        return names

    def are_labels(self, name: str) -> bool:
        """Whether an input goes to center loss alone, which takes labels with an axis of 1 as it takes them without."""
        users = [user for user in self.described for call in self._calls(user) if (name, 0, 0) in self._inputs(call)]
        return all(isinstance(self.layers.get(user), (CenterLossLayer, keras.Function)) for user in users)

    def calls_to_tfjs(self, name: str) -> list[Any]:
        """The calls of a layer, each a list of `[layer, call, output, arguments]` of its inputs."""
        layer = self.layers[name]
        with naming(type(layer).__name__, name):
            calls = self._calls(name)
            for call in calls:
                self._check_arguments(layer, call)
            return [[[*tensor, {}] for tensor in self.to_tfjs(self._inputs(call))] for call in calls]

    def operation_to_tfjs(self, name: str) -> Saved:
        """An operation outside of layers, where there is a layer for it."""
        class_name, [call] = self.described[name]['class_name'], self._calls(name)
        operands = [*call['args'], *call['kwargs'].values()]
        inputs = _tensors(operands)
        saved = arithmetic_to_tfjs(class_name, name, operands)
        if saved is None:
            raise ValueError(f'the operation {name!r} ({class_name}) is no layer; TensorFlow.js has only those')
        return {'name': name, **saved, 'inbound_nodes': [[[*tensor, {}] for tensor in self.to_tfjs(inputs)]]}

    def to_tfjs(self, tensors: list[Tensor]) -> list[list[Any]]:
        """In TensorFlow.js a model within a model has had a call of its own before those in the graph."""
        return [[name, call + self._calls_before(name), output] for name, call, output in tensors]

    def _calls_before(self, name: str) -> int:
        layer = self.layers.get(name)
        return 1 if isinstance(layer, keras.Model) or is_in_parts(layer) else 0

    def _calls(self, name: str) -> list[Saved]:
        return self.described[name]['inbound_nodes']

    def _inputs(self, call: Saved) -> list[Tensor]:
        """The tensors that a call takes, with the initial state of a recurrent layer."""
        return _tensors([call['args'], call['kwargs'].get('initial_state')])

    def _check_arguments(self, layer: Any, call: Saved) -> None:
        defaults = inspect.signature(layer.call).parameters
        more = {**dict(enumerate(call['args'][1:], 1)), **call['kwargs']}
        for name, value in more.items():
            if name == 'mask':
                if not self._is_automatic(_tensors(value)):
                    raise ValueError('is called with a mask; TensorFlow.js has only those of Masking and Embedding')
            elif name != 'initial_state' and value is not None:
                parameter = defaults.get(name)
                if parameter is None or value != parameter.default:
                    raise ValueError(f'is called with {name}={value!r:.60}, which TensorFlow.js does not save')

    def _is_automatic(self, masks: list[Tensor]) -> bool:
        """Whether masks are what Keras itself makes of the inputs of Masking and Embedding layers."""
        for tensor in masks:
            name, _, _ = tensor
            if name in self.layers:
                if tensor not in self.masked:
                    return False
            elif not self._is_automatic(_tensors([[call['args'], call['kwargs']] for call in self._calls(name)])):
                return False
        return True


def _makes_masks(layer: Any) -> bool:
    return isinstance(layer, keras.layers.Masking) or getattr(layer, 'mask_zero', False)


def _tensors(described: Any) -> list[Tensor]:
    """All `(layer, call, output)` in what a configuration says of inputs, outputs or arguments."""
    if isinstance(described, dict):
        if described.get('class_name') == '__keras_tensor__':
            return [tuple(described['config']['keras_history'])]
        return [tensor for key in sorted(described) for tensor in _tensors(described[key])]
    if isinstance(described, (list, tuple)):
        if len(described) == 3 and [type(part) for part in described] == [str, int, int]:
            return [tuple(described)]
        return [tensor for one in described for tensor in _tensors(one)]
    return []
