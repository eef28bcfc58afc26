"""Runs the Python of docs/keras.md, section by section, as a reader would."""

import pathlib
import re
import warnings

import keras
import numpy as np
import pytest
from test_processes import free_port, run_processes

from tfjs_center_loss import CenterLossLayer, RecognizerData, center_loss_layer_of, load_tfjs, save_tfjs

PAGE = pathlib.Path(__file__).parents[2] / 'docs/keras.md'
PACKAGE = pathlib.Path(__file__).parents[1]
OF_OTHERS = '# theirs, Keras 2\n'
SECTIONS = {
    title: [block for block in re.findall(r'```python\n(.*?)```', text, re.DOTALL) if not block.startswith(OF_OTHERS)]
    for title, text in re.findall(
        r'^##+ ([^\n]*)\n(.*?)(?=^##|\Z)', PAGE.read_text(encoding='utf-8'), re.DOTALL | re.MULTILINE
    )
}
TESTED = [
    'Train with center loss',
    'Labels, weights and datasets',
    'The layer by hand',
    'Your own loop',
    'From the browser to Keras and back',
    'Name a class, or none',
    'Many devices',
    'Several machines',
    'The one-hot layer',
    'The article',
    'Centers in an Embedding',
]

random = np.random.default_rng(0)
IMAGES = random.random((64, 28, 28, 1), dtype='float32')
CLASS_IDS = random.integers(0, 10, 64, dtype='int32')


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The folder that the examples run in, with a model that came from a browser."""
    # The labels' last axis is open, as attachCenterLoss leaves it.
    pictures, labels = keras.Input((28, 28, 1)), keras.Input((None,))
    features = keras.layers.Dense(4, name='features')(keras.layers.Flatten()(pictures))
    logits = keras.layers.Dense(10, name='logits')(features)
    layer = CenterLossLayer(num_classes=10, reduction='mean', name='center_loss')
    save_tfjs(keras.Model([pictures, labels], layer([features, labels, logits])), tmp_path / 'from-browser')
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    keras.distribution.set_distribution(None)


def run(blocks, **names):
    names = {'images': IMAGES, 'class_ids': CLASS_IDS, **names}
    for block in blocks:
        exec(compile(block, PAGE.name, 'exec'), names)
    return names


def test_every_section_with_python_has_its_test():
    assert [title for title, blocks in SECTIONS.items() if blocks] == TESTED


def test_train_with_center_loss():
    names = run(SECTIONS['Train with center loss'])
    assert names['class_of_picture'].shape == (64,)
    assert names['features'].shape == (64, 64)
    assert names['centers'].any()
    assert names['center_loss'].alpha == 0.3
    assert len(names['history']['center_loss']) == 2


def test_labels_weights_and_datasets():
    # The first block is for a model that the section makes later.
    names = run(SECTIONS['Labels, weights and datasets'])
    centers = center_loss_layer_of(names['model']).get_weights()[0]
    assert [class_id for class_id in range(10) if not centers[class_id].any()] == [7]


def test_the_layer_by_hand():
    assert run(SECTIONS['The layer by hand'])['model'].get_layer('center_loss').get_weights()[0].any()


def run_loop(block):
    """Runs the model of one's own, fits it, and then the loop, which must learn as well."""
    model, *_ = SECTIONS['Your own loop']
    names = run([model])
    before = [weight.numpy() for weight in names['model'].weights]
    assert names['model'].center_loss.get_weights()[0].any()
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        exec(compile(block, PAGE.name, 'exec'), names)
    for one, other in zip(names['model'].weights, before, strict=True):
        assert np.abs(one.numpy() - other).max() > 1e-4, one.path


@pytest.mark.backend('tensorflow')
def test_a_loop_with_a_gradient_tape():
    run_loop(SECTIONS['Your own loop'][1])


@pytest.mark.backend('jax')
def test_a_loop_with_stateless_calls():
    run_loop(SECTIONS['Your own loop'][2])


def test_name_a_class_or_none(folder):
    names = run(SECTIONS['Name a class, or none'])
    data = RecognizerData.from_json((folder / 'recognizer.json').read_text())
    np.testing.assert_array_equal(data.centers, names['centers'])
    accepted = sum(name is not None for name in names['named'])
    assert (data.threshold, accepted) == (names['threshold'], 31)


def test_the_readme_of_the_package():
    [block] = re.findall(r'```python\n(.*?)```', (PACKAGE / 'README.md').read_text(encoding='utf-8'), re.DOTALL)
    assert run([block])['classes'].shape == (64,)


def test_from_the_browser_to_keras_and_back(folder):
    names = run(SECTIONS['From the browser to Keras and back'])
    for one, other in zip(load_tfjs(folder / 'for-browser').get_weights(), names['model'].get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.backend('jax')
def test_many_devices_with_jax():
    names = run(SECTIONS['Many devices'][:2])
    assert names['model'].get_layer('center_loss').centers.value.addressable_shards[0].data.shape == (5, 4)
    names['model'].compile('sgd', names['keras'].losses.SparseCategoricalCrossentropy(from_logits=True))
    names['model'].fit([IMAGES, CLASS_IDS[:, None]], CLASS_IDS, verbose=0)


@pytest.mark.backend('tensorflow')
def test_many_devices_with_tensorflow(folder):
    *_, block = SECTIONS['Many devices']
    np.savez(folder / 'training.npz', images=IMAGES, class_ids=CLASS_IDS)
    # In a process of its own, since a second strategy in one process disturbs the first.
    (folder / 'mirrored.py').write_text(
        'import keras\nimport numpy as np\nfrom tfjs_center_loss import load_tfjs\n'
        "images, class_ids = np.load('training.npz').values()\n" + block
    )
    run_processes(folder / 'mirrored.py', lambda process: [], processes=1, cwd=folder)


@pytest.mark.backend('jax')
def test_several_machines(folder):
    (program,) = SECTIONS['Several machines']
    # In the order of the file, to compare with one process.
    (folder / 'train.py').write_text(program.replace('epochs=2', 'epochs=2, shuffle=False'))
    np.savez(folder / 'training.npz', images=IMAGES, class_ids=CLASS_IDS)
    address = f'127.0.0.1:{free_port()}'
    run_processes(folder / 'train.py', lambda process: [process, 2, address], cwd=folder)
    alone = load_tfjs(folder / 'from-browser')
    alone.compile(keras.optimizers.SGD(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    alone.fit([IMAGES, CLASS_IDS[:, None]], CLASS_IDS, batch_size=32, epochs=2, shuffle=False, verbose=0)
    for one, other in zip(load_tfjs(folder / 'for-browser').get_weights(), alone.get_weights(), strict=True):
        # Sums in another order.
        np.testing.assert_allclose(one, other, atol=1e-6)


class OneHotLayer(keras.layers.Layer):
    """The layer that goes round, in Keras 3: its formulas and its weight."""

    def build(self, shapes):
        self.centers = self.add_weight(
            name='centers', shape=(shapes[1][1], shapes[0][1]), initializer='random_uniform', trainable=False
        )

    def call(self, inputs, training=False):
        features, one_hot = inputs
        difference = keras.ops.matmul(one_hot, self.centers) - features
        if training:
            counts = keras.ops.sum(one_hot, axis=0)[:, None] + 1
            delta = keras.ops.matmul(keras.ops.transpose(one_hot), difference) / counts
            self.centers.assign(self.centers - 0.5 * delta)
        return keras.ops.sum(difference**2, axis=1, keepdims=True)


def zero_loss(y_true, y_pred):
    return 0.5 * keras.ops.sum(y_pred, axis=0)


def test_the_one_hot_layer_and_its_weights(folder):
    pictures, labels = keras.Input((28, 28, 1)), keras.Input((10,))
    features = keras.layers.Dense(2, name='features')(keras.layers.Flatten()(pictures))
    softmax = keras.layers.Dense(10, activation='softmax', name='main_out')(features)
    theirs = keras.Model([pictures, labels], [softmax, OneHotLayer(name='centerlosslayer')([features, labels])])
    theirs.compile(keras.optimizers.SGD(0.01), loss=['categorical_crossentropy', zero_loss], loss_weights=[1, 0.01])
    theirs.save(folder / 'old.h5')
    *blocks, _ = SECTIONS['The one-hot layer'][0].split('model.fit')
    ours = run([*blocks])
    one_hot = ours['one_hot']
    data = {'shuffle': False, 'epochs': 2, 'verbose': 0}
    their_loss = theirs.fit([IMAGES, one_hot], [one_hot, np.zeros((64, 1))], **data).history['loss']
    our_loss = ours['model'].fit([IMAGES, one_hot], one_hot, **data).history['loss']
    assert our_loss == pytest.approx(their_loss, rel=1e-5)
    for name in ['features', 'main_out', 'centerlosslayer']:
        for one, other in zip(
            ours['model'].get_layer(name).get_weights(), theirs.get_layer(name).get_weights(), strict=True
        ):
            np.testing.assert_allclose(one, other, atol=1e-6)


def test_the_article(folder):
    np.save(folder / 'centers.npy', np.ones((10, 10)))
    before_training, _ = SECTIONS['The article'][0].split('model.compile')
    names = run([before_training])
    np.testing.assert_array_equal(names['center_loss'].get_weights()[0], np.ones((10, 10)))
    run(SECTIONS['The article'])


def test_centers_in_an_embedding():
    names = run(SECTIONS['Centers in an Embedding'])
    np.testing.assert_array_equal(names['center_loss'].get_weights()[0], names['embedding'].get_weights()[0])


def test_pages_that_this_page_points_to_are_there():
    for target in re.findall(r'\]\(([^)#:]+)(?:#[^)]*)?\)', PAGE.read_text(encoding='utf-8')):
        assert (PAGE.parent / target).exists(), target
