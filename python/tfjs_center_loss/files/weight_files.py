"""The weights of a saved model: a list of names, shapes and dtypes, and files with their bytes, one after the other."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

_DTYPES = {'float32': np.dtype('<f4'), 'int32': np.dtype('<i4'), 'bool': np.dtype('?')}
_OPTIMIZER = 'optimizer'


def read_weights(manifest: Any, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arrays of the model and those of the optimizer, each a dictionary by name, in the order of the manifest.

    Reads nothing before it has checked that the files are in the folder and of the very size that the manifest says.
    """
    if not isinstance(manifest, list):
        raise ValueError(f'expected weightsManifest to be a list, but got {manifest!r:.100}')
    files = [_Files(group, folder) for group in manifest]
    model, optimizer = {}, {}
    for group in files:
        for name, of_optimizer, array in group.read():
            arrays = optimizer if of_optimizer else model
            if name in arrays:
                raise ValueError(f'two weights are named {name!r}')
            arrays[name] = array
    return model, optimizer


class _Files:
    """A group of the manifest: some files, and the weights that they hold together."""

    def __init__(self, group: Any, folder: Path) -> None:
        lists = [group.get(key) for key in ('paths', 'weights')] if isinstance(group, dict) else [None]
        if not all(isinstance(one, list) for one in lists):
            raise ValueError(f'expected paths and weights in the weightsManifest, but got {group!r:.100}')
        self.specs = [_checked(spec) for spec in group['weights']]
        self.files = [_file_in(folder, path) for path in group['paths']]
        expected = sum(_size_of(shape, dtype) for _, shape, dtype, _ in self.specs)
        received = sum(file.stat().st_size for file in self.files)
        if received != expected:
            raise ValueError(f'expected {expected} bytes of weights in {group["paths"]!r:.100}, but got {received}')

    def read(self) -> Iterator[tuple[str, bool, Any]]:
        """Each weight's name, whether it is the optimizer's, and its values."""
        data = b''.join(file.read_bytes() for file in self.files)
        offset = 0
        for name, shape, dtype, group in self.specs:
            size = _size_of(shape, dtype)
            yield name, group == _OPTIMIZER, np.frombuffer(data[offset : offset + size], dtype).reshape(shape)
            offset += size


def _checked(spec: Any) -> tuple[str, list[int], Any, Any]:
    if not (isinstance(spec, dict) and isinstance(spec.get('name'), str)):
        raise ValueError(f'expected a weight with a name, but got {spec!r:.100}')
    name, shape, dtype = spec['name'], spec.get('shape'), spec.get('dtype')
    if 'quantization' in spec:
        raise ValueError(f'weight {name!r}: is quantized, so that training could not go on; save it without')
    if not (isinstance(shape, list) and all(type(size) is int and size >= 0 for size in shape)):
        raise ValueError(f'weight {name!r}: expected a shape of whole numbers, but got {shape!r:.100}')
    if not (isinstance(dtype, str) and dtype in _DTYPES):
        raise ValueError(f'weight {name!r}: expected one of the dtypes {list(_DTYPES)}, but got {dtype!r:.100}')
    return name, shape, _DTYPES[dtype], spec.get('group')


def _size_of(shape: list[int], dtype: Any) -> int:
    return math.prod(shape) * dtype.itemsize


def _file_in(folder: Path, path: Any) -> Path:
    if not isinstance(path, str):
        raise ValueError(f'expected the path of a file with weights, but got {path!r:.100}')
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise ValueError(f'expected the files with weights to be in the folder of the model, but got {path!r:.200}')
    if not file.is_file():
        raise ValueError(f'there is no file {path!r:.200} beside the model')
    return file


def weights_to_save(named: dict[str, Any], group: str | None = None) -> tuple[list[Any], list[Any]]:
    """`(specs, arrays)`: the list of weights as the manifest has it, and their values as their file has them."""
    specs, arrays = [], []
    for name, array in named.items():
        array = np.asarray(array)
        kind = 'float32' if array.dtype.kind == 'f' or array.dtype.name == 'bfloat16' else array.dtype.name
        if kind not in _DTYPES or array.dtype == np.float64:
            raise ValueError(f'weight {name!r}: TensorFlow.js has no weights of dtype {array.dtype}')
        specs.append({'name': name, 'shape': list(array.shape), 'dtype': kind, **({'group': group} if group else {})})
        arrays.append(array.astype(_DTYPES[kind]))
    return specs, arrays


def optimizer_weights_to_save(named: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """As `weights_to_save`, of the state of an optimizer."""
    return weights_to_save(named, _OPTIMIZER)
