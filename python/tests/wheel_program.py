"""Run from a folder where the wheel is installed in `installed`, and this repository is not on the path."""

import importlib.metadata
from pathlib import Path

import keras
import numpy as np

import tfjs_center_loss

package = Path(tfjs_center_loss.__file__)
assert package.parents[1] == Path('installed').resolve(), package
files = {file.name for file in importlib.metadata.files('tfjs-center-loss')}
assert {'py.typed', 'LICENSE', 'attach.py', 'composed.py'} <= files, files
assert (package.parent / 'py.typed').is_file()

classifier = keras.Sequential([keras.Input((6,)), keras.layers.Dense(4, name='embedding'), keras.layers.Dense(3)])
model = tfjs_center_loss.attach_center_loss(classifier, 'embedding', num_classes=3)
model.compile('sgd', loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
ids = np.arange(12) % 3
model.fit([np.ones((12, 6)), ids], ids, verbose=0)
tfjs_center_loss.save_tfjs(model, 'saved')
assert tfjs_center_loss.detach_center_loss(tfjs_center_loss.load_tfjs('saved')).predict(np.ones((2, 6))).shape == (2, 3)
print(f'The wheel of version {importlib.metadata.version("tfjs-center-loss")} works.')
