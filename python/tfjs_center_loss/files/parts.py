"""The arguments of layers that are objects themselves: activations, initializers, regularizers and constraints."""

from typing import Any

import keras
from keras import ops

from .saved import class_and_config, plain


@keras.saving.register_keras_serializable(package='tfjs_center_loss')
def hard_sigmoid(x: Any) -> Any:
    """clip(0.2 x + 0.5, 0, 1): the hard sigmoid of TensorFlow.js. The one of Keras 3 is another: relu6(x + 3) / 6."""
    return ops.clip(0.2 * x + 0.5, 0.0, 1.0)


_SAME_ACTIVATIONS = ['elu', 'gelu', 'linear', 'log_softmax', 'mish', 'relu', 'relu6', 'selu', 'sigmoid']
_SAME_ACTIVATIONS += ['softmax', 'softplus', 'softsign', 'tanh']
_ACTIVATIONS = {name: getattr(keras.activations, name) for name in _SAME_ACTIVATIONS}
_ACTIVATIONS |= {'swish': keras.activations.silu, 'hard_sigmoid': hard_sigmoid}


class _Family:
    """Classes that both sides have, by name, and the arguments that both know, with what TensorFlow.js calls them."""

    def __init__(self, namespace: Any, arguments: dict[str, str]) -> None:
        self.namespace = namespace.__name__
        self.classes = {name: getattr(namespace, name) for name in arguments}
        self.arguments = {name: shared.split() for name, shared in arguments.items()}

    def to_keras(self, value: Any) -> Any:
        """The object of a saved `{class_name, config}`."""
        if value is None:
            return None
        name, config = class_and_config(value)
        if name not in self.classes:
            raise ValueError(f'Keras has no {name!r} in {self.namespace} that is the same')
        shared = {key: plain(config[key]) for key in self.arguments[name] if key in config}
        return self.classes[name](**shared)

    def to_tfjs(self, value: Any) -> Any:
        """The `{class_name, config}` to save, of what an object of Keras says of itself."""
        if value is None:
            return None
        # A function has no module here, and may be of no class at all.
        name = value.get('class_name') if isinstance(value, dict) else value
        if name not in self.classes or value.get('module') != self.namespace:
            raise ValueError(f'TensorFlow.js has no {name} among its {self.namespace.removeprefix("keras.")}')
        config = value['config']
        # A seed that is an object of Keras means nothing elsewhere; it only matters to weights that are made anew.
        shared = {key: config[key] for key in self.arguments[name] if key in config}
        if isinstance(shared.get('seed'), dict):
            shared['seed'] = None
        return {'class_name': name, 'config': shared}


class _Initializers(_Family):
    """TensorFlow.js spells LeCun's name otherwise, and its normal distributions are truncated without saying so."""

    def to_keras(self, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get('class_name'), str):
            value = {**value, 'class_name': value['class_name'].replace('LeCun', 'Lecun')}
        return super().to_keras(value)

    def to_tfjs(self, value: Any) -> Any:
        saved = super().to_tfjs(value)
        distribution = saved['config'].get('distribution')
        if distribution == 'untruncated_normal':
            raise ValueError('TensorFlow.js has no VarianceScaling of an untruncated normal distribution')
        if distribution == 'truncated_normal':
            saved['config']['distribution'] = 'normal'
        return {**saved, 'class_name': saved['class_name'].replace('Lecun', 'LeCun')}


class _Regularizers(_Family):
    """TensorFlow.js has one class for all three of Keras."""

    def to_tfjs(self, value: Any) -> Any:
        saved = super().to_tfjs(value)
        return saved and {'class_name': 'L1L2', 'config': {'l1': 0.0, 'l2': 0.0, **saved['config']}}


_initializers = _Initializers(
    keras.initializers,
    {
        **dict.fromkeys(['Zeros', 'Ones'], ''),
        **dict.fromkeys(['GlorotNormal', 'GlorotUniform', 'HeNormal', 'HeUniform'], 'seed'),
        **dict.fromkeys(['LecunNormal', 'LecunUniform'], 'seed'),
        'Constant': 'value',
        'Identity': 'gain',
        'Orthogonal': 'gain seed',
        'RandomNormal': 'mean stddev seed',
        'RandomUniform': 'minval maxval seed',
        'TruncatedNormal': 'mean stddev seed',
        'VarianceScaling': 'scale mode distribution seed',
    },
)
_regularizers = _Regularizers(keras.regularizers, {'L1': 'l1', 'L2': 'l2', 'L1L2': 'l1 l2'})
_constraints = _Family(
    keras.constraints,
    {
        'MaxNorm': 'max_value axis',
        'MinMaxNorm': 'min_value max_value rate axis',
        'NonNeg': '',
        'UnitNorm': 'axis',
    },
)


def _family_of(argument: str) -> Any:
    families = {'initializer': _initializers, 'regularizer': _regularizers, 'constraint': _constraints}
    return families.get(argument.rpartition('_')[-1])


def part_to_keras(argument: str, value: Any) -> Any:
    """The value of a layer's argument, as Keras takes it, of what a file holds."""
    if argument.endswith('activation'):
        if value is not None and plain(value) not in _ACTIVATIONS:
            raise ValueError(f'Keras has no activation {value!r} that is the same')
        return _ACTIVATIONS[value or 'linear']
    family = _family_of(argument)
    return family.to_keras(value) if family else plain(value)


def part_to_tfjs(argument: str, value: Any) -> Any:
    """The value of a layer's argument, as a file holds it, of what a layer of Keras says of itself."""
    if argument.endswith('activation'):
        # What Keras says of a function is its name, for one of its own, or a description.
        function = keras.activations.get(value)
        names = [name for name, known in _ACTIVATIONS.items() if known is function]
        if not names:
            raise ValueError(
                f'TensorFlow.js has no activation {getattr(function, "__name__", function)!r} that is the same'
            )
        return names[0]
    family = _family_of(argument)
    return family.to_tfjs(value) if family else plain(value)
