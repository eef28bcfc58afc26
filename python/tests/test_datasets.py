"""Datasets of `(x, y)` for a model that takes the labels as well; labels that are looked at before training."""

import keras
import numpy as np
import pytest

from tfjs_center_loss import attach_center_loss, center_loss_layer_of, check_labels, with_labels

random = np.random.default_rng(0)
X = random.normal(size=(24, 6)).astype('float32')
IDS = random.integers(0, 3, 24, dtype='int32')


def attached(inputs=None):
    x = keras.Input((6,), name='x')
    features = keras.layers.Dense(4, name='embedding')(x)
    classifier = keras.Model({'x': x} if inputs == 'dictionary' else x, keras.layers.Dense(3, name='logits')(features))
    constant = np.random.default_rng(3)
    classifier.set_weights([constant.normal(size=weight.shape) for weight in classifier.get_weights()])
    model = attach_center_loss(classifier, 'embedding', 3)
    model.compile('sgd', loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


class Batches(keras.utils.PyDataset):
    def __init__(self, x, y):
        super().__init__()
        self.x, self.y, self.epochs = x, y, []

    @property
    def num_batches(self):
        return 3

    def __getitem__(self, index):
        batch = slice(8 * index, 8 * index + 8)
        x = {name: values[batch] for name, values in self.x.items()} if isinstance(self.x, dict) else self.x[batch]
        return x, self.y[batch]

    def on_epoch_end(self):
        self.epochs.append('end')


def tf_data(x, y):
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices((x, y)).batch(8)


@pytest.mark.parametrize('make', [Batches, tf_data])
@pytest.mark.parametrize('inputs', ['array', 'dictionary'])
def test_trains_as_arrays_do(make, inputs):
    expected, model = attached(inputs), attached(inputs)
    given = {'x': X} if inputs == 'dictionary' else X
    labelled = {'x': X, 'label': IDS} if inputs == 'dictionary' else [X, IDS]
    expected.fit(labelled, IDS, batch_size=8, shuffle=False, verbose=0, epochs=2)
    dataset = make(given, IDS)
    model.fit(with_labels(dataset), shuffle=False, verbose=0, epochs=2)
    assert center_loss_layer_of(model).get_weights()[0].any()
    for one, other in zip(model.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    # Keras looks at a dataset once before the first epoch, to build the model.
    assert len(getattr(dataset, 'epochs', ['end'] * 2)) >= 2


def test_pictures_of_a_folder(tmp_path):
    import tensorflow as tf

    for name in ('cat', 'dog'):
        (tmp_path / name).mkdir()
        for number in range(4):
            picture = tf.io.encode_png(random.integers(0, 255, (8, 8, 3), dtype='uint8'))
            tf.io.write_file(str(tmp_path / name / f'{number}.png'), picture)
    dataset = keras.utils.image_dataset_from_directory(tmp_path, image_size=(8, 8), batch_size=4, verbose=False)
    pictures = keras.Input((8, 8, 3))
    features = keras.layers.Dense(4, name='embedding')(keras.layers.Flatten()(pictures))
    model = attach_center_loss(keras.Model(pictures, keras.layers.Dense(2)(features)), 'embedding', 2)
    model.compile('sgd', loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    check_labels(dataset, num_classes=2)
    model.fit(with_labels(dataset), verbose=0)
    assert center_loss_layer_of(model).get_weights()[0].any()


def test_weights_of_samples_stay_where_they_are():
    inputs, y, weights = with_labels(Weighted())[0]
    assert with_labels(Weighted()).workers == 3
    assert [inputs[0] is X, inputs[1] is IDS, y is IDS, weights.tolist()] == [True, True, True, [1.0] * 24]


class Weighted(Batches):
    def __init__(self):
        super().__init__(X, IDS)
        self.workers = 3

    def __getitem__(self, index):
        return X, IDS, np.ones(24)


@pytest.mark.parametrize('dataset', [[(X, IDS)], X, iter([(X, IDS)])], ids=['a list', 'an array', 'an iterator'])
def test_anything_else_is_refused(dataset):
    with pytest.raises(ValueError, match='with_labels: expected a tf.data.Dataset or a keras.utils.PyDataset, but got'):
        with_labels(dataset)


class Unlabelled(Batches):
    def __getitem__(self, index):
        return X


def test_a_dataset_without_labels_is_refused():
    with pytest.raises(ValueError, match=r'expected a dataset of \(x, y\) or'):
        with_labels(Unlabelled(X, IDS))[0]


BAD = [
    (np.array([0, 1, 3]), {}, 'from 0 to 2, but got 3 at index 2'),
    (np.array([0, -1, 3]), {'ignore_class': -1}, 'from 0 to 2, or the ignored class -1, but got 3 at index 2'),
    (np.array([[0], [1.5]]), {}, 'but got 1.5 at index 1'),
    (np.array([np.nan]), {}, 'but got nan at index 0'),
    (np.array([0, 2**32 + 1], 'uint64'), {}, 'but got 4294967297 at index 1'),
    (np.array(['cat']), {}, 'expected labels to be numbers'),
    (Batches(X, np.where(np.arange(24) == 20, 7, IDS)), {}, 'but got 7 at index 20'),
]


@pytest.mark.parametrize(('labels', 'more', 'message'), BAD)
def test_labels_are_checked_before_training(labels, more, message):
    with pytest.raises(ValueError, match=f'check_labels: expected labels to be .*{message}|{message}'):
        check_labels(labels, num_classes=3, **more)


def test_good_labels_pass():
    for labels in (IDS, IDS.astype('float32'), IDS.tolist(), Batches(X, IDS), tf_data(X, IDS)):
        check_labels(labels, num_classes=3)
    check_labels(np.array([0, 255]), num_classes=3, ignore_class=255)
