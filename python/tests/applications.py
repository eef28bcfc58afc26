"""The architectures of `keras.applications`, saved and predicted in TensorFlow.js: `python tests/applications.py`.

Prints the table of docs/keras.md. Takes an hour; names of architectures as arguments make it shorter.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault('KERAS_BACKEND', 'tensorflow')
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
sys.path.insert(0, str(Path(__file__).parents[1]))

import keras  # noqa: E402
import numpy as np  # noqa: E402
from tfjs import train_in_tfjs  # noqa: E402

from tfjs_center_loss import save_tfjs  # noqa: E402

ALL = [name for name in dir(keras.applications) if callable(getattr(keras.applications, name))]
# The smallest pictures that one of them or another takes.
SIZES = (32, 71, 75)


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


def difference(name, folder):
    """`(size of the pictures, difference)`: the largest one of two pictures, relative to the largest output.

    Raises:
        ValueError: `save_tfjs` refuses it.
    """
    keras.utils.set_random_seed(0)
    size, model = smallest(name)
    # As after a training: statistics of batches that are not 0 and 1, so that each has to be in its place.
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.moving_mean.assign(0.05 * np.random.standard_normal(layer.moving_mean.shape))
            layer.moving_variance.assign(np.random.uniform(0.5, 1.5, layer.moving_variance.shape))
    pictures = np.random.default_rng(0).uniform(0, 255, (2, size, size, 3)).astype('float32')
    if name.startswith(('ResNet', 'VGG', 'MobileNet', 'DenseNet', 'Inception', 'Xception', 'NASNet')):
        pictures = pictures / 127.5 - 1
    expected = model.predict(pictures, verbose=0)
    save_tfjs(model, folder / 'saved')
    job = {'load': folder / 'saved', 'save': folder / 'again', 'inputs': [pictures], 'targets': [expected], 'steps': 0}
    [seen] = train_in_tfjs(folder, [job])
    if 'error' in seen:
        raise RuntimeError(seen['error'])
    received = np.reshape(seen['predictions'][0], expected.shape)
    return size, float(np.abs(received - expected).max() / np.abs(expected).max())


def main():
    for name in sys.argv[1:] or ALL:
        keras.backend.clear_session()
        with tempfile.TemporaryDirectory() as folder:
            try:
                size, found = difference(name, Path(folder))
                print(f'| {name} | {size} | {found:.0e} |', flush=True)
            except Exception as error:
                print(f'| {name} | | {str(error).splitlines()[0][:200]} |', flush=True)


if __name__ == '__main__':
    main()
