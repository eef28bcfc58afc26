"""What a step costs with many classes: nothing of the size of all centers is computed; and that it counts right."""

import keras
import numpy as np
import pytest
from keras import ops
from small_models import labelled_vectors, tapped_classifier

from tfjs_center_loss import CenterLossLayer
from tfjs_center_loss.rows import counts_among

# A number that no other axis has.
NUM_CLASSES = 200_003


@pytest.mark.parametrize('ids', [[], [5], [5, 5, 5], [3, 1, 2], [2, 0, 2, 1, 0, 2], [7, 3, 7]])
def test_an_id_is_counted_as_often_as_it_counts(ids):
    ids = np.array(ids, 'int32')
    for counted in (np.ones(len(ids), 'float32'), (np.arange(len(ids)) % 2).astype('float32')):
        expected = [counted[ids == id].sum() for id in ids]
        np.testing.assert_array_equal(
            counts_among(ops.convert_to_tensor(ids), ops.convert_to_tensor(counted)), expected
        )


def of_all_classes(graph):
    """The operations of a graph of TensorFlow, and of the functions in it, that compute something for each class."""
    functions = graph._functions.values() if hasattr(graph, '_functions') else []
    graphs = [graph, *(function.graph for function in functions if hasattr(function, 'graph'))]
    return [
        operation.type
        for each in graphs
        for operation in each.get_operations()
        if operation.type != 'Placeholder'
        and any(output.shape.rank and NUM_CLASSES in output.shape.as_list() for output in operation.outputs)
    ]


@pytest.mark.backend('tensorflow')
def test_on_tensorflow_a_step_computes_nothing_for_each_class():
    import tensorflow as tf

    layer = CenterLossLayer(NUM_CLASSES)
    layer.build([(None, 4), (None,)])
    step = tf.function(lambda features, labels: layer([features, labels], training=True))
    graph = step.get_concrete_function(tf.TensorSpec((8, 4)), tf.TensorSpec((8,), tf.int32)).graph
    assert of_all_classes(graph) == []


@pytest.mark.backend('tensorflow')
def test_under_mirrored_strategy_a_step_computes_nothing_for_each_class():
    import tensorflow as tf

    strategy = tf.distribute.MirroredStrategy(['CPU:0', 'CPU:1'])
    with strategy.scope():
        layer = CenterLossLayer(NUM_CLASSES)
        layer.build([(None, 4), (None,)])

    @tf.function
    def step(features, labels):
        strategy.run(lambda: layer([features, labels], training=True))

    graph = step.get_concrete_function(tf.TensorSpec((8, 4)), tf.TensorSpec((8,), tf.int32)).graph
    types = [operation.type for operation in graph.get_operations()]
    assert (types.count('ResourceGather'), types.count('ResourceScatterAdd')) == (2, 2)
    assert of_all_classes(graph) == []


@pytest.mark.backend('tensorflow')
@pytest.mark.parametrize('jit_compile', [True, False])
def test_compiled_by_xla_or_not_the_centers_are_the_same(jit_compile):
    vectors, labels = labelled_vectors(48)
    model = tapped_classifier()
    model.compile('sgd', loss=model.loss, jit_compile=jit_compile)
    eager = tapped_classifier()
    eager.compile('sgd', loss=eager.loss, run_eagerly=True)
    for each in (model, eager):
        each.fit([vectors, labels], labels, batch_size=16, shuffle=False, verbose=0)
    centers, expected = (each.get_layer('center_loss').get_weights()[0] for each in (model, eager))
    assert np.abs(expected).max() > 1e-2
    # Sums in another order.
    np.testing.assert_allclose(centers, expected, atol=1e-6)


def test_a_function_without_state_gives_the_centers_and_leaves_the_variable_alone():
    layer, same = CenterLossLayer(3, centers_initializer='ones'), CenterLossLayer(3, centers_initializer='ones')
    for each in (layer, same):
        each.build([(None, 2), (None,)])
    features, labels = np.array([[1, 0], [0, 2], [3, 3]], 'float32'), np.array([0, 1, 1])
    values = [variable.value for variable in layer.non_trainable_variables]
    _, after, _ = layer.stateless_call([], values, [features, labels], training=True, return_losses=True)
    same([features, labels], training=True)
    np.testing.assert_array_equal(layer.get_weights()[0], np.ones((3, 2)))
    moved = after[[variable.path for variable in layer.non_trainable_variables].index(layer.centers.path)]
    np.testing.assert_allclose(keras.ops.convert_to_numpy(moved), same.get_weights()[0], rtol=1e-6)
