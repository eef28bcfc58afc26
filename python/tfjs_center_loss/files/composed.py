"""What Keras has in one piece and TensorFlow.js can express by other layers, or by several.

Several become a model in the model, of the name of what they stand for, so that nothing else of the graph changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

from .layers import layer_to_tfjs

Saved = dict[str, Any]

_MAY_END_IN_ACTIVATION = (
    layers.Activation,
    layers.Dense,
    layers.Conv1D,
    layers.Conv2D,
    layers.Conv3D,
    layers.Conv2DTranspose,
    layers.Conv3DTranspose,
    layers.DepthwiseConv2D,
    layers.SeparableConv2D,
)


def composed_to_tfjs(layer: Any, container_to_tfjs: Callable[[Any], Saved]) -> Saved | None:
    """`{class_name, config}` of a layer that TensorFlow.js has under another name or in parts; `None` of any other."""
    if type(layer) is layers.Normalization:
        return _normalization(layer)
    if _is_hard(layer):
        return _with_hard_activation(layer, container_to_tfjs)
    if _keeps_dims(layer):
        return _global_pooling(layer, container_to_tfjs)
    if type(layer) is CustomScaleLayer:
        return _scaled_sum(layer)
    return None


def is_in_parts(layer: Any) -> bool:
    """Whether a layer is saved as a model of several."""
    return _is_hard(layer) or _keeps_dims(layer) or type(layer) is CustomScaleLayer


def arithmetic_to_tfjs(class_name: str, name: str, operands: list[Any]) -> Saved | None:
    """`{class_name, config}` of an operation with a tensor and a number; `None` of any other.

    Args:
        class_name: What Keras calls the operation.
        name: Its name in the graph.
        operands: Two, of which one is a number.
    """
    numbers = [isinstance(operand, (int, float)) for operand in operands]
    if len(operands) != 2 or numbers.count(True) != 1:
        return None
    number = float(operands[numbers.index(True)])
    number_first = numbers[0]
    forms = {
        'Add': (1.0, number),
        'Subtract': (-1.0, number) if number_first else (1.0, -number),
        'Multiply': (number, 0.0),
    }
    if class_name in ('Divide', 'TrueDivide') and not number_first and number != 0:
        forms[class_name] = (1 / number, 0.0)
    return _rescaling(name, *forms[class_name]) if class_name in forms else None


def _normalization(layer: Any) -> Saved:
    if layer.invert:
        raise ValueError('TensorFlow.js has no Normalization with invert=True')
    if layer.mean is None:
        raise ValueError('has no mean yet: adapt it, or call it')
    mean, variance = (np.ravel(keras.ops.convert_to_numpy(value)) for value in (layer.mean, layer.variance))
    rank = len(layer.input.shape)
    if layer.axis not in ((), (-1,), (rank - 1,)):
        raise ValueError(f'TensorFlow.js has no Normalization with axis={layer.axis!r}, only of the last one, or None')
    scale = 1 / np.maximum(np.sqrt(variance.astype('float64')), keras.config.epsilon())
    offset = -mean * scale
    if len(mean) == 1:
        return _rescaling(layer.name, float(scale[0]), float(offset[0]))
    return _rescaling(layer.name, scale.tolist(), offset.tolist())


def _hard_activation(layer: Any) -> str | None:
    names = {keras.activations.hard_silu: 'hard_silu', keras.activations.hard_sigmoid: 'hard_sigmoid'}
    return names.get(getattr(layer, 'activation', None))


def _is_hard(layer: Any) -> bool:
    return type(layer) in _MAY_END_IN_ACTIVATION and _hard_activation(layer) is not None


def _with_hard_activation(layer: Any, container_to_tfjs: Callable[[Any], Saved]) -> Saved:
    """`relu6(x + 3) / 6`, and x times that."""
    parts = _Parts(layer)
    [x] = parts.inputs
    if not isinstance(layer, layers.Activation):
        described = {**layer.get_config(), 'activation': 'linear'}
        x = parts.add(layer_to_tfjs(layer, container_to_tfjs, described), [x])
    shifted = parts.add(_rescaling(f'{layer.name}_shift', 1.0, 3.0), [x])
    clipped = parts.add(_saved('ReLU', f'{layer.name}_clip', max_value=6.0), [shifted])
    gate = parts.add(_rescaling(f'{layer.name}_gate', 1 / 6, 0.0), [clipped])
    if _hard_activation(layer) == 'hard_silu':
        gate = parts.add(_saved('Multiply', f'{layer.name}_product'), [x, gate])
    return parts.to_tfjs(gate)


def _keeps_dims(layer: Any) -> bool:
    return type(layer) in (layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D) and layer.keepdims


def _global_pooling(layer: Any, container_to_tfjs: Callable[[Any], Saved]) -> Saved:
    parts = _Parts(layer)
    pooled = layer_to_tfjs(layer, container_to_tfjs, {**layer.get_config(), 'keepdims': False})
    pooled['config']['name'] = f'{layer.name}_pool'
    shape = _saved('Reshape', f'{layer.name}_keep', target_shape=list(layer.output.shape[1:]))
    return parts.to_tfjs(parts.add(shape, [parts.add(pooled, parts.inputs)]))


def _scaled_sum(layer: Any) -> Saved:
    """The first input and a share of the second, in InceptionResNetV2."""
    parts = _Parts(layer)
    first, second = parts.inputs
    share = parts.add(_rescaling(f'{layer.name}_share', float(layer.scale), 0.0), [second])
    return parts.to_tfjs(parts.add(_saved('Add', f'{layer.name}_sum'), [first, share]))


def _rescaling(name: str, scale: Any, offset: Any) -> Saved:
    return _saved('Rescaling', name, scale=scale, offset=offset)


def _saved(class_name: str, name: str, **config: Any) -> Saved:
    return {'class_name': class_name, 'config': {'name': name, 'trainable': True, **config}}


class _Parts:
    """A model of the parts of a layer, which it is to have the name of."""

    def __init__(self, layer: Any) -> None:
        self._name = layer.name
        self._layers: list[Saved] = []
        self.inputs: list[str] = []
        for number, tensor in enumerate(keras.tree.flatten(layer.input)):
            name = f'{layer.name}_input_{number}'
            config = {'name': name, 'batch_input_shape': list(tensor.shape), 'dtype': 'float32'}
            self._layers.append({'name': name, 'class_name': 'InputLayer', 'config': config, 'inbound_nodes': []})
            self.inputs.append(name)

    def add(self, saved: Saved, inputs: list[str]) -> str:
        """One more layer on others; gives its name."""
        name = saved['config']['name']
        inbound = [[[one, 0, 0, {}] for one in inputs]]
        self._layers.append({'name': name, **saved, 'inbound_nodes': inbound})
        return name

    def to_tfjs(self, output: str) -> Saved:
        config = {
            'name': self._name,
            'layers': self._layers,
            'input_layers': [[name, 0, 0] for name in self.inputs],
            'output_layers': [[output, 0, 0]],
        }
        return {'class_name': 'Model', 'config': config}
