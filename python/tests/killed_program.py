"""Saves are killed at random moments: `killed_program.py FOLDER TIMES`. Prints what was there after each, by count.

It forks, which programs with threads should not; so it runs by itself, on NumPy.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

os.environ['KERAS_BACKEND'] = 'numpy'

import keras
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from tfjs_center_loss import load_tfjs, save_tfjs

folder, times = Path(sys.argv[1]), int(sys.argv[2])
LONGEST_WAIT = 0.03
SIDE = 300


def model_of(value):
    model = keras.Sequential([keras.Input((SIDE,)), keras.layers.Dense(SIDE, name='dense')])
    model.set_weights([np.full(weight.shape, value, 'float32') for weight in model.weights])
    return model


def save_in_turn():
    while True:
        for model in models:
            save_tfjs(model, folder)


def found():
    """Which model is there, whole."""
    try:
        values = {float(value) for weight in load_tfjs(folder).get_weights() for value in np.unique(weight)}
    except (OSError, ValueError) as error:
        return f'no model: {error}'[:200]
    return 'whole' if values in ({1.0}, {2.0}) else f'mixed: {sorted(values)}'


models = [model_of(1.0), model_of(2.0)]
save_tfjs(models[0], folder)
moments = random.Random(0)
seen = Counter()
for _ in range(times):
    child = os.fork()
    if child == 0:
        save_in_turn()
    time.sleep(moments.uniform(0, LONGEST_WAIT))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    seen[found()] += 1
save_tfjs(models[0], folder)
print(json.dumps({'seen': seen, 'files': sorted(file.suffix for file in folder.iterdir())}))
