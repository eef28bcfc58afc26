"""What a step of `fit` costs in Keras by the number of classes, in turn, in milliseconds; the fastest of some epochs.

    PYTHONPATH=python KERAS_BACKEND=tensorflow python studies/benchmark/keras_step.py [--mirrored]

128 features, batches of 128; `none` is the network without the layer. The last column is the time beside 1,000 classes.
"""

import contextlib
import sys
import time

import keras
import numpy as np
from tfjs_center_loss import CenterLossLayer

WIDTH = BATCH = 128
CLASSES = [None, 1_000, 100_000, 1_000_000]
STEPS = 50
ROUNDS = 7


def compiled(num_classes):
    x, labels = keras.Input((WIDTH,)), keras.Input((), dtype="int32")
    features = keras.layers.Dense(WIDTH)(x)
    output = keras.layers.Dense(10)(features)
    if num_classes:
        output = CenterLossLayer(num_classes)([features, labels, output])
    model = keras.Model([x, labels], output)
    model.compile("sgd", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def scope():
    if "--mirrored" not in sys.argv:
        return contextlib.nullcontext()
    import tensorflow as tf

    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], two)
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope()


with scope():
    models = {num_classes: compiled(num_classes) for num_classes in CLASSES}
random = np.random.default_rng(1)
vectors = random.standard_normal((BATCH * STEPS, WIDTH), dtype=np.float32)
fastest = dict.fromkeys(CLASSES, float("inf"))
for round in range(-1, ROUNDS):
    for num_classes, model in models.items():
        labels = random.integers(0, num_classes or 10, BATCH * STEPS, dtype=np.int32)
        start = time.perf_counter()
        model.fit([vectors, labels], labels % 10, batch_size=BATCH, shuffle=False, verbose=0)
        # The first round compiles.
        if round >= 0:
            fastest[num_classes] = min(fastest[num_classes], (time.perf_counter() - start) / STEPS * 1000)
for num_classes, milliseconds in fastest.items():
    print(f"{num_classes or 'none':>9} {milliseconds:8.3f} {milliseconds / fastest[1_000]:6.2f}")
