"""The center loss as a metric: batches of `fit` and `evaluate` count, and no others."""

import gc

import keras
import numpy as np
import pytest
from small_models import NUM_CLASSES, labelled_vectors, tapped_classifier

from tfjs_center_loss import CenterLossLayer

VECTORS, LABELS = labelled_vectors(48)
DATA = {'x': [VECTORS, LABELS], 'y': LABELS, 'batch_size': 16, 'verbose': 0}


def steady_classifier():
    """A classifier whose weights and centers do not move, so that the loss is the same in each epoch."""
    model = tapped_classifier(reduction='mean', trainable=False)
    metric = model.get_layer('center_loss').metric()
    model.compile(keras.optimizers.SGD(0.0), model.loss, metrics=[metric])
    return model, metric


def test_predicting_does_not_count():
    model, metric = steady_classifier()
    expected = model.evaluate(**DATA, return_dict=True)['center_loss']
    model.predict([10 * VECTORS, LABELS], verbose=0)
    assert float(metric.result()) == pytest.approx(expected, rel=1e-6)
    model([10 * VECTORS, LABELS])
    assert float(metric.result()) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize('eagerly', [False, True])
def test_predicting_in_the_midst_of_an_epoch_does_not_count(eagerly):
    model, _ = steady_classifier()
    model.run_eagerly = eagerly
    expected = model.evaluate(**DATA, return_dict=True)['center_loss']

    class Predict(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.predict([1000 * VECTORS, LABELS], verbose=0)

    history = model.fit(**DATA, epochs=2, callbacks=[Predict()]).history
    assert history['center_loss'] == pytest.approx([expected] * 2, rel=1e-5)


@pytest.mark.skipif(keras.backend.backend() == 'torch', reason='Keras runs one batch a program on PyTorch')
def test_several_batches_in_one_program_all_count():
    model, metric = steady_classifier()
    expected = model.evaluate(**DATA, return_dict=True)['center_loss']
    model.compile(keras.optimizers.SGD(0.0), loss=model.loss, metrics=[metric], steps_per_execution=2)
    assert model.evaluate(**DATA, return_dict=True)['center_loss'] == pytest.approx(expected, rel=1e-5)
    assert model.fit(**DATA).history['center_loss'] == pytest.approx([expected], rel=1e-5)


@pytest.mark.parametrize('eagerly', [False, True])
def test_inference_takes_a_label_that_is_no_class_as_taking_no_part(eagerly):
    model, _ = steady_classifier()
    model.run_eagerly = eagerly
    known, dummy = LABELS[:16], np.full(16, -1, 'int32')
    expected = model.predict([VECTORS[:16], known], verbose=0)
    np.testing.assert_array_equal(model.predict([VECTORS[:16], dummy], verbose=0), expected)
    assert model.evaluate([VECTORS[:16], dummy], known, verbose=0, return_dict=True)['center_loss'] == 0


def test_compiled_without_it_the_layer_forgets_it():
    model, metric = steady_classifier()
    layer = model.get_layer('center_loss')
    model.evaluate(**DATA)
    del metric
    # Without any metrics Keras keeps those of the compile before.
    model.compile('sgd', loss=model.loss, metrics=['accuracy'])
    gc.collect()
    before = [float(variable.numpy()) for variable in layer.state.variables]
    model.evaluate(**DATA)
    model.fit(**DATA)
    assert [float(variable.numpy()) for variable in layer.state.variables] == before


def test_its_name_tells_the_layers_apart_and_can_be_chosen(tmp_path):
    vectors, labels = keras.Input((8,)), keras.Input((), dtype='int32')
    one, other = (CenterLossLayer(NUM_CLASSES, name=name) for name in ('first', 'second'))
    hidden = one([keras.layers.Dense(4)(vectors), labels])
    model = keras.Model([vectors, labels], other([keras.layers.Dense(NUM_CLASSES)(hidden), labels]))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile('sgd', loss=loss, metrics=[one.metric(), other.metric(name='of_logits')])
    assert {'first', 'of_logits'} < set(model.fit(**DATA).history)
    model.save(tmp_path / 'model.keras')
    back = keras.models.load_model(tmp_path / 'model.keras')
    assert back.evaluate(**DATA, return_dict=True) == pytest.approx(model.evaluate(**DATA, return_dict=True))


def test_without_its_layer_it_says_so():
    metric = CenterLossLayer(3, name='gone').metric()
    gc.collect()
    with pytest.raises(ValueError, match="Metric 'gone': expected the layer whose metric it is, but that is gone"):
        metric.result()
