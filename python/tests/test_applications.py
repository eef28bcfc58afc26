"""Of `keras.applications`: those that need what TensorFlow.js has in other layers. All others: `applications.py`."""

import keras
import pytest
from applications import differences, smallest
from tfjs import needs_node

from tfjs_center_loss import save_tfjs


@needs_node
def test_predict_the_same_in_tensorflow_js(tmp_path):
    # Normalization and Rescaling; hard_silu, operations with numbers, and pooling that keeps dimensions.
    found = differences(['EfficientNetB0', 'MobileNetV3Small'], tmp_path)
    for size, difference in found.values():
        assert size == 32
        # float32 through a hundred layers; the largest one seen is 2e-6.
        assert difference < 2e-5


def test_what_is_refused_is_named(tmp_path):
    _, model = smallest('ConvNeXtTiny')
    with pytest.raises(ValueError, match="depthwise_conv': TensorFlow.js has no counterpart of groups=96"):
        save_tfjs(model, tmp_path)
    assert isinstance(model, keras.Model)
