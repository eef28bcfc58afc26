"""Convolutional networks with center loss on their features."""

import keras
from keras import layers

from tfjs_center_loss import CenterLossLayer


def shallow(pictures):
    """Three convolutions, quick to train."""
    hidden = pictures
    for filters in (16, 32, 64):
        hidden = layers.Conv2D(filters, 3, padding='same', use_bias=False)(hidden)
        hidden = layers.BatchNormalization(momentum=0.9)(hidden)
        hidden = layers.ReLU()(hidden)
        hidden = layers.MaxPooling2D()(hidden)
    hidden = layers.Dropout(0.4)(layers.Flatten()(hidden))
    return layers.Dense(128, activation='relu')(hidden)


def deep(pictures):
    """Six convolutions, as in the open-set benchmark of this repository."""
    hidden = pictures
    for filters in (16, 32, 64):
        for _ in range(2):
            convolution = layers.Conv2D(filters, 3, padding='same', activation='relu', kernel_initializer='he_normal')
            hidden = convolution(hidden)
        hidden = layers.MaxPooling2D()(hidden)
    return layers.Flatten()(hidden)


def create_network(body, feature_dim, num_classes, **center_loss):
    """A model of pictures and labels to logits; its layers `features` and `center_loss` are what their names say."""
    pictures = keras.Input((28, 28, 1), name='picture')
    labels = keras.Input((1,), dtype='int32', name='label')
    features = layers.Dense(feature_dim, name='features')(body(pictures))
    centered = CenterLossLayer(num_classes, name='center_loss', **center_loss)([features, labels])
    return keras.Model([pictures, labels], layers.Dense(num_classes, name='logits')(centered), name='digits')


def train(model, pictures, labels, epochs, batch_size, verbose='auto'):
    """Trains with Adam at a learning rate that falls to nothing; `verbose` as in `model.fit`."""
    # Whole batches, so that each device has as many.
    count = len(labels) // batch_size * batch_size
    pictures, labels = pictures[:count], labels[:count]
    steps = epochs * count // batch_size
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.003, steps)),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=['accuracy'],
    )
    return model.fit([pictures, labels], labels, batch_size=batch_size, epochs=epochs, verbose=verbose)


def features_of(model, pictures):
    """The features of pictures, without a label."""
    inference = keras.Model(model.inputs[0], model.get_layer('features').output)
    return inference.predict(pictures, batch_size=1000, verbose=0)


def accuracy_of(model, pictures, labels):
    """The share of pictures whose highest logit is that of their label. A label in the input makes no difference."""
    logits = model.predict([pictures, labels], batch_size=1000, verbose=0)
    return float((logits.argmax(axis=1) == labels).mean())
