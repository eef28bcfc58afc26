"""What cannot be carried over is refused with the layer and the reason, and nothing is written or made."""

import keras
import numpy as np
import pytest
from keras import Input, Model, Sequential, layers, ops

from tfjs_center_loss import load_tfjs, save_tfjs
from tfjs_center_loss.files import save
from tfjs_center_loss.files.weight_files import weights_to_save


def _chain(*stack, shape=(4,)):
    return Sequential([Input(shape), *stack])


class OwnDense(layers.Dense):
    pass


class OwnModel(keras.Model):
    def call(self, inputs):
        return inputs


def _with_operation():
    x = Input((4,))
    return Model(x, layers.Dense(2)(x**2.0))


def _with_own_mask():
    x, mask = Input((3, 4)), Input((3,), dtype='bool')
    return Model([x, mask], layers.LSTM(2)(x, mask=mask))


def _with_training_argument():
    x = Input((4,))
    return Model(x, layers.BatchNormalization(name='norm')(x, training=False))


def _with_differing_backward_layer():
    forward = layers.LSTM(2, name='lstm')
    backward = layers.LSTM(2, activation='relu', go_backwards=True)
    return _chain(layers.Bidirectional(forward, backward_layer=backward, name='both'), shape=(3, 4))


def _with_two_layers_of_one_name():
    inner = [Sequential([Input((4,)), layers.Dense(4, name='dense')], name=name) for name in ('first', 'second')]
    return _chain(*inner)


def _with_input_without_a_size():
    x = Input((), name='scalar')
    return Model(x, layers.Rescaling(2.0)(x))


NOT_IN_TFJS = {
    'a class of layer': (
        lambda: _chain(layers.UnitNormalization(name='norm')),
        "'norm': TensorFlow.js has no such layer",
    ),
    'a class of the user': (lambda: _chain(OwnDense(2, name='own')), "OwnDense 'own': TensorFlow.js has no such layer"),
    'a lambda': (lambda: _chain(layers.Lambda(lambda x: x, name='f')), "Lambda 'f': TensorFlow.js has no such layer"),
    'a model of the user': (OwnModel, 'expected a functional or sequential model'),
    'a model that is not built': (lambda: Sequential([layers.Dense(2)]), 'is not built'),
    'an operation': (_with_operation, r"operation 'power' \(Power\) is no layer"),
    'a mask of its own': (_with_own_mask, 'is called with a mask;'),
    'an argument of a call': (_with_training_argument, "'norm': is called with training=False"),
    'the GRU of Keras': (lambda: _chain(layers.GRU(2, name='gru'), shape=(3, 4)), "GRU 'gru': .*reset_after=False"),
    'causal padding': (lambda: _chain(layers.Conv1D(2, 2, padding='causal', name='c'), shape=(4, 2)), "'c': .*causal"),
    'groups': (
        lambda: _chain(layers.Conv1D(2, 2, groups=2, name='c'), shape=(4, 2)),
        "'c': .* no counterpart of groups=2",
    ),
    'an activation': (lambda: _chain(layers.Dense(2, activation='celu', name='d')), "'d': .* no activation 'celu'"),
    'the hard sigmoid of Keras in a step': (
        lambda: _chain(layers.LSTM(2, recurrent_activation='hard_sigmoid', name='l'), shape=(3, 4)),
        "'l': .*'hard_sigmoid'",
    ),
    'a normalization of another axis': (
        lambda: _chain(layers.Normalization(axis=1, mean=np.zeros(3), variance=np.ones(3), name='n'), shape=(3, 4)),
        "'n': .* no Normalization with axis",
    ),
    'a normalization that is turned round': (
        lambda: _chain(layers.Normalization(mean=0.0, variance=1.0, invert=True, name='n')),
        "'n': .* invert=True",
    ),
    'an activity regularizer': (
        lambda: _chain(layers.Dense(2, activity_regularizer='l2', name='d')),
        "'d': .*never applies",
    ),
    'a regularizer': (
        lambda: _chain(layers.Dense(2, kernel_regularizer=keras.regularizers.OrthogonalRegularizer(), name='d')),
        "'d': TensorFlow.js has no OrthogonalRegularizer among its regularizers",
    ),
    'an initializer': (
        lambda: _chain(layers.Dense(2, kernel_initializer=lambda shape, dtype=None: ops.zeros(shape), name='d')),
        "'d': .* among its initializers",
    ),
    'in a wrapper': (
        lambda: _chain(layers.TimeDistributed(layers.GRU(2, name='gru'), name='steps'), shape=(2, 3, 4)),
        "TimeDistributed 'steps': GRU 'gru': .*reset_after",
    ),
    'in a nested model': (
        lambda: _chain(Sequential([Input((3, 4)), layers.GRU(2, name='gru')], name='inner'), shape=(3, 4)),
        "Sequential 'inner': GRU 'gru': .*reset_after",
    ),
    'two directions that differ': (_with_differing_backward_layer, "'both': .* backward layer .* activation differs"),
    'two weights of one name': (_with_two_layers_of_one_name, "two weights are named 'dense/kernel'"),
    'an input without a size': (_with_input_without_a_size, "InputLayer 'scalar': .* of shape"),
    'a name': (lambda: _chain(layers.Dense(2, name='my layer')), "takes no layer named 'my layer'"),
}


@pytest.mark.parametrize('what', NOT_IN_TFJS)
def test_what_tensorflow_js_lacks_is_not_saved(what, tmp_path):
    make, message = NOT_IN_TFJS[what]
    with pytest.raises(ValueError, match=message):
        save_tfjs(make(), tmp_path / 'model')
    assert not (tmp_path / 'model').exists()


def test_weights_of_a_dtype_that_tensorflow_js_lacks_are_not_saved():
    with pytest.raises(ValueError, match="weight 'd/kernel': TensorFlow.js has no weights of dtype float64"):
        weights_to_save({'d/kernel': np.zeros(2, 'float64')})


def test_a_refusal_leaves_the_model_that_was_there(tmp_path):
    save_tfjs(_chain(layers.Dense(2, name='good')), tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(ValueError):
        save_tfjs(_chain(layers.Dense(2, activation='celu')), tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize('failing', [1, 2])
def test_a_disk_that_fails_leaves_nothing_half_written(failing, tmp_path, monkeypatch):
    replace, calls = save.os.replace, []

    def fail_at_last(*arguments):
        calls.append(arguments)
        if len(calls) == failing:
            raise OSError('no space left')
        replace(*arguments)

    monkeypatch.setattr(save.os, 'replace', fail_at_last)
    with pytest.raises(OSError, match='no space left'):
        save_tfjs(_chain(layers.Dense(2)), tmp_path / 'model')
    assert not (tmp_path / 'model').exists()


def test_a_model_replaces_the_one_before(tmp_path):
    save_tfjs(_chain(layers.Dense(5)), tmp_path)
    save_tfjs(_chain(layers.Dense(2, name='second')), tmp_path)
    assert sorted(file.suffix for file in tmp_path.iterdir()) == ['.bin', '.json']
    assert load_tfjs(tmp_path).layers[0].name == 'second'


def test_a_model_comes_back_as_it_was(tmp_path):
    x = Input((4,), name='x')
    model = Model(x, layers.Dense(2, name='out', kernel_regularizer='l2', trainable=False)(x), name='mine')
    save_tfjs(model, tmp_path)
    back = load_tfjs(tmp_path / 'model.json')
    assert (back.name, back.layers[1].name, back.layers[1].trainable) == ('mine', 'out', False)
    assert back.layers[1].kernel_regularizer.get_config()['l2'] == pytest.approx(0.01)
    for own, other in zip(model.get_weights(), back.get_weights(), strict=True):
        assert (own == other).all()
