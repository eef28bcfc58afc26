"""One of the processes of a program: `process_program.py NUMBER PROCESSES ADDRESS FOLDER`."""

import sys
from pathlib import Path

import keras
import numpy as np
from small_models import labelled_vectors, tapped_classifier

process, processes, address, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
keras.distribution.initialize(address, processes, process)
devices = keras.distribution.list_devices()
assert len(devices) == 4


def data_parallel():
    return keras.distribution.DataParallel(devices=devices, auto_shard_dataset=False)


def model_parallel(rows, columns):
    mesh = keras.distribution.DeviceMesh((rows, columns), ('batch', 'model'), devices)
    layout = keras.distribution.LayoutMap(mesh)
    layout['.*centers'] = ('model', None)
    return keras.distribution.ModelParallel(layout_map=layout, batch_dim_name='batch', auto_shard_dataset=False)


def train(distribution, all_devices_see_the_whole_batch):
    """The history, and the weights as this process sees them."""
    keras.distribution.set_distribution(distribution)
    vectors, labels = labelled_vectors()
    batch_size = 16
    if not all_devices_see_the_whole_batch:
        # Each process brings its part of every batch.
        part = slice(process, None, processes)
        vectors, labels, batch_size = vectors[part], labels[part], batch_size // processes
    model = tapped_classifier(reduction='mean')
    data = {'x': [vectors, labels], 'y': labels, 'batch_size': batch_size, 'shuffle': False, 'verbose': 0}
    history = model.fit(**data, epochs=3).history
    whole = keras.distribution.TensorLayout([None, None], distribution.device_mesh)
    centers = keras.distribution.distribute_tensor(model.get_layer('center_loss').centers.value, whole)
    weights = [weight.numpy() for weight in model.trainable_weights]
    return {**history, **{f'weight {i}': weight for i, weight in enumerate(weights)}, 'centers': np.asarray(centers)}


np.savez(folder / f'data {process}.npz', **train(data_parallel(), False))
# Every process has all centers, divided over its devices; then each process has a part of them.
np.savez(folder / f'inside {process}.npz', **train(model_parallel(2, 2), False))
np.savez(folder / f'across {process}.npz', **train(model_parallel(1, 4), True))
