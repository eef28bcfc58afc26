"""A layer of Keras to what a file says of it, and back, by its rule."""

from collections.abc import Callable
from typing import Any

import keras
from keras import layers

from .parts import part_to_keras, part_to_tfjs
from .rules import RULES, TFJS_NAMES, Rule
from .saved import CONTAINERS, class_and_config, naming, plain

Saved = dict[str, Any]

# What makes no difference: of dtypes TensorFlow.js has but one to compute in, and the rest is there for older files.
_OF_NO_CONSEQUENCE = {'name', 'trainable', 'dtype', 'seed', 'batch_input_shape', 'implementation', 'input_length'}

_REASONS = {
    'reset_after': 'TensorFlow.js has no GRU like the default one of Keras; make it with reset_after=False',
    'activity_regularizer': 'TensorFlow.js never applies an activity_regularizer',
}


def layer_to_keras(class_name: str, config: Saved, container_to_keras: Callable[[str, Saved], Any]) -> Any:
    """A new layer of Keras, of what a file says of it. `container_to_keras` makes a model that is part of a wrapper."""
    if class_name not in RULES:
        raise ValueError('this class is not among those that can be carried over')
    rule = RULES[class_name]
    arguments = {key: part_to_keras(name, config[name]) for key, name in rule.names.items() if name in config}
    for name in rule.parts:
        arguments[name] = _parts_to_keras(config.get(name), container_to_keras)
    if class_name == 'RNN':
        # TensorFlow.js repeats the arguments of its cell here.
        config = {name: config[name] for name in config.keys() & {'name', 'trainable', 'num_constants'}}
    _check_others(config, {*rule.names.values(), *rule.parts}, rule, 'Keras')
    layer = rule.keras_class(**arguments, **rule.fixed, name=plain(config.get('name')))
    if config.get('trainable') is False:
        layer.trainable = False
    return layer


def layer_to_tfjs(layer: Any, container_to_tfjs: Callable[[Any], Saved], described: Saved | None = None) -> Saved:
    """`{class_name, config}` of a layer of Keras. `container_to_tfjs` saves a model that is part of a wrapper."""
    if type(layer) is layers.Conv1D and layer.padding == 'causal':
        raise ValueError('TensorFlow.js computes no causal padding')
    if type(layer) not in TFJS_NAMES:
        raise ValueError('TensorFlow.js has no such layer')
    class_name = TFJS_NAMES[type(layer)]
    rule = RULES[class_name]
    described = {**(described or layer.get_config()), 'activity_regularizer': layer.activity_regularizer}
    if isinstance(layer, layers.Bidirectional):
        described.pop('backward_layer')
        parts = {'layer': _forward_to_tfjs(layer, container_to_tfjs)}
    else:
        parts = {name: _parts_to_tfjs(getattr(layer, name), container_to_tfjs) for name in rule.parts}
    _check_others(described, {*rule.names, *rule.parts}, rule, 'TensorFlow.js')
    config = {name: part_to_tfjs(name, described[key]) for key, name in rule.names.items() if key in described}
    return {'class_name': class_name, 'config': {'name': layer.name, 'trainable': layer.trainable, **config, **parts}}


def _forward_to_tfjs(layer: Any, container_to_tfjs: Callable[[Any], Saved]) -> Saved:
    """The layer that TensorFlow.js makes both directions of, under the name that it puts `forward_` before."""
    forward, backward = layer.forward_layer, layer.backward_layer
    own = {'name', 'go_backwards', 'seed'}
    for name, value in forward.get_config().items():
        if name not in own and value != backward.get_config()[name]:
            raise ValueError(f'TensorFlow.js makes the backward layer like the forward one, but here {name} differs')
    # Keras sets it where sequences are returned; TensorFlow.js gives what came before at masked steps.
    described = {**forward.get_config(), 'zero_output_for_mask': False}
    with naming(type(forward).__name__, forward.name):
        saved = layer_to_tfjs(forward, container_to_tfjs, described)
    saved['config']['name'] = forward.name.removeprefix('forward_')
    return saved


def _parts_to_keras(saved: Any, container_to_keras: Callable[[str, Saved], Any]) -> Any:
    if isinstance(saved, list):
        return [_parts_to_keras(one, container_to_keras) for one in saved]
    class_name, config = class_and_config(saved)
    if class_name in CONTAINERS:
        return container_to_keras(class_name, config)
    with naming(class_name, config.get('name')):
        return layer_to_keras(class_name, config, container_to_keras)


def _parts_to_tfjs(part: Any, container_to_tfjs: Callable[[Any], Saved]) -> Any:
    if isinstance(part, (list, tuple)):
        return [_parts_to_tfjs(one, container_to_tfjs) for one in part]
    if isinstance(part, keras.Model):
        return container_to_tfjs(part)
    with naming(type(part).__name__, part.name):
        return layer_to_tfjs(part, container_to_tfjs)


def _check_others(config: Saved, shared: set[str], rule: Rule, where: str) -> None:
    """Refuses an argument that only one side has, unless it makes no difference there."""
    for name in sorted(config.keys() - shared - _OF_NO_CONSEQUENCE):
        value = list(config[name]) if isinstance(config[name], tuple) else config[name]
        if value not in (None, False, rule.fixed.get(name)):
            raise ValueError(_REASONS.get(name, f'{where} has no counterpart of {name}={value!r:.100}'))
