"""What the layer does in a model."""

import json

import keras
import numpy as np
import pytest
from keras import ops
from small_models import assert_same_weights, labelled_vectors, tapped_classifier, train

from tfjs_center_loss import CenterLossLayer

FEATURES = np.array([[1, 0], [0, 2], [3, 3], [5, -5]], 'float32')
IDS = np.array([0, 1, 1, 2], 'int32')
# From zero centers with alpha 0.6, by hand: class 1 moves by 0.6 * ([0, 2] + [3, 3]) / (1 + 2).
MOVED = np.array([[0.3, 0], [0.6, 1], [1.5, -1.5]], 'float32')
SUM_OF_LOSSES = 0.5 * (1 + 4 + 18 + 50)


def learn(features, labels, **layer_args):
    """The layer after one eager training step from zero centers, its loss, and its centers."""
    layer = CenterLossLayer(3, **{'loss_weight': 1.0, **layer_args})
    layer([features, labels], training=True)
    return layer, float(layer.losses[0]), layer.get_weights()[0]


def test_a_training_step_adds_the_loss_and_moves_the_centers():
    layer, loss, centers = learn(FEATURES, IDS)
    assert loss == pytest.approx(SUM_OF_LOSSES)
    np.testing.assert_allclose(centers, MOVED, rtol=1e-6)
    assert [weight.path for weight in layer.weights] == [f'{layer.name}/centers']
    assert layer.trainable_variables == []


def test_the_mean_is_that_of_the_samples_which_take_part():
    _, loss, centers = learn(FEATURES, np.array([0, 1, 1, -1]), reduction='mean', ignore_class=-1)
    assert loss == pytest.approx(0.5 * (1 + 4 + 18) / 3)
    np.testing.assert_allclose(centers, [*MOVED[:2], [0, 0]], rtol=1e-6)


@pytest.mark.parametrize(('reduction', 'default'), [('sum', 0.0005), ('mean', 0.03)])
def test_the_default_loss_weight_depends_on_the_reduction(reduction, default):
    layer = CenterLossLayer(3, reduction=reduction)
    layer([FEATURES, IDS], training=True)
    loss = SUM_OF_LOSSES / (4 if reduction == 'mean' else 1)
    assert layer.loss_weight == default
    assert float(layer.losses[0]) == pytest.approx(default * loss)


def test_inference_does_nothing_and_does_not_look_at_the_labels():
    layer = CenterLossLayer(3)
    output = layer([FEATURES, np.full(4, 99)])
    np.testing.assert_array_equal(output, FEATURES)
    assert layer.losses == []
    np.testing.assert_array_equal(layer.get_weights()[0], np.zeros((3, 2)))


def test_a_tap_gives_the_third_input_and_the_features_get_their_gradient_all_the_same():
    classifier = tapped_classifier()
    vectors, labels = labelled_vectors()
    np.testing.assert_array_equal(
        classifier.predict([vectors, labels], verbose=0),
        keras.Model(classifier.inputs[0], classifier.get_layer('logits').output).predict(vectors, verbose=0),
    )
    # Compiled without a loss of its own, the model has the center loss alone.
    model = keras.Model(classifier.inputs, classifier.outputs)
    model.compile(keras.optimizers.SGD(0.1))
    before = model.get_layer('features').get_weights()[0]
    model.train_on_batch([vectors, labels])
    assert np.abs(model.get_layer('features').get_weights()[0] - before).max() > 1e-3


def test_a_center_without_samples_keeps_its_value_to_the_last_bit():
    layer = CenterLossLayer(5, centers_initializer='random_normal')
    layer.build([(None, 2), (None,)])
    before = layer.get_weights()[0]
    layer([FEATURES, IDS], training=True)
    np.testing.assert_array_equal(layer.get_weights()[0][3:], before[3:])


def test_a_sample_that_is_not_finite_shows_in_the_loss_but_not_in_the_centers():
    features = FEATURES.copy()
    features[3] = np.nan
    _, loss, centers = learn(features, IDS)
    assert np.isnan(loss)
    np.testing.assert_allclose(centers, [*MOVED[:2], [0, 0]], rtol=1e-6)


def test_trainable_false_keeps_the_centers_and_the_loss():
    _, loss, centers = learn(FEATURES, IDS, trainable=False)
    assert loss == pytest.approx(SUM_OF_LOSSES)
    np.testing.assert_array_equal(centers, np.zeros((3, 2)))


def test_masked_steps_of_a_sequence_take_no_part_and_their_labels_are_not_read():
    sequences = np.stack([FEATURES, FEATURES + 1])
    ids = np.stack([IDS, IDS])
    mask = np.array([[True] * 4, [False] * 4])
    ids[1] = 99
    masked = CenterLossLayer(3, loss_weight=1.0)
    output = masked([sequences, ids], training=True, mask=[ops.convert_to_tensor(mask), None])
    np.testing.assert_array_equal(output, sequences)
    assert float(masked.losses[0]) == pytest.approx(SUM_OF_LOSSES)
    np.testing.assert_allclose(masked.get_weights()[0], MOVED, rtol=1e-6)


def test_a_mask_comes_with_the_features_through_a_model_and_goes_on():
    tokens, labels = keras.Input((4,), dtype='int32'), keras.Input((4,), dtype='int32')
    embedding = keras.layers.Embedding(5, 2, mask_zero=True)
    layer = CenterLossLayer(3, loss_weight=1.0)
    features = layer([embedding(tokens), labels])
    model = keras.Model([tokens, labels], keras.layers.LSTM(2)(features))
    embedding.set_weights([np.vstack([[[9, 9]], FEATURES])])
    model([np.array([[1, 2, 0, 0], [0, 0, 3, 4]]), np.array([[0, 1, 99, 99], [99, 99, 1, 2]])], training=True)
    np.testing.assert_allclose(layer.get_weights()[0], MOVED, rtol=1e-6)


def test_a_mask_over_rows_of_feature_maps_counts_for_their_columns():
    maps = np.stack([FEATURES.reshape(2, 2, 2), FEATURES.reshape(2, 2, 2)])
    ids = np.stack([IDS.reshape(2, 2), IDS.reshape(2, 2)])
    layer = CenterLossLayer(3, loss_weight=1.0)
    layer([maps, ids], training=True, mask=[ops.convert_to_tensor([[True, True], [False, False]]), None])
    np.testing.assert_allclose(layer.get_weights()[0], MOVED, rtol=1e-6)


def test_compiled_training_sees_alpha_and_loss_weight_as_they_are_now():
    model = tapped_classifier()
    layer = model.get_layer('center_loss')
    vectors, labels = labelled_vectors(16)

    def fit():
        return model.fit([vectors, labels], labels, batch_size=16, verbose=0).history

    fit()
    centers = layer.get_weights()[0]
    layer.alpha = 0
    fit()
    np.testing.assert_array_equal(layer.get_weights()[0], centers)
    layer.alpha = 0.5
    layer.loss_weight = 1000
    history = fit()
    assert np.abs(layer.get_weights()[0] - centers).max() > 1e-3
    assert history['loss'][0] > 900 * history['center_loss'][0]
    assert layer.get_config()['alpha'] == 0.5


def test_a_callback_sets_alpha_after_every_batch_through_its_model():
    seen = []

    class Schedule(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            layer = self.model.get_layer('center_loss')
            layer.alpha = 0 if batch == 0 else 1
            seen.append(layer.get_weights()[0])

    model = tapped_classifier()
    vectors, labels = labelled_vectors(48)
    model.fit([vectors, labels], labels, batch_size=16, shuffle=False, verbose=0, callbacks=[Schedule()])
    np.testing.assert_array_equal(seen[1], seen[0])
    assert np.abs(seen[2] - seen[1]).max() > 1e-3


@pytest.mark.backend('jax')
def test_setting_alpha_where_keras_would_lose_it_is_an_error():
    model = tapped_classifier()
    layer = model.get_layer('center_loss')

    class Schedule(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            layer.alpha = 0.1

    vectors, labels = labelled_vectors(16)
    with pytest.raises(ValueError, match=r"'center_loss': expected alpha to be set while no epoch .* self\.model"):
        model.fit([vectors, labels], labels, verbose=0, callbacks=[Schedule()])
    assert layer.alpha == 0.6


@pytest.mark.parametrize('reduction', ['sum', 'mean'])
def test_the_metric_is_the_loss_of_the_epoch_and_of_evaluation(reduction):
    vectors, labels = labelled_vectors(40)
    model = tapped_classifier(reduction=reduction, trainable=False)
    model.optimizer.learning_rate = 0
    features = keras.Model(model.inputs[0], model.get_layer('features').output).predict(vectors, verbose=0)
    losses = 0.5 * np.square(features).sum(axis=1)
    # Batches of 16, 16 and 8, weighted by their sizes as Keras weighs the loss.
    batches = np.array([losses[:16].sum(), losses[16:32].sum(), losses[32:].sum()])
    sizes = np.array([16, 16, 8])
    expected = (batches if reduction == 'mean' else batches * sizes).sum() / 40
    data = {'x': [vectors, labels], 'y': labels, 'batch_size': 16}
    history = model.fit(
        **data, epochs=2, shuffle=False, verbose=0, validation_data=([vectors[:16], labels[:16]], labels[:16])
    ).history
    assert history['center_loss'] == pytest.approx([expected] * 2, rel=1e-5)
    of_validation = batches[0] / (16 if reduction == 'mean' else 1)
    assert history['val_center_loss'] == pytest.approx([of_validation] * 2, rel=1e-5)
    assert model.evaluate(**data, verbose=0, return_dict=True)['center_loss'] == pytest.approx(expected, rel=1e-5)


def test_evaluation_leaves_centers_and_loss_alone():
    model = tapped_classifier()
    vectors, labels = labelled_vectors(16)
    train(model, 16)
    centers = model.get_layer('center_loss').get_weights()[0]
    logits = keras.Model(model.inputs[0], model.get_layer('logits').output)
    logits.compile(loss=model.loss)
    assert model.evaluate([vectors, labels], labels, verbose=0, return_dict=True)['loss'] == pytest.approx(
        logits.evaluate(vectors, labels, verbose=0), rel=1e-6
    )
    np.testing.assert_array_equal(model.get_layer('center_loss').get_weights()[0], centers)


def test_a_model_comes_back_from_its_file_with_centers_and_schedule(tmp_path):
    model = tapped_classifier(reduction='mean', ignore_class=3)
    train(model)
    model.get_layer('center_loss').alpha = 0.25
    model.save(tmp_path / 'model.keras')
    restored = keras.models.load_model(tmp_path / 'model.keras')
    assert restored.get_layer('center_loss').get_config() == model.get_layer('center_loss').get_config()
    assert_same_weights(restored.get_weights(), model.get_weights(), 0)
    # It trains on like the one that was saved: with the schedule in the compiled program, and with the metric.
    (history, weights), (expected_history, expected_weights) = train(restored), train(model)
    assert history == expected_history
    assert_same_weights(weights, expected_weights, 0)


def test_a_file_of_a_compiled_model_opens_without_compiling(tmp_path):
    model = tapped_classifier()
    train(model, 16)
    model.save(tmp_path / 'model.keras')
    restored = keras.models.load_model(tmp_path / 'model.keras', compile=False)
    assert_same_weights(restored.get_weights(), model.get_weights(), 0)


def test_a_saved_configuration_is_plain_json_and_keeps_its_own_loss_weight():
    config = CenterLossLayer(3, reduction='mean', loss_weight=0.0005).get_config()
    assert CenterLossLayer.from_config(json.loads(json.dumps(config))).loss_weight == 0.0005


def test_set_weights_takes_centers_alone():
    layer = CenterLossLayer(3)
    layer.build([(None, 2), (None,)])
    layer.set_weights([MOVED])
    np.testing.assert_array_equal(layer.get_weights()[0], MOVED)
    with pytest.raises(ValueError, match='with a weight list of length 1'):
        CenterLossLayer(3).set_weights([MOVED])


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        ({'num_classes': 0}, 'num_classes to be an integer from 1 to 2147483647, but got 0'),
        ({'num_classes': 2.0}, 'num_classes to be an integer .* but got 2.0'),
        ({'num_classes': True}, 'but got True'),
        ({'alpha': 1.1}, 'alpha to be a number from 0 to 1, but got 1.1'),
        ({'alpha': '0.5'}, "but got '0.5'"),
        ({'alpha': float('nan')}, 'but got nan'),
        ({'loss_weight': -1}, 'loss_weight to be a finite number of at least 0, but got -1'),
        ({'loss_weight': float('inf')}, 'but got inf'),
        ({'reduction': 'max'}, "reduction to be 'sum' or 'mean', but got 'max'"),
        ({'reduction': ['sum']}, "but got \\['sum'\\]"),
        ({'ignore_class': 0.5}, 'ignore_class to be an integer, but got 0.5'),
    ],
)
def test_a_wrong_argument_is_named_with_what_was_expected(arguments, message):
    with pytest.raises(ValueError, match=f"CenterLossLayer 'mine': expected .*{message}"):
        CenterLossLayer(**{'num_classes': 3, **arguments}, name='mine')


def test_a_wrong_alpha_leaves_the_old_one():
    layer = CenterLossLayer(3)
    with pytest.raises(ValueError, match='alpha to be a number from 0 to 1, but got 2'):
        layer.alpha = 2
    with pytest.raises(ValueError, match='loss_weight to be a finite number'):
        layer.loss_weight = None
    assert (layer.alpha, layer.loss_weight) == (0.6, 0.0005)


@pytest.mark.parametrize(
    ('inputs', 'message'),
    [
        ([FEATURES[:, :1], IDS], r'last dimension of 2, the width of the centers, but got shape \(4, 1\)'),
        ([FEATURES[0], IDS], r'of shape \(batch, ..., features\) .* but got shape \(2,\)'),
        ([IDS[:, None], IDS], 'features of a floating dtype, but got int32'),
        ([FEATURES, np.zeros((4, 2))], r'or one-hot of shape \(4, 3\), but got labels of shape \(4, 2\)'),
        ([FEATURES, IDS[:3]], r'class ids of shape \(4,\) or \(4, 1\), .* but got labels of shape \(3,\)'),
        ([FEATURES, IDS, FEATURES, FEATURES], 'but got 4 inputs'),
    ],
)
def test_a_wrong_input_is_named_with_what_was_expected(inputs, message):
    layer = CenterLossLayer(3, name='mine')
    layer.build([(None, 2), (None,)])
    with pytest.raises(ValueError, match=f"CenterLossLayer 'mine': expected .*{message}"):
        layer(inputs, training=True)
    if len(inputs) < 4:
        symbolic = [keras.Input(batch_shape=array.shape, dtype=str(array.dtype)) for array in inputs]
        with pytest.raises(ValueError, match=message):
            layer(symbolic)


def test_features_of_unknown_width_are_an_error_before_there_are_centers():
    with pytest.raises(ValueError, match=r"'mine': expected features .* but got shape \(None, None\)"):
        CenterLossLayer(3, name='mine')(keras.Input((None,)))
