"""A model.json is data from anywhere: whatever stands in it, the worst is an error."""

import json
import sys

import keras
import pytest
from keras import Input, Sequential, layers

from tfjs_center_loss import load_tfjs, save_tfjs


@pytest.fixture
def saved(tmp_path):
    """The folder of a good model, and a function that changes its model.json."""
    folder = tmp_path / 'model'
    save_tfjs(Sequential([Input((4,)), layers.Dense(3, name='dense')]), folder)
    file = folder / 'model.json'

    def change(how):
        artifacts = json.loads(file.read_text())
        changed = how(artifacts)
        file.write_text(json.dumps(artifacts if changed is None else changed))

    return folder, change


def _dense(artifacts):
    return artifacts['modelTopology']['config']['layers'][0]


def _weights(artifacts):
    return artifacts['weightsManifest'][0]


def _put(target, key, value):
    def change(artifacts):
        target(artifacts)[key] = value

    return change


def _config(key, value):
    return _put(lambda artifacts: _dense(artifacts)['config'], key, value)


def _spec(key, value):
    return _put(lambda artifacts: _weights(artifacts)['weights'][0], key, value)


_EVIL = {'class_name': 'function', 'module': 'os', 'registered_name': 'function', 'config': 'system'}
_DEEP = '{"class_name": "Sequential", "config": {"name": "s", "layers": [' * 3000

HOSTILE = {
    'no object': (lambda _: [], 'expected a layers model'),
    'a graph model': (_put(lambda a: a, 'format', 'graph-model'), 'expected a layers model'),
    'no topology': (_put(lambda a: a, 'modelTopology', None), 'expected a class_name and its config'),
    'no weights': (_put(lambda a: a, 'weightsManifest', None), 'expected weightsManifest to be a list'),
    'an unknown class': (_put(_dense, 'class_name', 'Exec'), "Exec 'dense': this class is not among those"),
    'a lambda': (_put(_dense, 'class_name', 'Lambda'), "Lambda 'dense': this class is not among those"),
    'a class of a module': (_put(_dense, 'class_name', 'os>system'), 'this class is not among those'),
    'a class that is no text': (_put(_dense, 'class_name', {}), 'expected a class_name and its config'),
    'an unknown model class': (_put(lambda a: a['modelTopology'], 'class_name', 'Own'), 'expected one of the classes'),
    'a function': (_config('activation', _EVIL), 'expected a number, a text'),
    'an unknown activation': (_config('activation', 'os.system'), "no activation 'os.system'"),
    'an unknown initializer': (_config('kernel_initializer', {'class_name': 'Evil', 'config': {}}), "no 'Evil'"),
    'a function as initializer': (_config('kernel_initializer', _EVIL), 'expected a class_name and its config'),
    'an object as a number': (_config('units', _EVIL), 'expected a number, a text'),
    'an unknown argument': (_config('evil', 7), 'no counterpart of evil=7'),
    'a negative size': (_config('units', -3), 'dense'),
    'more weights than there are': (_config('units', 10**12), 'asks for more weights than the 15'),
    'less weights than there are': (_config('units', 2), 'expected shape'),
    'a path out of the folder': (_put(_weights, 'paths', ['../secret.bin']), 'to be in the folder of the model'),
    'a path from the root': (_put(_weights, 'paths', ['/etc/passwd']), 'to be in the folder of the model'),
    'a link out of the folder': (_put(_weights, 'paths', ['link.bin']), 'to be in the folder of the model'),
    'a device': (_put(_weights, 'paths', ['/dev/zero']), 'to be in the folder of the model'),
    'a folder as a file': (_put(_weights, 'paths', ['.']), 'there is no file'),
    'a file that is not there': (_put(_weights, 'paths', ['other.bin']), 'there is no file'),
    'a path that is no text': (_put(_weights, 'paths', [7]), 'expected the path of a file'),
    'a size that lies': (_spec('shape', [4, 3000]), 'expected 48012 bytes of weights .* but got 60'),
    'a size beyond all memory': (_spec('shape', [2**62, 2**62]), 'bytes of weights'),
    'a size below nothing': (_spec('shape', [-4, 3]), 'expected a shape of whole numbers'),
    'another shape of that size': (_spec('shape', [3, 4]), r'expected shape \(4, 3\), but got \(3, 4\)'),
    'a size that is no number': (_spec('shape', ['4', True]), 'expected a shape of whole numbers'),
    'an unknown dtype': (_spec('dtype', 'object'), 'expected one of the dtypes'),
    'quantized weights': (_spec('quantization', {'dtype': 'uint8', 'scale': 1, 'min': 0}), 'is quantized'),
    'a weight of no layer': (_spec('name', 'other/kernel'), "'dense/kernel'. are missing"),
    'two weights of one name': (_spec('name', 'dense/bias'), "two weights are named 'dense/bias'"),
    'an input of objects': (_config('dtype', 'object'), 'expected an input of'),
    'an input without a size': (_config('batch_input_shape', [None, -4]), 'whole numbers and null'),
}


@pytest.mark.parametrize('what', HOSTILE)
def test_is_refused(what, saved, tmp_path):
    folder, change = saved
    how, message = HOSTILE[what]
    (tmp_path / 'secret.bin').write_bytes(bytes(60))
    (folder / 'link.bin').symlink_to(tmp_path / 'secret.bin')
    change(how)
    with pytest.raises(ValueError, match=message) as refused:
        load_tfjs(folder)
    assert str(folder / 'model.json') in str(refused.value)


@pytest.mark.parametrize('text', ['', '{', _DEEP, '"model"'], ids=['nothing', 'half a file', 'depth', 'a text'])
def test_text_that_is_no_model_is_refused(text, saved):
    folder, _ = saved
    (folder / 'model.json').write_text(text)
    with pytest.raises(ValueError, match='model.json'):
        load_tfjs(folder)


def test_weights_that_were_cut_off_are_refused(saved):
    folder, _ = saved
    [weights] = folder.glob('*.bin')
    weights.write_bytes(bytes(59))
    with pytest.raises(ValueError, match='expected 60 bytes of weights .* but got 59'):
        load_tfjs(folder)


def test_a_file_names_no_module_to_import(saved):
    folder, change = saved
    (folder / 'evil_module.py').write_text('raise SystemExit')

    def name_module(artifacts):
        _dense(artifacts).update(module='evil_module', registered_name='evil_module>Dense')

    change(name_module)
    assert type(load_tfjs(folder).layers[0]) is layers.Dense
    assert 'evil_module' not in sys.modules


def test_a_graph_without_a_beginning_is_refused(tmp_path):
    x = Input((4,), name='x')
    save_tfjs(keras.Model(x, layers.Dense(2, name='b')(layers.Dense(2, name='a')(x))), tmp_path)
    file = tmp_path / 'model.json'
    artifacts = json.loads(file.read_text())
    artifacts['modelTopology']['config']['layers'][1]['inbound_nodes'] = [[['b', 0, 0, {}]]]
    file.write_text(json.dumps(artifacts))
    with pytest.raises(ValueError, match=r"inputs of the layers \['a', 'b'\] come from nowhere"):
        load_tfjs(tmp_path)


@pytest.mark.parametrize(
    'key', ['x', ['x', 0], ['x', '0', 0], ['x', 0, 0, {'training': True}], ['y', 0, 0], ['x', 7, 0]]
)
def test_a_graph_of_nonsense_is_refused(key, tmp_path):
    x = Input((4,), name='x')
    save_tfjs(keras.Model(x, layers.Dense(2, name='a')(x)), tmp_path)
    file = tmp_path / 'model.json'
    artifacts = json.loads(file.read_text())
    artifacts['modelTopology']['config']['layers'][1]['inbound_nodes'] = [[key]]
    file.write_text(json.dumps(artifacts))
    with pytest.raises(ValueError, match='a'):
        load_tfjs(tmp_path)


def test_a_folder_without_a_model_is_not_found(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_tfjs(tmp_path)
