"""`load_tfjs`: from the files of TensorFlow.js to a model of Keras."""

import json
import os
from pathlib import Path
from typing import Any

import keras

from ..models.attach import output_names_of
from .adam import adam_to_keras
from .saved import class_and_config
from .topology_read import model_to_keras
from .weight_files import read_weights
from .weight_limit import WeightLimit
from .weight_names import weights_by_name


def load_tfjs(folder: str | os.PathLike[str]) -> Any:
    """Loads a layers model that TensorFlow.js has saved.

    Where the file has the state of Adam, as `model.save(..., {includeOptimizer: true})` writes it, the model's
    `optimizer` is an Adam that goes on from there; other optimizers are left out. The loss is not taken from the file:
    `model.compile(model.optimizer, loss=...)`.

    Args:
        folder: The folder of `model.json` and its weights, or the path of a model.json under another name.

    Returns:
        A functional or sequential model of Keras, not compiled. Its outputs have the names of the classifier's, also
        where a `CenterLossLayer` stands at the end.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The files are not those of a layers model, or hold something that Keras has no counterpart of; names
            the layer. Nothing that stands in the files is run: they are data, and only the layers that the documents
            list are made of them.
    """
    file = Path(folder)
    file = file / 'model.json' if file.is_dir() else file
    data = file.read_bytes()
    try:
        return _load(json.loads(data.decode('utf-8')), file.parent)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f'{file}: {error}') from error


def _load(artifacts: Any, folder: Path) -> Any:
    if not isinstance(artifacts, dict) or artifacts.get('format', 'layers-model') != 'layers-model':
        raise ValueError('expected a layers model of TensorFlow.js')
    topology = artifacts.get('modelTopology')
    if isinstance(topology, dict) and 'model_config' in topology:
        topology = topology['model_config']
    class_name, config = class_and_config(topology)
    arrays, of_optimizer = read_weights(artifacts.get('weightsManifest'), folder)
    with WeightLimit(sum(array.size for array in arrays.values())) as limit:
        model = model_to_keras(class_name, config, limit)
    _set_weights(model, arrays)
    if not isinstance(model, keras.Sequential):
        model.output_names = output_names_of(model)
    training = artifacts.get('trainingConfig')
    if isinstance(training, dict):
        # The order in the file is the one that the optimizer's state is in.
        own = weights_by_name(model)
        named = {name: own[name] for name in arrays}
        optimizer = adam_to_keras(training.get('optimizer_config'), of_optimizer, named)
        if optimizer is not None:
            model.optimizer = optimizer
    return model


def _set_weights(model: Any, arrays: dict[str, Any]) -> None:
    own = weights_by_name(model)
    if own.keys() != arrays.keys():
        missing, others = sorted(own.keys() - arrays.keys()), sorted(arrays.keys() - own.keys())
        raise ValueError(f'of the weights of the layers, {missing!r:.200} are missing, and {others!r:.200} are of none')
    for name, variable in own.items():
        if tuple(variable.shape) != arrays[name].shape:
            raise ValueError(f'weight {name!r}: expected shape {tuple(variable.shape)}, but got {arrays[name].shape}')
        variable.assign(arrays[name])
