"""The models and data that several tests train on."""

import keras
import numpy as np

from tfjs_center_loss import CenterLossLayer

NUM_CLASSES = 8


def tapped_classifier(num_classes=NUM_CLASSES, feature_dim=8, **layer_args):
    """A compiled classifier of vectors of 8 numbers with the layer as a tap, the same one on every call."""
    keras.utils.set_random_seed(1)
    vectors = keras.Input((8,), name='vectors')
    labels = keras.Input((), dtype='int32', name='labels')
    features = keras.layers.Dense(feature_dim, activation='tanh', name='features')(vectors)
    logits = keras.layers.Dense(NUM_CLASSES, name='logits')(features)
    layer = CenterLossLayer(num_classes, name='center_loss', **{'loss_weight': 0.1, **layer_args})
    model = keras.Model([vectors, labels], layer([features, labels, logits]))
    model.compile(
        keras.optimizers.SGD(0.1),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[layer.metric()],
    )
    return model


def labelled_vectors(samples=64):
    random = np.random.default_rng(2)
    return random.random((samples, 8), dtype='float32'), random.integers(0, NUM_CLASSES, samples, dtype='int32')


def train(model, samples=64, batch_size=16):
    """Trains for three epochs; gives the history and the weights."""
    vectors, labels = labelled_vectors(samples)
    history = model.fit([vectors, labels], labels, batch_size=batch_size, epochs=3, shuffle=False, verbose=0).history
    return history, [weight.numpy() for weight in model.weights]


def assert_same_weights(actual, expected, tolerance):
    for one, other in zip(actual, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=tolerance, rtol=0)
