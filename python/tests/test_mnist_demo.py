"""The demo's whole way, with few pictures of noise in files like those of MNIST."""

import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tfjs import needs_node

from tfjs_center_loss import CenterLossLayer, load_tfjs

DEMO = Path(__file__).parents[1]
TEST_PICTURES = 200


@pytest.fixture
def pictures(tmp_path):
    random = np.random.default_rng(0)
    for part, count in (('train', 256), ('t10k', TEST_PICTURES)):
        images, labels = random.bytes(count * 28 * 28), random.integers(0, 10, count, 'uint8').tobytes()
        (tmp_path / f'{part}-images-idx3-ubyte').write_bytes(struct.pack('>IIII', 0x803, count, 28, 28) + images)
        (tmp_path / f'{part}-labels-idx1-ubyte').write_bytes(struct.pack('>II', 0x801, count) + labels)
    return tmp_path


def _run(module, *arguments):
    # Without the settings of this process, which are those of other tests.
    environment = {name: value for name, value in os.environ.items() if name not in ('KERAS_BACKEND', 'XLA_FLAGS')}
    command = [sys.executable, '-m', module, *map(str, arguments)]
    return subprocess.run(command, cwd=DEMO, env=environment, capture_output=True, text=True, timeout=600, check=False)


@needs_node
@pytest.mark.backend('jax')
def test_goes_from_keras_to_tensorflow_js_and_back(pictures, tmp_path):
    output = tmp_path / 'models'
    ended = _run('mnist', '--data', pictures, '--output', output, '--epochs', 1, '--batch-size', 64)
    assert ended.returncode == 0, ended.stderr
    assert 'Training with jax on 2 devices' in ended.stdout
    assert f'of {TEST_PICTURES} test pictures right' in ended.stdout
    assert re.search(r'and are classified as( \d){10}\n', ended.stdout)
    assert re.search(r'step 5: loss \d', ended.stdout)
    assert 'One more step in Keras: loss' in ended.stdout

    here, there = ({layer.name: layer for layer in load_tfjs(output / side).layers} for side in ('keras', 'tfjs'))
    assert isinstance(there['center_loss'], CenterLossLayer)
    assert np.abs(there['center_loss'].centers - here['center_loss'].centers).max() > 0
    assert np.abs(there['conv2d'].kernel - here['conv2d'].kernel).max() > 0


@pytest.mark.backend('jax')
def test_tells_unknown_digits_by_their_features(pictures):
    ended = _run('mnist.open_set', '--data', pictures, '--splits', 1, '--epochs', 1)
    assert ended.returncode == 0, ended.stderr
    assert re.search(r'Known: \[2, 4, 5, 9, 8, 3\]\n', ended.stdout)
    assert re.search(r'AUROC: 0\.\d{4} \(distance\), 0\.\d{4} \(relative\)\n', ended.stdout)
