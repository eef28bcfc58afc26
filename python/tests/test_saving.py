"""Saving and loading, interrupted and at the same time."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import Input, Sequential, layers

from tfjs_center_loss import load_tfjs, save_tfjs

KILLS = 30


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='needs fork')
def test_a_save_that_is_killed_leaves_the_old_model_or_the_new_one(tmp_path):
    program = Path(__file__).with_name('killed_program.py')
    ended = subprocess.run(
        [sys.executable, program, tmp_path / 'model', str(KILLS)], capture_output=True, text=True, timeout=600
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == {'seen': {'whole': KILLS}, 'files': ['.bin', '.json']}


def test_the_weights_of_the_model_before_go_and_nothing_else(tmp_path):
    save_tfjs(Sequential([Input((4,)), layers.Dense(3)]), tmp_path)
    # As TensorFlow.js and older versions name them.
    [weights] = tmp_path.glob('weights-*.bin')
    weights.rename(tmp_path / 'weights.bin')
    text = (tmp_path / 'model.json').read_text().replace(weights.name, 'weights.bin", "../notes.bin", "notes.txt')
    (tmp_path / 'model.json').write_text(text)
    for name in ('notes.txt', 'other.bin'):
        (tmp_path / name).write_text('mine')
    save_tfjs(Sequential([Input((4,)), layers.Dense(3)]), tmp_path)
    [weights] = tmp_path.glob('weights*')
    assert {file.name for file in tmp_path.iterdir()} == {'model.json', weights.name, 'notes.txt', 'other.bin'}


def test_threads_load_beside_each_other_and_keras_stays_as_it_was(tmp_path):
    save_tfjs(Sequential([Input((4,)), layers.Dense(3), layers.Dense(2)]), tmp_path)
    add_weight = keras.layers.Layer.add_weight

    def load(_):
        model = load_tfjs(tmp_path)
        # A model that is made here meanwhile is nobody's business.
        Sequential([Input((50,)), layers.Dense(50)])
        return model.get_weights()

    with ThreadPoolExecutor(4) as pool:
        loaded = list(pool.map(load, range(40)))
    assert keras.layers.Layer.add_weight is add_weight
    for weights in loaded[1:]:
        for one, other in zip(weights, loaded[0], strict=True):
            np.testing.assert_array_equal(one, other)
    # What was loaded is a model like any other: it can take more weights.
    model = load_tfjs(tmp_path)
    assert 'add_weight' not in vars(model.layers[0])
