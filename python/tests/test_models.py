"""A classifier is trained with center loss, and comes back from it: attached, detached, its features, its layer."""

import keras
import numpy as np
import pytest
from keras import Input, Model, Sequential, layers

from tfjs_center_loss import (
    CenterLossLayer,
    attach_center_loss,
    center_loss_layer_of,
    detach_center_loss,
    feature_model,
    load_tfjs,
    save_tfjs,
)

random = np.random.default_rng(0)
X = random.normal(size=(16, 6)).astype('float32')
IDS = random.integers(0, 3, 16, dtype='int32')
SPARSE = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def functional():
    x = Input((6,), name='x')
    features = layers.Dense(4, activation='tanh', name='embedding')(x)
    return Model(x, layers.Dense(3, name='logits')(features), name='classifier')


def sequential():
    return Sequential(
        [Input((6,)), layers.Dense(4, activation='tanh', name='embedding'), layers.Dense(3, name='logits')]
    )


def _backbone():
    x = Input((6,))
    features = layers.Dense(4, activation='tanh', name='embedding')(layers.BatchNormalization()(x))
    return Model(x, layers.Dense(5, name='behind')(features), name='backbone')


def nested():
    x = Input((6,), name='x')
    return Model(x, layers.Dense(3, name='logits')(_backbone()(x, training=False)))


def nested_twice():
    x, inner = Input((6,), name='x'), Input((6,))
    outer = Model(inner, layers.Dense(5)(_backbone()(inner)), name='outer')
    return Model(x, layers.Dense(3, name='logits')(outer(x)))


def nested_that_gives_the_features():
    x, inner = Input((6,), name='x'), Input((6,))
    backbone = Model(inner, layers.Dense(4, name='embedding')(inner), name='backbone')
    return Model(x, layers.Dense(3, name='logits')(backbone(x)))


def sequential_with_a_model_in_it():
    return Sequential([Input((6,)), _backbone(), layers.Dense(3, name='logits')])


def used_by_two():
    x = Input((6,), name='x')
    features = layers.Dense(4, name='embedding')(x)
    return Model(x, layers.Dense(3, name='logits')(layers.Concatenate()([features, layers.Dense(2)(features)])))


def in_the_output():
    x = Input((6,), name='x')
    return Model(x, layers.Dense(3, name='embedding')(x))


def a_dictionary():
    x = Input((6,), name='x')
    features = layers.Dense(4, name='embedding')(x)
    return Model({'x': x}, layers.Dense(3, name='logits')(features))


CLASSIFIERS = [functional, sequential, nested, nested_twice, nested_that_gives_the_features]
CLASSIFIERS += [sequential_with_a_model_in_it, used_by_two, in_the_output, a_dictionary]


def given(classifier, labels=None):
    if isinstance(classifier, keras.Function) and isinstance(classifier.input, dict):
        return {'x': X} if labels is None else {'x': X, 'label': labels}
    return X if labels is None else [X, labels]


@pytest.mark.parametrize('make', CLASSIFIERS)
def test_attached_it_trains_and_the_classifier_learns_along(make):
    classifier = make()
    before = classifier.predict(given(classifier), verbose=0)
    output_names = list(getattr(classifier, 'output_names', ['logits']))
    model = attach_center_loss(classifier, 'embedding', 3, loss_weight=0.5)
    assert model.output_names == output_names
    assert {tensor.name for tensor in model.inputs} == {'label', *(tensor.name for tensor in classifier.inputs)}
    np.testing.assert_array_equal(model.predict(given(classifier, IDS), verbose=0), before)
    np.testing.assert_array_equal(classifier.predict(given(classifier), verbose=0), before)

    layer = center_loss_layer_of(model)
    features = feature_model(model).predict(given(classifier), verbose=0)
    assert features.shape == (16, 4 if make is not in_the_output else 3)
    losses = 0.5 * np.square(features).sum(axis=1)
    model.compile(keras.optimizers.SGD(0.0), loss=SPARSE, metrics=[layer.metric()])
    seen = model.train_on_batch(given(classifier, IDS), IDS, return_dict=True)
    # Centers are zero at first; with batches to normalize, features differ between training and inference.
    if make not in (nested, nested_twice, sequential_with_a_model_in_it):
        assert float(layer.metric().result()) == pytest.approx(losses.sum(), rel=1e-5)
        assert float(seen['loss']) == pytest.approx(float(SPARSE(IDS, before)) + 0.5 * losses.sum(), rel=1e-5)
    assert layer.get_weights()[0].any()

    model.compile('adam', loss=SPARSE)
    model.fit(given(classifier, IDS), IDS, verbose=0)
    after = classifier.predict(given(classifier), verbose=0)
    assert np.abs(after - before).max() > 1e-4
    detached = detach_center_loss(model)
    assert [tensor.name for tensor in detached.inputs] == [tensor.name for tensor in classifier.inputs]
    np.testing.assert_array_equal(detached.predict(given(classifier), verbose=0), after)


def heads():
    x = Input((6,), name='x')
    features = layers.Dense(4, name='embedding')(x)
    return Model(x, [layers.Dense(3, name='identity')(features), layers.Dense(1, name='age')(features)])


def test_several_outputs_keep_their_names_in_compile_fit_and_history():
    model = attach_center_loss(heads(), 'embedding', 3)
    model.compile('sgd', loss={'identity': SPARSE, 'age': 'mse'}, metrics={'identity': ['accuracy'], 'age': ['mae']})
    targets = {'identity': IDS, 'age': X[:, :1]}
    history = model.fit([X, IDS], targets, verbose=0).history
    assert set(history) == {'loss', 'identity_loss', 'age_loss', 'identity_accuracy', 'age_mae'}
    assert set(model.evaluate([X, IDS], targets, verbose=0, return_dict=True)) == set(history)


def test_outputs_in_a_dictionary_stay_in_one():
    x = Input((6,), name='x')
    features = layers.Dense(4, name='embedding')(x)
    classifier = Model(x, {'one': layers.Dense(3)(features), 'other': layers.Dense(2)(features)})
    model = attach_center_loss(classifier, 'embedding', 3)
    assert set(model.predict([X, IDS], verbose=0)) == {'one', 'other'}
    assert set(detach_center_loss(model).predict(X, verbose=0)) == {'one', 'other'}


@pytest.mark.parametrize('make', [functional, nested, heads])
def test_after_keras_own_file_predicting_is_one_call(make, tmp_path):
    classifier = make()
    model = attach_center_loss(classifier, 'embedding', 3)
    model.compile('sgd', loss=[SPARSE, 'mse'] if make is heads else SPARSE)
    model.save(tmp_path / 'model.keras')
    back = keras.models.load_model(tmp_path / 'model.keras')
    assert back.output_names == model.output_names
    for one, other in zip(
        keras.tree.flatten(detach_center_loss(back).predict(X, verbose=0)),
        keras.tree.flatten(classifier.predict(X, verbose=0)),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)
    assert feature_model(back).predict(X, verbose=0).shape == (16, 4)


@pytest.mark.parametrize('make', [functional, sequential, nested, nested_twice, heads])
def test_after_the_files_of_tensorflow_js_too(make, tmp_path):
    classifier = make()
    if make is nested:
        # `training=False` is nothing that TensorFlow.js saves.
        x = Input((6,), name='x')
        classifier = Model(x, layers.Dense(3, name='logits')(_backbone()(x)))
    model = attach_center_loss(classifier, 'embedding', 3)
    save_tfjs(model, tmp_path)
    back = load_tfjs(tmp_path)
    assert back.output_names == model.output_names
    for one, other in zip(
        keras.tree.flatten(detach_center_loss(back).predict(X, verbose=0)),
        keras.tree.flatten(classifier.predict(X, verbose=0)),
        strict=True,
    ):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_a_tap_is_taken_off_and_its_output_keeps_the_name_of_the_classifiers(tmp_path):
    classifier = functional()
    label = Input((), dtype='int32', name='label')
    features, logits = classifier.get_layer('embedding').output, classifier.output
    model = Model([classifier.input, label], CenterLossLayer(3, name='center_loss')([features, label, logits]))
    np.testing.assert_array_equal(detach_center_loss(model).predict(X, verbose=0), classifier.predict(X, verbose=0))
    save_tfjs(model, tmp_path)
    back = load_tfjs(tmp_path)
    # As attachCenterLoss of TensorFlow.js saved it: the layer is the last of the first output.
    assert back.output_names == ['logits']
    back.compile('sgd', loss={'logits': SPARSE})
    assert set(back.fit([X, IDS], IDS, verbose=0).history) == {'loss'}
    assert detach_center_loss(back).output_names == ['logits']


def test_labels_may_be_one_hot_or_one_a_step():
    one_hot = keras.utils.to_categorical(IDS, 3)
    model = attach_center_loss(functional(), 'embedding', 3, one_hot_labels=True)
    model.compile('sgd', loss=keras.losses.CategoricalCrossentropy(from_logits=True))
    model.fit([X, one_hot], one_hot, verbose=0)
    assert center_loss_layer_of(model).get_weights()[0].any()

    x = Input((5, 6), name='x')
    steps = Model(x, layers.Dense(3)(layers.Dense(4, name='embedding')(x)))
    model = attach_center_loss(steps, 'embedding', 3)
    assert model.inputs[1].shape == (None, 5)


def test_a_layer_or_a_tensor_tells_the_features_as_well_as_a_name():
    for tell in (lambda model: model.get_layer('embedding'), lambda model: model.get_layer('embedding').output):
        classifier = functional()
        model = attach_center_loss(classifier, tell(classifier), 3)
        assert feature_model(model).output is classifier.get_layer('embedding').output


def test_the_name_of_the_label_is_new():
    x = Input((6,), name='label')
    classifier = Model(x, layers.Dense(3)(layers.Dense(4, name='embedding')(x)))
    assert attach_center_loss(classifier, 'embedding', 3).inputs[1].name == 'label_1'
    assert attach_center_loss(classifier, 'embedding', 3, label_name='person').inputs[1].name == 'person'


def _frozen():
    classifier = functional()
    classifier.trainable = False
    return classifier


def _shared():
    x, y = Input((6,)), Input((6,))
    embedding = layers.Dense(4, name='embedding')
    return Model([x, y], layers.Dense(3)(layers.Concatenate()([embedding(x), embedding(y)])))


REFUSED = {
    'no model': (lambda: attach_center_loss(3, 'embedding', 3), 'expected a functional model, .* but got int'),
    'a model that is not built': (
        lambda: attach_center_loss(Sequential([layers.Dense(3)]), 'embedding', 3),
        'expected a functional model',
    ),
    'no such layer': (lambda: attach_center_loss(functional(), 'other', 3), "but got 'other', of which there is none"),
    'a layer that is used twice': (lambda: attach_center_loss(_shared(), 'embedding', 3), 'of which there is 2'),
    'nothing to train': (lambda: attach_center_loss(_frozen(), 'embedding', 3), 'are frozen'),
    'a name that is taken': (lambda: attach_center_loss(functional(), 'embedding', 3, name='logits'), 'to be new'),
    'a label name that is taken': (
        lambda: attach_center_loss(functional(), 'embedding', 3, label_name='x'),
        "label_name to be new to the model, but got 'x'",
    ),
    'an argument': (lambda: attach_center_loss(functional(), 'embedding', 0), 'num_classes to be an integer'),
    'nothing to detach': (lambda: detach_center_loss(functional()), 'with a CenterLossLayer, but got .*embedding'),
    'no layer': (lambda: center_loss_layer_of(functional()), 'with one CenterLossLayer, but got .*embedding'),
    'no features': (lambda: feature_model(functional()), 'with one CenterLossLayer'),
}


@pytest.mark.parametrize('what', REFUSED)
def test_refuses(what):
    call, message = REFUSED[what]
    with pytest.raises(ValueError, match=message):
        call()
