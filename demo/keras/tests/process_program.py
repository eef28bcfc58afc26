"""One of the processes of a program: `process_program.py NUMBER PROCESSES ADDRESS DISTRIBUTION FILE`."""

import os
import sys

process, processes, address, kind, file = int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]
os.environ['KERAS_BACKEND'] = 'jax'
os.environ['XLA_FLAGS'] = f'--xla_force_host_platform_device_count={4 // processes}'

import keras  # noqa: E402
import numpy as np  # noqa: E402
from small_models import labelled_vectors, tapped_classifier  # noqa: E402

keras.distribution.initialize(address, processes, process)
devices = keras.distribution.list_devices()
assert len(devices) == 4

if kind == 'data':
    distribution = keras.distribution.DataParallel(devices=devices)
else:
    # 'inside': every process has all centers, divided over its devices. 'across': each process has a part of them.
    mesh = keras.distribution.DeviceMesh((2, 2) if kind == 'inside' else (1, 4), ('batch', 'model'), devices)
    layout = keras.distribution.LayoutMap(mesh)
    layout['.*centers'] = ('model', None)
    distribution = keras.distribution.ModelParallel(layout_map=layout, batch_dim_name='batch')
keras.distribution.set_distribution(distribution)

vectors, labels = labelled_vectors()
batch_size = 16
if kind != 'across':
    # Each process brings its part of every batch. In a mesh with one row, all devices see the whole batch.
    part = slice(process, None, processes)
    vectors, labels, batch_size = vectors[part], labels[part], batch_size // processes
model = tapped_classifier(reduction='mean')
data = {'x': [vectors, labels], 'y': labels, 'batch_size': batch_size, 'shuffle': False, 'verbose': 0}
history = model.fit(**data, epochs=3).history

whole = keras.distribution.TensorLayout([None, None], distribution.device_mesh)
centers = keras.distribution.distribute_tensor(model.get_layer('center_loss').centers.value, whole)
np.savez(
    file,
    **history,
    centers=np.asarray(centers),
    kernel=model.get_layer('features').kernel.numpy(),
    bias=model.get_layer('logits').bias.numpy(),
)
