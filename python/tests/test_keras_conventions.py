"""Keras' own checks of a layer: building, calls, serialization, training, mixed precision, masking."""

import keras
import numpy as np
import pytest
from keras import ops
from keras.src import testing

from tfjs_center_loss import CenterLossLayer

FEATURES = np.random.default_rng(0).random((4, 5, 3)).astype('float32')
IDS = np.array([[0, 1, 2, 3, 0]] * 4, 'int32')


@pytest.mark.skipif(keras.backend.backend() == 'torch', reason='counts the schedule among the parameters of PyTorch')
class KerasLayerTest(testing.TestCase):
    def check(self, inputs, expected_output, **init_kwargs):
        self.run_layer_test(
            CenterLossLayer,
            init_kwargs={'num_classes': 4, **init_kwargs},
            input_data=inputs,
            call_kwargs={'training': True},
            expected_output=ops.convert_to_tensor(expected_output),
            expected_num_trainable_weights=0,
            expected_num_non_trainable_weights=1,
            expected_num_non_trainable_variables=7,
            expected_num_seed_generators=0,
            expected_num_losses=1,
            supports_masking=True,
        )

    def test_vectors_and_class_ids(self):
        self.check((FEATURES[0], IDS[0]), FEATURES[0])

    def test_sequences_and_a_column_of_ids(self):
        self.check((FEATURES, IDS[..., None]), FEATURES, reduction='mean', ignore_class=-1)

    def test_feature_maps_and_one_hot_labels(self):
        maps = FEATURES.reshape(2, 2, 5, 3)
        labels = np.eye(4, dtype='float32')[IDS.reshape(2, 2, 5)]
        self.check((maps, labels), maps, centers_initializer='random_normal', alpha=0.1, loss_weight=0.2)

    def test_tap(self):
        output = np.ones((4, 7), 'float32')
        self.check((FEATURES[:, 0], IDS[:, 0], output), output)

    def test_features_alone(self):
        self.run_layer_test(
            CenterLossLayer,
            init_kwargs={'num_classes': 4},
            input_data=FEATURES,
            call_kwargs={'training': True},
            expected_output=ops.convert_to_tensor(FEATURES),
            expected_num_non_trainable_weights=1,
            expected_num_losses=0,
            supports_masking=True,
            run_training_check=False,
        )


@pytest.mark.parametrize('dtype', ['mixed_float16', 'mixed_bfloat16'])
def test_half_precision_rounds_neither_class_ids_nor_centers(dtype):
    layer = CenterLossLayer(4000, alpha=1.0, dtype=dtype)
    # bfloat16 has no 3001, float16 no 2049; and 1 + 2 ** -12 is 1 in both.
    ids = np.array([3001.0, 2049.0], 'float32')
    layer([np.full((2, 1), 2 + 2**-11, 'float32'), ids], training=True)
    centers = layer.get_weights()[0]
    assert centers.dtype == np.float32
    assert np.flatnonzero(centers).tolist() == [2049, 3001]
    np.testing.assert_array_equal(centers[[2049, 3001]], np.full((2, 1), 1 + 2**-12))
