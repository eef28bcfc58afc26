"""The same files, trained in Keras and in TensorFlow.js: the same weights and centers, in both directions."""

from types import SimpleNamespace

import architectures
import keras
import numpy as np
import pytest
from tfjs import batch_for, needs_node, one_or_all, run_node, train_in_keras, train_in_tfjs

from tfjs_center_loss import center_loss_layer_of, detach_center_loss, feature_model, load_tfjs, save_tfjs
from tfjs_center_loss.files.weight_names import weights_by_name

pytestmark = needs_node

STEPS = 20
FURTHER_STEPS = 10

# Sums of float32 in another order; the largest difference seen is 5e-7.
TOLERANCE = 1e-6

FROM_TFJS = [
    'attached',
    'center loss in a nested model',
    'convolutions and batch normalization',
    'embedding in a sequential model',
    'initial states',
    'masked sequences',
    'one-hot labels, mean',
    'recurrent layers with their defaults',
    'regularizers and frozen layers',
    'sequential',
    'shared layers and nested models',
    'time distributed',
]
FROM_KERAS = [make.__name__ for make in architectures.TRAIN]
UNTRAINED = [make.__name__ for make in architectures.PREDICT_ONLY]


@pytest.fixture(scope='module')
def courses(tmp_path_factory):
    """What became of each model: from its first file, trained on both sides; written back by Keras, and trained on."""
    folder = tmp_path_factory.mktemp('models')
    # Else the weights would depend on the tests before, and with them how far rounding grows in twenty steps.
    keras.utils.set_random_seed(0)
    for make in architectures.TRAIN + architectures.PREDICT_ONLY:
        save_tfjs(make(), folder / make.__name__)
    run_node('make.ts', folder)

    courses = {name: _first_course(folder, name) for name in FROM_KERAS + UNTRAINED + FROM_TFJS}
    results = train_in_tfjs(folder, [one.job for one in courses.values()])
    for course, seen in zip(courses.values(), results, strict=True):
        course.seen = seen
    for course in courses.values():
        _train_on(course)
    further = [one for one in courses.values() if one.steps]
    for course, seen in zip(further, train_in_tfjs(folder, [one.job for one in further]), strict=True):
        course.seen_further = seen
    return courses


def _first_course(folder, name):
    model = load_tfjs(folder / name)
    inputs, targets = batch_for(model)
    course = SimpleNamespace(model=model, steps=0 if name in UNTRAINED else STEPS, inputs=inputs, targets=targets)
    course.trained = folder / f'{name}, trained in TensorFlow.js'
    course.written_back = folder / f'{name}, trained in Keras'
    course.trained_further = folder / f'{name}, trained in Keras and further in TensorFlow.js'
    course.job = {'load': folder / name, 'save': course.trained, 'steps': course.steps}
    course.job |= {'inputs': inputs, 'targets': targets}
    return course


def _train_on(course):
    predicted = course.model.predict_on_batch(one_or_all(course.inputs))
    course.predictions = predicted if isinstance(predicted, list) else [predicted]
    course.losses = train_in_keras(course.model, course.inputs, course.targets, course.steps)
    course.weights = _values(course.model)
    save_tfjs(course.model, course.written_back)
    course.job |= {'load': course.written_back, 'save': course.trained_further, 'steps': FURTHER_STEPS}
    steps = FURTHER_STEPS if course.steps else 0
    course.losses_further = train_in_keras(course.model, course.inputs, course.targets, steps)
    course.weights_further = _values(course.model)


def _values(model):
    return {name: np.array(variable) for name, variable in weights_by_name(model).items()}


def _assert_close(received, expected):
    assert received.keys() == expected.keys()
    for name in expected:
        np.testing.assert_allclose(received[name], expected[name], rtol=0, atol=TOLERANCE, err_msg=name)


@pytest.mark.parametrize('make', architectures.COMPOSED)
def test_what_is_composed_of_other_layers_computes_the_same(make, tmp_path):
    model = make()
    save_tfjs(model, tmp_path)
    inputs, _ = batch_for(model)
    expected = model.predict_on_batch(one_or_all(inputs))
    np.testing.assert_allclose(load_tfjs(tmp_path).predict_on_batch(one_or_all(inputs)), expected, atol=TOLERANCE)


@pytest.mark.parametrize('name', FROM_KERAS + UNTRAINED + FROM_TFJS)
def test_predicts_the_same(courses, name):
    course = courses[name]
    assert 'error' not in course.seen, course.seen
    for received, expected in zip(course.seen['predictions'], course.predictions, strict=True):
        np.testing.assert_allclose(received, expected.ravel(), rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize('name', FROM_KERAS + FROM_TFJS)
def test_twenty_steps_in_keras_equal_twenty_in_tensorflow_js(courses, name):
    course = courses[name]
    assert len(course.losses) == STEPS
    np.testing.assert_allclose(course.losses, course.seen['losses'], rtol=TOLERANCE, atol=TOLERANCE)
    _assert_close(_values(load_tfjs(course.trained)), course.weights)


@pytest.mark.parametrize('name', FROM_KERAS + FROM_TFJS)
def test_written_back_ten_further_steps_are_the_same_too(courses, name):
    course = courses[name]
    assert 'error' not in course.seen_further, course.seen_further
    assert len(course.losses_further) == FURTHER_STEPS
    assert course.losses_further[-1] != course.losses[-1]
    np.testing.assert_allclose(course.losses_further, course.seen_further['losses'], rtol=TOLERANCE, atol=TOLERANCE)
    _assert_close(_values(load_tfjs(course.trained_further)), course.weights_further)


@pytest.mark.parametrize('name', ['attached', 'center loss in a nested model'])
def test_what_tensorflow_js_has_trained_predicts_without_labels(courses, name):
    model = load_tfjs(courses[name].trained)
    x, labels = courses[name].inputs
    expected = model.predict_on_batch([x, labels])
    np.testing.assert_array_equal(detach_center_loss(model).predict_on_batch(x), expected)
    assert feature_model(model).predict_on_batch(x).shape == (len(x), 2)
    assert center_loss_layer_of(model).get_weights()[0].any()
