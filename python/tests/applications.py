"""The architectures of `keras.applications`, saved and predicted in TensorFlow.js: `python tests/applications.py`.

Prints the table of docs/keras.md. Takes a quarter of an hour; names of architectures as arguments make it shorter.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault('KERAS_BACKEND', 'tensorflow')
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
sys.path.insert(0, str(Path(__file__).parents[1]))

import keras  # noqa: E402
import numpy as np  # noqa: E402
from tfjs import run_node, saved_tensor  # noqa: E402

from tfjs_center_loss import save_tfjs  # noqa: E402

ALL = [name for name in dir(keras.applications) if callable(getattr(keras.applications, name))]
# The smallest pictures that one of them or another takes.
SIZES = (32, 71, 75)
# Those that take bytes, and bring them to what they need by layers of their own.
TAKE_BYTES = ('EfficientNet', 'MobileNetV3', 'ConvNeXt')


def smallest(name):
    """An architecture without its head and without weights of a training, for the smallest pictures that it takes."""
    for size in SIZES:
        try:
            return size, getattr(keras.applications, name)(
                weights=None, include_top=False, pooling='avg', input_shape=(size, size, 3)
            )
        except ValueError as error:
            refusal = error
    raise refusal


def saved(name, folder):
    """Saves an architecture; gives the size of its pictures, two of them, and what Keras predicts.

    Raises:
        ValueError: `save_tfjs` refuses it.
    """
    keras.backend.clear_session()
    keras.utils.set_random_seed(0)
    size, model = smallest(name)
    random = np.random.default_rng(0)
    # As after a training: statistics of batches that are not 0 and 1, so that each has to be in its place.
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.moving_mean.assign(random.normal(0, 0.05, layer.moving_mean.shape))
            layer.moving_variance.assign(random.uniform(0.5, 1.5, layer.moving_variance.shape))
    pictures = random.uniform(-1, 1, (2, size, size, 3)).astype('float32')
    if name.startswith(TAKE_BYTES):
        pictures = 127.5 * (pictures + 1)
    save_tfjs(model, folder)
    return size, pictures, model.predict(pictures, verbose=0)


def differences(names, folder):
    """By name: `(size of the pictures, largest difference relative to the largest output)`, or why it is refused."""
    refused, kept = {}, {}
    for name in names:
        try:
            kept[name] = saved(name, folder / name)
        except ValueError as error:
            refused[name] = str(error)
    jobs = [{'load': str(folder / name), 'input': saved_tensor(kept[name][1])} for name in kept]
    (folder / 'jobs.json').write_text(json.dumps(jobs))
    run_node('predict.ts', folder / 'jobs.json', folder / 'results.json')
    results = json.loads((folder / 'results.json').read_text())
    found = {}
    for (name, (size, _, expected)), received in zip(kept.items(), results, strict=True):
        difference = np.abs(np.reshape(received, expected.shape) - expected).max() / np.abs(expected).max()
        found[name] = size, float(difference)
    return refused | found


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:] or ALL:
            [found] = differences([name], Path(folder)).values()
            row = f'{found[0]} | {found[1]:.0e}' if isinstance(found, tuple) else f' | {found}'
            print(f'| {name} | {row} |', flush=True)


if __name__ == '__main__':
    main()
