"""The layer against values computed in double precision by the paper authors' own Caffe layer."""

import json
import pathlib

import keras
import numpy as np
import pytest

from tfjs_center_loss import CenterLossLayer

FIXTURE = pathlib.Path(__file__).parents[2] / 'spec/fixtures/center_loss_reference.json'
CASES = json.loads(FIXTURE.read_text(encoding='utf-8'))['cases']
# float32 has 7 digits; sums over a batch lose one of them.
TOLERANCE = {'rtol': 1e-5, 'atol': 1e-6}


def layer_of(case, reduction):
    centers = np.reshape(case['initialCenters'], (case['numClasses'], case['featureDim']))
    layer = CenterLossLayer(case['numClasses'], alpha=case['alpha'], loss_weight=1.0, reduction=reduction)
    layer.build([(None, case['featureDim']), (None,)])
    layer.centers.assign(centers)
    return layer


def factor(step, reduction):
    """What the values of the fixture, which are means, are to be multiplied by."""
    return len(step['labels']) if reduction == 'sum' else 1


@pytest.mark.parametrize('reduction', ['sum', 'mean'])
@pytest.mark.parametrize('case', CASES, ids=lambda case: case['name'])
def test_loss_and_centers_are_those_of_the_caffe_layer(case, reduction):
    layer = layer_of(case, reduction)
    for step in case['steps']:
        features = np.reshape(step['features'], (-1, case['featureDim'])).astype('float32')
        layer([features, np.array(step['labels'], 'int32')], training=True)
        np.testing.assert_allclose(layer.losses[0], step['meanLoss'] * factor(step, reduction), **TOLERANCE)
        np.testing.assert_allclose(layer.get_weights()[0].ravel(), step['updatedCenters'], **TOLERANCE)


@pytest.mark.parametrize('reduction', ['sum', 'mean'])
@pytest.mark.parametrize('case', CASES, ids=lambda case: case['name'])
def test_gradient_in_a_compiled_step_is_that_of_the_caffe_layer(case, reduction):
    step = case['steps'][0]
    samples = len(step['labels'])
    features = np.reshape(step['features'], (samples, case['featureDim'])).astype('float32')
    # The features are weights of an embedding: a step with learning rate 1 subtracts the gradient from them.
    places, labels = keras.Input((), dtype='int32'), keras.Input((), dtype='int32')
    embedding = keras.layers.Embedding(samples, case['featureDim'])
    layer = layer_of(case, reduction)
    model = keras.Model([places, labels], layer([embedding(places), labels]))
    embedding.set_weights([features])
    model.compile(keras.optimizers.SGD(1.0))
    loss = model.train_on_batch([np.arange(samples, dtype='int32'), np.array(step['labels'], 'int32')])
    gradient = features - embedding.get_weights()[0]
    expected = np.array(step['meanLossFeatureGradient']) * factor(step, reduction)
    np.testing.assert_allclose(np.ravel(loss)[0], step['meanLoss'] * factor(step, reduction), **TOLERANCE)
    # The subtraction of two numbers of the size of the features costs digits.
    np.testing.assert_allclose(gradient.ravel(), expected, rtol=1e-5, atol=1e-6 * np.abs(features).max())
    np.testing.assert_allclose(layer.get_weights()[0].ravel(), step['updatedCenters'], **TOLERANCE)
