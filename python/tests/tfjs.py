"""TensorFlow.js beside the Python tests: models go there as files, and the programs in `node/` train them."""

import json
import shutil
import subprocess
from pathlib import Path

import keras
import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
LEARNING_RATE = 0.05
BATCH = 4

needs_node = pytest.mark.skipif(
    shutil.which('node') is None or not (ROOT / 'node_modules').exists(), reason='needs Node.js and `npm ci`'
)


def run_node(program, *arguments):
    """Runs a program of the folder `node`."""
    file = Path(__file__).parent / 'node' / program
    subprocess.run(['node', '--import', 'tsx', file, *arguments], cwd=ROOT, check=True, timeout=300)


def batch_for(model, seed=0):
    """A batch of inputs and targets: small integers for inputs of integers or named `ids...` or `label...`."""
    random = np.random.default_rng(seed)

    def values(tensor):
        # What is left open in a shape is the batch, or the last axis of labels.
        shape = [BATCH, *(size or 1 for size in tensor.shape[1:])]
        if tensor.dtype.startswith('int') or tensor.name.startswith(('ids', 'label')):
            return random.integers(0, 3, shape).astype(tensor.dtype)
        return random.normal(size=shape).astype(tensor.dtype)

    return [values(tensor) for tensor in model.inputs], [values(tensor) for tensor in model.outputs]


def one_or_all(values):
    """What Keras wants of a model with one input or several."""
    return values[0] if len(values) == 1 else values


def train_in_keras(model, inputs, targets, steps, optimizer=None):
    """The losses of some steps on one batch."""
    loss = one_or_all(['mean_squared_error'] * len(targets))
    model.compile(optimizer or keras.optimizers.SGD(LEARNING_RATE), loss=loss)
    losses = [model.train_on_batch(one_or_all(inputs), one_or_all(targets)) for _ in range(steps)]
    return [float(np.ravel(loss)[0]) for loss in losses]


def train_in_tfjs(folder, jobs):
    """Trains models in one process of Node.

    Args:
        folder: Where to write the list of jobs.
        jobs: Each with `load` and `save`, folders; `inputs`, `targets` and `steps`; for others see `node/jobs.ts`.

    Returns:
        What TensorFlow.js saw, in the order of the jobs; see `node/jobs.ts`.
    """
    folder.mkdir(exist_ok=True)
    jobs = [
        {
            'optimizer': 'sgd',
            'learningRate': LEARNING_RATE,
            **job,
            'load': str(job['load']),
            'save': str(job['save']),
            **{side: [saved_tensor(values) for values in job[side]] for side in ('inputs', 'targets')},
        }
        for job in jobs
    ]
    (folder / 'jobs.json').write_text(json.dumps(jobs))
    run_node('train.ts', folder / 'jobs.json', folder / 'results.json')
    return json.loads((folder / 'results.json').read_text())


def saved_tensor(array):
    """An array as the programs in `node` read it."""
    dtype = 'int32' if array.dtype.kind == 'i' else 'float32'
    return {'shape': list(array.shape), 'dtype': dtype, 'values': array.ravel().tolist()}
