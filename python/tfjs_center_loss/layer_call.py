"""How the layer is called: what it is applied to, and whether what it learns there would reach anybody."""

import warnings
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from .checks import check_features_shape
from .keras_internals import (
    collects_losses,
    is_called_without_labels,
    loses_losses,
    outermost_layer,
    takes_training,
)
from .labels import is_one_hot

_INT32 = np.iinfo('int32')


def in_one_list(inputs: Any, more: Sequence[Any], where: str) -> Any:
    """The inputs of a call, with class ids of 64 bits in 32: JAX would cut them to that, and PyTorch has no uint64.

    Args:
        inputs: What stands first in the call.
        more: What stands behind it, without a name.
        where: Who asks.

    Raises:
        ValueError: for a dictionary, for inputs behind the first, and for class ids that 32 bits do not hold.
    """
    if isinstance(inputs, dict):
        raise ValueError(
            f'{where}: expected inputs in a list, [features, labels] or [features, labels, output], '
            f'but got a dictionary with {list(inputs)!r:.100}.'
        )
    if more and not isinstance(more[0], (bool, type(None))):
        raise ValueError(
            f'{where}: expected inputs in one list, layer([features, labels]), but got {len(more) + 1} arguments.'
        )
    if not (isinstance(inputs, (list, tuple)) and len(inputs) > 1 and _are_wide_ids(inputs[1])):
        return inputs
    features, labels, *output = inputs
    wrong = np.flatnonzero((labels < _INT32.min) | (labels > _INT32.max))
    if len(wrong) > 0:
        raise ValueError(
            f'{where}: expected labels to be 32-bit integers, but got {labels.flat[wrong[0]]} at index {wrong[0]}.'
        )
    return [features, labels.astype('int32'), *output]


def _are_wide_ids(labels: Any) -> bool:
    return isinstance(labels, np.ndarray) and labels.dtype.kind in 'iu' and labels.dtype.itemsize > 4


def unpack(inputs: Any, feature_dim: int | None, num_classes: int, where: str) -> tuple[Any, Any, Any]:
    """`(features, labels or None, output)`, checked; the output is the features where there is no third input.

    Raises:
        ValueError: for another number of inputs, and for a shape or dtype that does not fit.
    """
    parts = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    if not 1 <= len(parts) <= 3:
        raise ValueError(
            f'{where}: expected features, [features, labels] or [features, labels, output], '
            f'but got {len(parts)} inputs.'
        )
    features, labels = parts[0], parts[1] if len(parts) > 1 else None
    if not keras.backend.is_float_dtype(features.dtype):
        raise ValueError(
            f'{where}: expected features of a floating dtype, '
            f'but got {keras.backend.standardize_dtype(features.dtype)}.'
        )
    check_features_shape(features.shape, feature_dim, where)
    if labels is not None:
        is_one_hot(labels.shape, features.shape[:-1], num_classes, where)
    return features, labels, parts[-1] if len(parts) == 3 else features


def shapes_of(input_shape: Any) -> list[Any]:
    """The shapes of the inputs, of one shape or several."""
    several = len(input_shape) > 0 and isinstance(input_shape[0], (list, tuple))
    return list(input_shape) if several else [input_shape]


def check_given_labels(layer: Any, where: str) -> None:
    """Refuses a training pass in which the layer could learn nothing, since no model gives it labels."""
    if is_called_without_labels(layer):
        raise ValueError(
            f'{where}: expected labels in a training pass, but the model gives the layer features alone, as every '
            'keras.Sequential does: nothing would be learned. Use attach_center_loss(), or a functional model that '
            'applies the layer to [features, labels].'
        )


def check_loss_is_collected(where: str) -> None:
    """Refuses a training pass whose loss would be lost."""
    if loses_losses():
        raise ValueError(
            f'{where}: expected a training pass whose loss is collected, but it would be lost here, while the centers '
            'moved. Call stateless_call with return_losses=True, and add the sum of the losses that it returns to '
            'yours; apply the layer in the call of the model, not in compute_loss.'
        )


def warn_if_never_trained(layer: Any, where: str) -> None:
    """Warns where nobody has said whether this pass trains, and `fit` could not: the layer would learn nothing.

    On JAX, `fit` and `evaluate` run the call of a model in a way in which only what the call hands on reaches a layer.
    """
    outermost = outermost_layer()
    unheard = outermost is not None and outermost is not layer and not takes_training(outermost)
    if unheard or collects_losses():
        warnings.warn(
            f'{where}: nobody says whether this pass trains, so that the layer learns nothing. In a model of your own '
            'write call(self, inputs, training=None), and call the layer with training=training.',
            stacklevel=2,
        )
