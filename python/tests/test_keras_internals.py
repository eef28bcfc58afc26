"""What is taken for granted of Keras and is not public: a new version of it that differs fails here first."""

import numpy as np
import pytest
from keras import Input, Model, layers

from tfjs_center_loss import keras_internals

X = np.ones((4, 3), 'float32')


class Asking(layers.Layer):
    """Notes what a layer is told while it is called."""

    # Of the class, since Keras takes what is in a list of a layer for layers of it.
    seen = []

    def call(self, inputs, training=None):
        asked = (
            keras_internals.collects_losses(),
            keras_internals.loses_losses(),
            keras_internals.runs_without_state(),
            keras_internals.outermost_layer(),
        )
        Asking.seen.append((training, *asked))
        return inputs


def asking_model():
    x, asking = Input((3,)), Asking()
    model = Model(x, layers.Dense(1)(asking(x)))
    model.compile('sgd', loss='mse')
    asking.seen.clear()
    return model, asking


@pytest.mark.backend('jax')
def test_steps_of_fit_and_evaluate_collect_losses_on_jax_and_those_of_predict_do_not():
    model, asking = asking_model()
    for run, expected in (
        (lambda: model.fit(X, X[:, :1], verbose=0), (True, True, False, True)),
        (lambda: model.evaluate(X, X[:, :1], verbose=0), (False, True, False, True)),
        (lambda: model.predict(X, verbose=0), (False, False, True, True)),
    ):
        asking.seen.clear()
        run()
        # Before its first step, `fit` calls the model symbolically as well, without training.
        assert {seen[:4] for seen in asking.seen if seen[0] == expected[0]} == {expected}


def test_a_direct_call_collects_and_loses_nothing_and_its_outermost_layer_is_the_model():
    model, asking = asking_model()
    model(X, training=True)
    [(training, collects, loses, without_state, outermost)] = asking.seen
    assert (training, collects, loses, without_state) == (True, False, False, False)
    assert outermost is model
    assert keras_internals.takes_training(model)


def test_making_a_graph_loses_no_losses():
    seen = []

    class Own(layers.Layer):
        def call(self, inputs):
            seen.append(keras_internals.loses_losses())
            return inputs

    Own()(Input((3,)))
    assert set(seen) == {False}


def test_a_graph_is_made_of_calls_with_inputs_arguments_and_outputs():
    x = Input((3,))
    dense = layers.Dense(2)
    output = dense(x)
    node = keras_internals.node_of(output)
    assert node.operation is dense
    assert [tensor is x for tensor in node.input_tensors] == [True]
    assert [tensor is output for tensor in node.outputs] == [True]
    assert node.arguments.args[0] is x
    assert keras_internals.is_called_without_labels(dense)
    assert not keras_internals.is_called_without_labels(layers.Dense(2))


def test_layers_within_layers_are_found():
    inner = layers.Dense(2)
    model = Model(*(lambda x: (x, layers.TimeDistributed(inner)(x)))(Input((4, 3))))
    assert inner in keras_internals.all_layers(model)
    assert model not in keras_internals.all_layers(model)
