"""`save_tfjs`: from a model of Keras to the files of TensorFlow.js."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras

from .adam import adam_to_tfjs
from .topology_write import model_to_tfjs
from .weight_files import optimizer_weights_to_save, weights_to_save
from .weight_names import weights_by_name

_MODEL_FILE = 'model.json'
_OURS = re.compile(r'weights-[0-9a-f]{16}\.bin(\.new)?|model\.json\.new')


def save_tfjs(model: Any, folder: str | os.PathLike[str], include_optimizer: bool = False) -> None:
    """Saves a model as `tf.loadLayersModel` of TensorFlow.js reads it.

    A model with a `CenterLossLayer` needs `tfjs-center-loss` to be imported there.

    Args:
        model: A functional or sequential model of Keras, with models within it or without.
        folder: Where `model.json` goes, and the weights beside it in a file `weights-....bin` that is named by what is
            in it. The folder is made if there is none. A model in it is replaced without a question, in one step: when
            the process or the machine stops in the midst of it, the old model is there, or the new one.
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
    weights_file = _name_of(arrays)
    artifacts['weightsManifest'] = [{'paths': [weights_file], 'weights': specs}]
    _write(Path(folder), weights_file, json.dumps(artifacts, allow_nan=False), arrays)


def _values(variable: Any) -> Any:
    return keras.ops.convert_to_numpy(variable)


def _name_of(arrays: list[Any]) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(array.tobytes())
    return f'weights-{digest.hexdigest()[:16]}.bin'


def _write(folder: Path, weights_file: str, model_json: str, arrays: list[Any]) -> None:
    """New weights first, under a name of their own; then the model file, in one step; then the old weights go."""
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    old = _weights_in_use(folder)
    try:
        _put(folder / weights_file, (array.tobytes() for array in arrays))
        _put(folder / _MODEL_FILE, [model_json.encode()])
    except BaseException:
        if made:
            shutil.rmtree(folder)
        else:
            _remove_unused(folder, set())
        raise
    _remove_unused(folder, old)


def _put(file: Path, parts: Iterable[bytes]) -> None:
    """Writes a file so that it is there whole, or as it was before."""
    new = file.with_name(f'{file.name}.new')
    with new.open('wb') as stream:
        for part in parts:
            stream.write(part)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(new, file)
    if os.name == 'posix':
        # Else the order in which names change may not be that of the disk.
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _weights_in_use(folder: Path) -> set[str]:
    """The weight files in the folder that its model names."""
    try:
        manifest = json.loads((folder / _MODEL_FILE).read_text(encoding='utf-8'))['weightsManifest']
        paths = {path for group in manifest for path in group['paths']}
        # Whatever stands there, nothing but weights beside the model is ever removed.
        return {file.name for file in folder.iterdir() if file.name in paths and file.suffix == '.bin'}
    except (OSError, ValueError, TypeError, KeyError):
        return set()


def _remove_unused(folder: Path, old: set[str]) -> None:
    """Removes old weights, and what saves that were stopped have left, unless the model in the folder needs it."""
    in_use = _weights_in_use(folder)
    for file in list(folder.iterdir()):
        if (file.name in old or _OURS.fullmatch(file.name)) and file.name not in in_use:
            file.unlink(missing_ok=True)
