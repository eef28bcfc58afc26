"""`save_tfjs`: from a model of Keras to the files of TensorFlow.js."""

import json
import os
import shutil
from pathlib import Path

import keras

from .adam import adam_to_tfjs
from .topology_write import model_to_tfjs
from .weight_files import optimizer_weights_to_save, weights_to_save
from .weight_names import weights_by_name

_MODEL_FILE = 'model.json'
_WEIGHTS_FILE = 'weights.bin'


def save_tfjs(model, folder, include_optimizer=False):
    """Saves a model as `tf.loadLayersModel` of TensorFlow.js reads it.

    A model with a `CenterLossLayer` needs `tfjs-center-loss` to be imported there.

    Args:
        model: A functional or sequential model of Keras, with models within it or without.
        folder: Where `model.json` and `weights.bin` go. It is made if there is none; a model in it is replaced.
        include_optimizer: Whether the state of Adam goes with it. TensorFlow.js finds no loss in the file, and is told
            with `model.compile({optimizer: model.optimizer, loss: ...})`.

    Raises:
        ValueError: The model has something that TensorFlow.js has no counterpart of; names the layer and the reason.
            Nothing has been written then.
    """
    named = weights_by_name(model)
    specs, arrays = weights_to_save({name: _values(variable) for name, variable in named.items()})
    artifacts = {
        'format': 'layers-model',
        'generatedBy': f'Keras {keras.__version__}',
        'convertedBy': 'tfjs-center-loss',
        'modelTopology': model_to_tfjs(model),
    }
    if include_optimizer:
        optimizer, state = adam_to_tfjs(getattr(model, 'optimizer', None), named)
        artifacts['trainingConfig'] = {'loss': {}, 'metrics': [], 'optimizer_config': optimizer}
        more_specs, more_arrays = optimizer_weights_to_save(state)
        specs, arrays = specs + more_specs, arrays + more_arrays
    artifacts['weightsManifest'] = [{'paths': [_WEIGHTS_FILE], 'weights': specs}]
    _write(Path(folder), json.dumps(artifacts, allow_nan=False), arrays)


def _values(variable):
    return keras.ops.convert_to_numpy(variable)


def _write(folder, model_json, arrays):
    """The model file goes first and comes last: where there is one, it belongs to the weights beside it."""
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    new_weights, new_model = folder / f'{_WEIGHTS_FILE}.new', folder / f'{_MODEL_FILE}.new'
    try:
        with new_weights.open('wb') as file:
            for array in arrays:
                file.write(array.tobytes())
        new_model.write_text(model_json, encoding='utf-8')
        (folder / _MODEL_FILE).unlink(missing_ok=True)
        os.replace(new_weights, folder / _WEIGHTS_FILE)
        os.replace(new_model, folder / _MODEL_FILE)
    except BaseException:
        new_weights.unlink(missing_ok=True)
        new_model.unlink(missing_ok=True)
        if made:
            shutil.rmtree(folder)
        raise
