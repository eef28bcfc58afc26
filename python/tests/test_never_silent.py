"""What Keras would do silently, and the layer does not."""

import warnings

import keras
import numpy as np
import pytest
from keras import Input, Sequential, layers
from small_models import labelled_vectors, tapped_classifier

from tfjs_center_loss import CenterLossLayer

FEATURES = np.array([[1, 0], [0, 2], [3, 3], [5, -5]], 'float32')
IDS = np.array([0, 1, 1, 2], 'int32')
SPARSE = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def test_a_sequential_model_which_gives_no_labels_is_refused_in_training():
    def sequential():
        layer = CenterLossLayer(3, name='mine')
        model = Sequential([Input((2,)), layers.Dense(2), layer, layers.Dense(3)])
        model.compile('sgd', loss=SPARSE, metrics=[layer.metric()])
        return model

    with pytest.raises(ValueError, match="'mine': expected labels in a training pass, .* features alone"):
        sequential().fit(FEATURES, IDS, verbose=0)
    model = sequential()
    assert model.predict(FEATURES, verbose=0).shape == (4, 3)
    assert model.evaluate(FEATURES, IDS, verbose=0, return_dict=True)['mine'] == 0


def test_one_layer_may_serve_a_model_with_labels_and_one_without():
    x, labels = Input((2,)), Input((), dtype='int32')
    features, layer = layers.Dense(2)(x), CenterLossLayer(3)
    keras.Model([x, labels], layer([features, labels]))
    alone = keras.Model(x, layer(features))
    trained, used = (keras.ops.convert_to_numpy(alone(FEATURES, training=training)) for training in (True, False))
    np.testing.assert_array_equal(trained, used)


@pytest.mark.parametrize(
    ('call', 'message'),
    [
        (
            lambda layer: layer({'features': FEATURES, 'labels': IDS}),
            r"inputs in a list, \[features, labels\] .* but got a dictionary with \['features', 'labels'\]",
        ),
        (lambda layer: layer(FEATURES, IDS), r'inputs in one list, layer\(\[features, labels\]\), but got 2 arguments'),
        (lambda layer: layer(FEATURES, IDS, training=True), 'but got 2 arguments'),
    ],
    ids=['a dictionary', 'two arguments', 'two arguments in training'],
)
def test_another_form_of_the_call_is_a_sentence(call, message):
    with pytest.raises(ValueError, match=f"CenterLossLayer 'mine': expected .*{message}"):
        call(CenterLossLayer(3, name='mine'))


@pytest.mark.parametrize('dtype', ['uint64', 'int64'])
def test_class_ids_beyond_32_bits_do_not_wrap(dtype):
    layer = CenterLossLayer(3, name='mine')
    labels = np.array([0, 1, 2**32 + 1, 2], dtype)
    with pytest.raises(ValueError, match="'mine': expected labels to be .* but got 4294967297 at index 2"):
        layer([FEATURES, labels], training=True)
    layer([FEATURES, np.array([0, 1, 1, 2], dtype)], training=True)
    np.testing.assert_allclose(layer.get_weights()[0], [[0.3, 0], [0.6, 1], [1.5, -1.5]], rtol=1e-6)


@pytest.mark.backend('tensorflow')
@pytest.mark.parametrize('dtype', ['uint64', 'int64', 'float64'])
def test_compiled_they_take_no_part(dtype):
    import tensorflow as tf

    layer = CenterLossLayer(3)
    layer.build([(None, 2), (None,)])

    @tf.function
    def step(features, labels):
        layer([features, labels], training=True)

    step(tf.constant(FEATURES), tf.constant([0, 1, 2**32 + 1, 2], dtype))
    np.testing.assert_allclose(layer.get_weights()[0], [[0.3, 0], [0, 0.6], [1.5, -1.5]], rtol=1e-6, atol=1e-7)


class InComputeLoss(keras.Model):
    """A way that is found on the web: the layer stands in no call of the model."""

    def __init__(self):
        super().__init__()
        self.embedding, self.logits = layers.Dense(2), layers.Dense(3)
        self.center_loss = CenterLossLayer(3, name='mine')

    def call(self, inputs, training=None):
        features = self.embedding(inputs)
        return features, self.logits(features)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        features, logits = y_pred
        self.center_loss([features, y], training=training)
        return SPARSE(y, logits)


@pytest.mark.backend('jax')
def test_the_layer_in_compute_loss_is_refused_on_jax():
    model = InComputeLoss()
    model.build((None, 2))
    model.center_loss.build([(None, 2), (None,)])
    model.compile('sgd')
    with pytest.raises(ValueError, match="'mine': expected a training pass whose loss is collected, .*compute_loss"):
        model.fit(FEATURES, IDS, verbose=0)


@pytest.mark.backend('jax')
def test_a_step_that_does_not_ask_for_losses_is_refused():
    model = tapped_classifier()
    vectors, labels = labelled_vectors(16)
    variables = model.trainable_variables, model.non_trainable_variables
    values = [[variable.value for variable in group] for group in variables]
    with pytest.raises(ValueError, match='Call stateless_call with return_losses=True'):
        model.stateless_call(*values, [vectors, labels], training=True)
    _, _, losses = model.stateless_call(*values, [vectors, labels], training=True, return_losses=True)
    assert len(losses) == 1
    model.stateless_call(*values, [vectors, labels], training=False)


class WithoutTraining(keras.Model):
    def __init__(self):
        super().__init__()
        self.embedding, self.logits = layers.Dense(2), layers.Dense(3)
        self.center_loss = CenterLossLayer(3, name='mine')

    def call(self, inputs):
        x, labels = inputs
        return self.logits(self.center_loss([self.embedding(x), labels]))


class WithTraining(WithoutTraining):
    def call(self, inputs, training=None):
        x, labels = inputs
        return self.logits(self.center_loss([self.embedding(x), labels], training=training))


@pytest.mark.parametrize('make', [WithoutTraining, WithTraining])
def test_a_model_that_does_not_tell_whether_it_trains_is_warned_of(make):
    model = make()
    model.compile('sgd', loss=SPARSE)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        model.fit([FEATURES, IDS], IDS, verbose=0)
    learned = bool(model.center_loss.get_weights()[0].any())
    warned = [str(one.message) for one in caught if "CenterLossLayer 'mine': nobody says" in str(one.message)]
    assert (learned, len(warned) > 0) == ((True, False) if make is WithTraining else (False, True))


@pytest.mark.backend('jax')
@pytest.mark.parametrize(
    'write',
    [
        lambda layer: layer.centers.assign(np.ones(layer.centers.shape)),
        lambda layer: layer.set_weights([np.ones((8, 8))]),
    ],
    ids=['assign', 'set_weights'],
)
def test_setting_centers_where_keras_would_lose_them_is_an_error(write):
    model = tapped_classifier()
    layer = model.get_layer('center_loss')

    class Write(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            write(layer)

    class WriteThroughTheModel(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            write(self.model.get_layer('center_loss'))

    vectors, labels = labelled_vectors(16)
    with pytest.raises(ValueError, match=r"'center_loss': expected the centers .* self\.model\.get_layer"):
        model.fit([vectors, labels], labels, verbose=0, callbacks=[Write()])
    other = tapped_classifier()
    other.fit([vectors, labels], labels, batch_size=16, verbose=0, callbacks=[WriteThroughTheModel()])
    np.testing.assert_array_equal(other.get_layer('center_loss').get_weights()[0], np.ones((8, 8)))
