"""Training over several devices of one process equals training on one device."""

import re

import keras
import numpy as np
import pytest
from small_models import assert_same_weights, labelled_vectors, tapped_classifier, train

# Sums in another order; float32 has 7 digits, the weights are about 1.
TOLERANCE = 1e-6


def assert_same_training(distributed, alone):
    assert_same_weights(distributed[1], alone[1], TOLERANCE)
    np.testing.assert_allclose(distributed[0]['center_loss'], alone[0]['center_loss'], rtol=1e-5)


def data_parallel():
    return keras.distribution.DataParallel(devices=keras.distribution.list_devices())


def model_parallel(batch, model):
    """A mesh of `batch` times `model` devices, the centers divided by class over the devices of a row."""
    mesh = keras.distribution.DeviceMesh((batch, model), ('batch', 'model'), keras.distribution.list_devices())
    layout = keras.distribution.LayoutMap(mesh)
    layout['.*centers'] = ('model', None)
    return keras.distribution.ModelParallel(layout_map=layout, batch_dim_name='batch')


DISTRIBUTIONS = {
    'DataParallel': data_parallel,
    'ModelParallel 2 x 2': lambda: model_parallel(2, 2),
    'ModelParallel 1 x 4': lambda: model_parallel(1, 4),
}


@pytest.mark.backend('jax')
@pytest.mark.parametrize('reduction', ['sum', 'mean'])
@pytest.mark.parametrize('name', DISTRIBUTIONS)
def test_jax_over_four_devices_equals_one_device(name, reduction):
    alone = train(tapped_classifier(reduction=reduction))
    distribution = DISTRIBUTIONS[name]()
    with distribution.scope():
        model = tapped_classifier(reduction=reduction)
        distributed = train(model)
        centers = model.get_layer('center_loss').centers.value
    assert_same_training(distributed, alone)
    np.testing.assert_allclose(distributed[0]['loss'], alone[0]['loss'], rtol=1e-5)
    rows = {shard.data.shape[0] for shard in centers.addressable_shards}
    assert rows == {8 // distribution.device_mesh.shape[-1] if 'Model' in name else 8}


def compiled_training_step(distribution, num_classes, feature_dim, batch_size):
    """The text of the program that `fit` compiles."""
    import jax

    with distribution.scope():
        model = tapped_classifier(num_classes, feature_dim)
        vectors, labels = labelled_vectors(batch_size)
        # Builds the optimizer and brings every variable to its devices.
        model.train_on_batch([vectors, labels], labels)
        variables = (
            model.trainable_variables,
            model.non_trainable_variables,
            model.optimizer.variables,
            model.metrics_variables,
        )
        state = tuple([variable.value for variable in group] for group in variables)
        shardings = jax.tree.map(lambda value: value.sharding, state)
        vectors, labels = (
            jax.device_put(array, distribution.get_data_layout(array.shape).backend_layout)
            for array in (vectors, labels)
        )
        step = jax.jit(model.train_step, donate_argnums=0, out_shardings=(None, shardings))
        return step.lower(state, ([vectors, labels], labels)).compile().as_text()


COLLECTIVE = re.compile(r'= (.*?) (all-gather|all-reduce|all-to-all|collective-permute|reduce-scatter)(?:-start)?\(')


def collectives(program):
    """`(operation, values)` of all that the devices tell each other in a program."""
    return [
        (
            operation,
            sum(int(np.prod([int(n) for n in dims.split(',') if n])) for dims in re.findall(r'\[([\d,]*)\]', shapes)),
        )
        for shapes, operation in COLLECTIVE.findall(program)
    ]


@pytest.mark.backend('jax')
@pytest.mark.parametrize('name', DISTRIBUTIONS)
def test_with_200_000_classes_the_devices_exchange_the_batch_and_never_the_centers(name):
    batch_size, feature_dim = 16, 32
    program = compiled_training_step(DISTRIBUTIONS[name](), 200_000, feature_dim, batch_size)
    found = collectives(program)
    assert found
    # The features of a batch; and, in one all-reduce, the loss and the gradients of 8 x 32 + 32 + 32 x 8 + 8 weights.
    weights = 2 * (8 * feature_dim) + feature_dim + 8
    assert max(values for _, values in found) <= max(batch_size * feature_dim, weights + 8), found


@pytest.fixture(scope='module')
def mirrored():
    """One strategy for all tests: TensorFlow mixes up the collective operations of two over the same devices."""
    import tensorflow as tf

    return tf.distribute.MirroredStrategy(['CPU:0', 'CPU:1'])


@pytest.mark.backend('tensorflow')
@pytest.mark.parametrize('reduction', ['sum', 'mean'])
def test_mirrored_strategy_equals_one_device(mirrored, reduction):
    # The last batch of 60 has 12 samples; the ignored class leaves the replicas different numbers of samples.
    layer_args = {'reduction': reduction, 'ignore_class': 3}
    alone = train(tapped_classifier(**layer_args), samples=60)
    with mirrored.scope():
        model = tapped_classifier(**layer_args)
    assert_same_training(train(model, samples=60), alone)


@pytest.mark.backend('tensorflow')
def test_mirrored_strategy_sees_a_schedule(mirrored):
    with mirrored.scope():
        model = tapped_classifier()
    train(model, 16)
    centers = model.get_layer('center_loss').get_weights()[0]
    model.get_layer('center_loss').alpha = 0
    train(model, 16)
    np.testing.assert_array_equal(model.get_layer('center_loss').get_weights()[0], centers)
