"""The state of Adam: on both sides the step and two moments of each trained weight, under different names.

TensorFlow.js keeps them in the order of the trained weights, which is that of the weights in the file, with all first
moments before all second ones. It computes `lr * m' / (sqrt(v') + epsilon)` of the moments m', v' without their bias,
Keras `lr' * m / (sqrt(v) + epsilon)` with the correction in lr': the same but for what epsilon adds.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from .saved import class_and_config, plain

_WITHOUT = ['amsgrad', 'weight_decay', 'clipnorm', 'global_clipnorm', 'clipvalue', 'use_ema']
_WITHOUT += ['loss_scale_factor', 'gradient_accumulation_steps']
_NAMES = {'learning_rate': 'learningRate', 'beta_1': 'beta1', 'beta_2': 'beta2', 'epsilon': 'epsilon'}


def adam_to_tfjs(optimizer: Any, named: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """`({class_name, config}, arrays by name)` of an optimizer of the weights `named`."""
    # On PyTorch it is a subclass of that name.
    if not (isinstance(optimizer, keras.optimizers.Adam) and type(optimizer).__name__ == 'Adam'):
        raise ValueError(f'the optimizer: expected Adam, but got {type(optimizer).__name__}')
    described = optimizer.get_config()
    if not isinstance(described['learning_rate'], float):
        raise ValueError('the optimizer: TensorFlow.js has no schedules; set its learning_rate to a number')
    for name in _WITHOUT:
        if described[name]:
            raise ValueError(f'the optimizer: TensorFlow.js has no Adam with {name}={described[name]!r}')
    arrays = {'iter': np.int32(keras.ops.convert_to_numpy(optimizer.iterations))}
    if optimizer.built:
        trained = {name: variable for name, variable in named.items() if variable.trainable}
        for kind, moments in _moments(optimizer):
            for name, variable in trained.items():
                arrays[f'{name}/{kind}'] = keras.ops.convert_to_numpy(moments(variable))
    return {'class_name': 'Adam', 'config': {name: described[key] for key, name in _NAMES.items()}}, arrays


def adam_to_keras(saved: Any, arrays: dict[str, Any], named: dict[str, Any]) -> Any:
    """An Adam of Keras that goes on where the one in the file stopped; None if the file has another optimizer."""
    class_name, config = class_and_config(saved)
    if class_name != 'Adam':
        return None
    arguments = {key: plain(config[name]) for key, name in _NAMES.items() if config.get(name) is not None}
    optimizer = keras.optimizers.Adam(**arguments)
    trained = [variable for variable in named.values() if variable.trainable]
    if not arrays:
        return optimizer
    (first, step), *moments = arrays.items()
    if first != 'iter' or len(moments) not in (0, 2 * len(trained)):
        raise ValueError(
            f'the optimizer: expected iter and two moments of {len(trained)} weights, but got {list(arrays)!r:.200}'
        )
    optimizer.build(trained)
    optimizer.iterations.assign(step)
    for i, (name, values) in enumerate(moments):
        variable = trained[i % len(trained)]
        _, moment = _moments(optimizer)[i // len(trained)]
        if values.shape != tuple(variable.shape):
            raise ValueError(f'the optimizer: {name!r}: expected shape {tuple(variable.shape)}, but got {values.shape}')
        moment(variable).assign(values)
    return optimizer


def _moments(optimizer: Any) -> list[tuple[str, Callable[[Any], Any]]]:
    """What TensorFlow.js calls the two moments, and where Keras has that of a variable."""
    # Keras has no public way to them by variable.
    index = optimizer._get_variable_index
    return [
        ('m', lambda variable: optimizer._momentums[index(variable)]),
        ('v', lambda variable: optimizer._velocities[index(variable)]),
    ]
