"""The state of Adam goes on where it stopped, on the other side."""

import keras
import numpy as np
import pytest
from keras import Input, Model, layers
from tfjs import batch_for, needs_node, train_in_keras, train_in_tfjs

from tfjs_center_loss import CenterLossLayer, load_tfjs, save_tfjs
from tfjs_center_loss.files.weight_names import weights_by_name

# Both sides round in another order, and epsilon adds to another term; the largest difference seen is 4e-7.
TOLERANCE = 2e-6


def _model():
    """Two branches of unlike depth, frozen weights and center loss: weights that are easily put in the wrong order."""
    x, label = Input((4,), name='x'), Input((1,), dtype='int32', name='label')
    deep = layers.Dense(3, activation='tanh')(layers.BatchNormalization()(layers.Dense(3, activation='tanh')(x)))
    shallow = layers.Dense(3, trainable=False)(layers.Dense(3)(x))
    features = layers.Add()([shallow, deep])
    centered = CenterLossLayer(3, loss_weight=0.1)([features, label])
    return Model([x, label], [layers.Dense(3)(centered), layers.Dense(3)(shallow)])


def _adam(model):
    model.compile(keras.optimizers.Adam(0.02, beta_1=0.8, beta_2=0.99, epsilon=1e-8), loss=['mean_squared_error'] * 2)
    return model.optimizer


def _values(model):
    return {name: np.array(variable) for name, variable in weights_by_name(model).items()}


@needs_node
def test_ten_steps_here_and_ten_there_and_ten_here_equal_thirty(tmp_path):
    model = _model()
    inputs, targets = batch_for(model)
    train_in_keras(model, inputs, targets, 10, _adam(model))
    save_tfjs(model, tmp_path / 'ten', include_optimizer=True)
    job = {'load': tmp_path / 'ten', 'save': tmp_path / 'twenty', 'inputs': inputs, 'targets': targets, 'steps': 10}
    [seen] = train_in_tfjs(tmp_path, [{**job, 'optimizer': 'saved adam'}])
    assert 'error' not in seen, seen

    losses = train_in_keras(model, inputs, targets, 10, model.optimizer)
    np.testing.assert_allclose(seen['losses'], losses, rtol=TOLERANCE)
    back = load_tfjs(tmp_path / 'twenty')
    assert int(back.optimizer.iterations) == 20
    assert back.optimizer.get_config()['beta_1'] == pytest.approx(0.8)
    losses_back = train_in_keras(back, inputs, targets, 10, back.optimizer)
    losses = train_in_keras(model, inputs, targets, 10, model.optimizer)
    np.testing.assert_allclose(losses_back, losses, rtol=TOLERANCE)
    expected = _values(model)
    for name, values in _values(back).items():
        np.testing.assert_allclose(values, expected[name], rtol=0, atol=TOLERANCE, err_msg=name)


def test_the_moments_come_back_as_they_were(tmp_path):
    model = _model()
    train_in_keras(model, *batch_for(model), 3, _adam(model))
    save_tfjs(model, tmp_path, include_optimizer=True)
    back = load_tfjs(tmp_path)
    own, other = (
        {one.path.split('/', 1)[1]: np.array(one) for one in each.optimizer.variables} for each in (model, back)
    )
    assert own.keys() == other.keys()
    for name, values in own.items():
        np.testing.assert_array_equal(other[name], values, err_msg=name)


def test_is_left_out_if_not_asked_for(tmp_path):
    model = _model()
    train_in_keras(model, *batch_for(model), 1, _adam(model))
    save_tfjs(model, tmp_path)
    assert not hasattr(load_tfjs(tmp_path), 'optimizer')


@pytest.mark.parametrize(
    ('optimizer', 'message'),
    [
        (keras.optimizers.RMSprop, 'expected Adam, but got RMSprop'),
        (keras.optimizers.AdamW, 'expected Adam, but got AdamW'),
        (lambda: keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.1, 9)), 'has no schedules'),
        (lambda: keras.optimizers.Adam(amsgrad=True), 'no Adam with amsgrad=True'),
        (lambda: keras.optimizers.Adam(clipnorm=1.0), 'no Adam with clipnorm=1.0'),
        (lambda: keras.optimizers.Adam(weight_decay=0.1), 'no Adam with weight_decay=0.1'),
    ],
)
def test_an_optimizer_that_tensorflow_js_lacks_is_refused(optimizer, message, tmp_path):
    model = _model()
    model.compile(optimizer(), loss=['mean_squared_error'] * 2)
    with pytest.raises(ValueError, match=f'the optimizer: .*{message}'):
        save_tfjs(model, tmp_path / 'model', include_optimizer=True)
    assert not (tmp_path / 'model').exists()


def test_a_model_without_an_optimizer_is_refused(tmp_path):
    with pytest.raises(ValueError, match='the optimizer: expected Adam, but got NoneType'):
        save_tfjs(_model(), tmp_path, include_optimizer=True)
