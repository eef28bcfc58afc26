"""Every form of labels, good and bad, eager and compiled."""

import keras
import numpy as np
import pytest

from tfjs_center_loss import CenterLossLayer

FEATURES = np.array([[1, 0], [0, 2], [3, 3], [5, -5]], 'float32')
IDS = np.array([0, 1, 1, 2], 'int32')
ONE_HOT = np.eye(3, dtype='float32')[IDS]


def centers_after_a_step(labels, compiled=False, **layer_args):
    layer = CenterLossLayer(3, name='mine', **layer_args)
    if compiled:
        features, targets = keras.Input((2,)), keras.Input(labels.shape[1:], dtype=str(labels.dtype))
        # A weight, since some backends do not compile a model that has nothing to train.
        trained = keras.layers.Dense(2, kernel_initializer='identity')(features)
        model = keras.Model([features, targets], layer([trained, targets]))
        model.compile('sgd')
        model.train_on_batch([FEATURES, labels])
    else:
        layer([FEATURES, labels], training=True)
    return layer.get_weights()[0]


EXPECTED = np.array([[0.3, 0], [0.6, 1], [1.5, -1.5]], 'float32')


@pytest.mark.parametrize(
    'labels',
    [IDS, IDS[:, None], IDS.astype('float32'), IDS.astype('int64'), IDS.astype('uint8'), IDS.astype('float16')],
    ids=['int32', 'column', 'float32', 'int64', 'uint8', 'float16'],
)
def test_class_ids_of_every_kind(labels):
    np.testing.assert_allclose(centers_after_a_step(labels), EXPECTED, rtol=1e-6)


@pytest.mark.parametrize(
    'labels',
    [ONE_HOT, ONE_HOT.astype('int32'), ONE_HOT.astype('bool'), ONE_HOT * 0.4 + 0.2, ONE_HOT[:, None, :].squeeze(1)],
    ids=['float32', 'int32', 'bool', 'probabilities', 'squeezed'],
)
def test_one_hot_labels_of_every_kind(labels):
    np.testing.assert_allclose(centers_after_a_step(labels), EXPECTED, rtol=1e-6)


def test_with_one_class_a_last_axis_of_one_holds_ids():
    layer = CenterLossLayer(1)
    layer([FEATURES, np.zeros((4, 1))], training=True)
    assert layer.get_weights()[0].any()


@pytest.mark.parametrize('row', [[0, 0, 0], [1, 1, 1], [0.5, 0.5, 0], [0, 1, 1], [np.nan, 1, 0]])
def test_a_row_without_one_largest_entry_or_with_a_nan_has_no_class(row):
    labels = ONE_HOT.copy()
    labels[3] = row
    for compiled in (False, True):
        np.testing.assert_allclose(
            centers_after_a_step(labels, compiled), [*EXPECTED[:2], [0, 0]], rtol=1e-6, atol=1e-7
        )


def test_class_ids_of_as_many_steps_as_there_are_classes_have_an_axis_of_their_own():
    steps = np.ones((2, 3, 2), 'float32')
    ids = np.array([[0, 1, 0], [0, 0, 1]])
    layer = CenterLossLayer(3)
    with pytest.raises(ValueError, match=r'class ids of shape \(2, 3, 1\), or one-hot of shape \(2, 3, 3\)'):
        layer([steps, ids], training=True)
    layer([steps, ids])
    layer([steps, ids[..., None]], training=True)
    assert layer.get_weights()[0][:2].all()


def test_class_ids_of_sequences_of_any_length_are_what_they_are():
    features, labels = keras.Input((None, 2)), keras.Input((None,), dtype='int32')
    trained = keras.layers.Dense(2, kernel_initializer='identity')(features)
    model = keras.Model([features, labels], CenterLossLayer(3, name='mine')([trained, labels]))
    model.compile('sgd')
    model.train_on_batch([np.ones((2, 3, 2), 'float32'), np.array([[0, 1, 0], [0, 0, 1]], 'int32')])
    assert model.get_layer('mine').get_weights()[0][:2].all()


BAD = [
    (np.array([0, 1, 1, 3]), '3 at index 3'),
    (np.array([0, 1, 1, -1]), '-1 at index 3'),
    (np.array([0, 1, 1, 1.5], 'float32'), '1.5 at index 3'),
    (np.array([0, 1, 1, np.nan], 'float32'), 'nan at index 3'),
    (np.array([0, 1, 1, np.inf], 'float32'), 'inf at index 3'),
    (np.array([0, 1, 1, 3e9], 'float32'), '3000000000.0 at index 3'),
]


@pytest.mark.parametrize(('labels', 'what'), BAD, ids=[what for _, what in BAD])
def test_a_bad_label_is_an_error_when_run_eagerly_and_takes_no_part_when_compiled(labels, what):
    with pytest.raises(ValueError, match=f"'mine': expected labels to be integers from 0 to 2, but got {what}"):
        centers_after_a_step(labels)
    if keras.backend.backend() == 'torch':
        # It compiles nothing unless it is told to.
        return
    np.testing.assert_allclose(
        centers_after_a_step(labels, compiled=True), [*EXPECTED[:2], [0, 0]], rtol=1e-6, atol=1e-7
    )


def test_a_bad_label_changes_nothing():
    layer = CenterLossLayer(3)
    layer.build([(None, 2), (None,)])
    layer.metric()
    before = [variable.numpy() for variable in layer.variables]
    with pytest.raises(ValueError, match='expected labels'):
        layer([FEATURES, IDS + 1], training=True)
    assert layer.losses == []
    np.testing.assert_equal([variable.numpy() for variable in layer.variables], before)


def test_a_bad_label_is_an_error_in_fit_that_runs_eagerly():
    features, labels = keras.Input((2,)), keras.Input((), dtype='int32')
    layer = CenterLossLayer(3, name='mine')
    model = keras.Model([features, labels], layer([keras.layers.Dense(2)(features), labels]))
    model.compile('sgd', run_eagerly=True)
    with pytest.raises(ValueError, match='but got 4 at index 0'):
        model.train_on_batch([FEATURES, IDS + 4])


def test_the_ignored_class_may_be_any_integer_and_is_named_in_the_error():
    labels = np.array([0, 1, 1, 255])
    np.testing.assert_allclose(
        centers_after_a_step(labels, ignore_class=255), [*EXPECTED[:2], [0, 0]], rtol=1e-6, atol=1e-7
    )
    with pytest.raises(ValueError, match='from 0 to 2, or the ignored class 255, but got -1 at index 0'):
        centers_after_a_step(np.array([-1, 1, 1, 255]), ignore_class=255)


def test_an_ignored_class_among_the_classes_keeps_its_center():
    centers = centers_after_a_step(IDS, ignore_class=1)
    np.testing.assert_allclose(centers, [EXPECTED[0], [0, 0], EXPECTED[2]], rtol=1e-6)


def test_class_ids_that_float32_cannot_hold_are_told_apart():
    layer = CenterLossLayer(2**24 + 2)
    layer([np.ones((1, 1), 'float32'), np.array([2**24 + 1], 'int32')], training=True)
    assert np.flatnonzero(layer.get_weights()[0]).tolist() == [2**24 + 1]
