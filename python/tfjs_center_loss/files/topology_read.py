"""A saved graph of layers, the `modelTopology` of a model.json, to a Keras model."""

from typing import Any

import keras
from keras import layers

from .layers import layer_to_keras
from .saved import CONTAINERS, class_and_config, naming, plain
from .weight_limit import WeightLimit

Saved = dict[str, Any]

_RECURRENT = (layers.RNN, layers.Bidirectional)
_DTYPES = ('float32', 'int32', 'bool')


def model_to_keras(class_name: str, config: Saved, limit: WeightLimit) -> Any:
    """A new model of Keras, weights and all, of what a file says of it; `limit` counts the weights."""
    if class_name not in CONTAINERS:
        raise ValueError(f'expected one of the classes {CONTAINERS}, but got {class_name!r}')
    with naming(class_name, config.get('name')):
        return _sequential(config, limit) if class_name == 'Sequential' else _functional(config, limit)


def _layer(class_name: str, config: Saved, limit: WeightLimit) -> Any:
    def container_to_keras(class_name: str, config: Saved) -> Any:
        return model_to_keras(class_name, config, limit)

    if class_name in CONTAINERS:
        return container_to_keras(class_name, config)
    with naming(class_name, config.get('name')):
        layer = layer_to_keras(class_name, config, container_to_keras)
    limit.limit(layer)
    return layer


def _input(config: Saved) -> Any:
    shape = plain(config.get('batch_input_shape'))
    if not isinstance(shape, list) or not all(size is None or (type(size) is int and size >= 0) for size in shape):
        raise ValueError(f'expected a batch_input_shape of whole numbers and null, but got {shape!r:.100}')
    dtype = config.get('dtype') or 'float32'
    if dtype not in _DTYPES or config.get('sparse'):
        raise ValueError(f'expected an input of {" or ".join(_DTYPES)}, not sparse, but got {dtype!r:.100}')
    return keras.Input(batch_shape=shape, dtype=dtype, name=plain(config.get('name')))


def _sequential(config: Saved, limit: WeightLimit) -> Any:
    saved = [class_and_config(one) for one in _list(config, 'layers')]
    if not saved:
        raise ValueError('expected layers, but got none')
    stack: list[Any] = []
    class_name, first = saved[0]
    if class_name == 'InputLayer':
        stack.append(_input(first))
        saved = saved[1:]
    elif class_name not in CONTAINERS:
        stack.append(_input({**first, 'name': f'{first.get("name")}_input'}))
    stack += [_layer(class_name, config, limit) for class_name, config in saved]
    return keras.Sequential(stack, name=plain(config.get('name')))


def _functional(config: Saved, limit: WeightLimit) -> Any:
    tensors: dict[Any, Any] = {}  # by layer, call and output
    waiting: list[Any] = []  # calls, in the order in which each layer is called
    for saved in _list(config, 'layers'):
        class_name, arguments = class_and_config(saved)
        name = plain(arguments.get('name'))
        if class_name == 'InputLayer':
            with naming(class_name, name):
                tensors[name, 0, 0] = _input(arguments)
            continue
        layer = _layer(class_name, arguments, limit)
        # A model within a model has had its first call when it was made.
        first_call = 1 if class_name in CONTAINERS else 0
        for call, inputs in enumerate(_list(saved, 'inbound_nodes'), first_call):
            waiting.append((layer, name, call, [_tensor_key(key, name) for key in inputs]))

    while waiting:
        later = []
        for layer, name, call, keys in waiting:
            if not all(key in tensors for key in keys):
                later.append((layer, name, call, keys))
                continue
            with naming(type(layer).__name__, name):
                outputs = _call(layer, [tensors[key] for key in keys])
            tensors |= {(name, call, i): output for i, output in enumerate(outputs)}
        if len(later) == len(waiting):
            raise ValueError(f'the inputs of the layers {sorted({name for _, name, _, _ in later})} come from nowhere')
        waiting = later

    inputs, outputs = (
        [_tensor(tensors, _tensor_key(key, side)) for key in _list(config, side)]
        for side in ('input_layers', 'output_layers')
    )
    one_output = outputs[0] if len(outputs) == 1 else outputs
    return keras.Model(inputs[0] if len(inputs) == 1 else inputs, one_output, name=plain(config.get('name')))


def _call(layer: Any, inputs: list[Any]) -> list[Any]:
    if len(inputs) > 1 and isinstance(layer, _RECURRENT):
        outputs = layer(inputs[0], initial_state=inputs[1:])
    else:
        outputs = layer(inputs[0] if len(inputs) == 1 else inputs)
    return outputs if isinstance(outputs, (list, tuple)) else [outputs]


def _tensor_key(saved: Any, of: Any) -> tuple[str, int, int]:
    """`(layer, call, output)` of a saved `[layer, call, output]`, which may have arguments of the call behind it."""
    saved, arguments = (saved[:3], saved[3:]) if isinstance(saved, list) else (None, None)
    if not saved or [type(part) for part in saved] != [str, int, int]:
        raise ValueError(f'{of}: expected a layer, its call and its output, but got {saved!r:.100}')
    if arguments and arguments != [{}]:
        raise ValueError(f'{of}: is called with {arguments!r:.100}, which cannot be carried over')
    return tuple(saved)


def _tensor(tensors: dict[Any, Any], key: Any) -> Any:
    if key not in tensors:
        raise ValueError(f'there is no output {key}')
    return tensors[key]


def _list(config: Saved, name: str) -> list[Any]:
    value = config.get(name)
    if not isinstance(value, list):
        raise ValueError(f'expected {name} to be a list, but got {value!r:.100}')
    return value
