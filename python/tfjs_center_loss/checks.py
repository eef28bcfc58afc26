"""Checks of arguments and shapes: every error names who asks, what was expected and what came."""

import math
import numbers
import operator
from collections.abc import Sequence
from typing import Any

MAX_CLASSES = 2**31 - 1
"""Class ids are int32."""


def check_alpha(alpha: Any, where: str) -> float:
    """Returns `alpha` as a float.

    Raises:
        ValueError: unless it is a number from 0 to 1.
    """
    if not (_is_real(alpha) and 0 <= alpha <= 1):
        raise ValueError(f'{where}: expected alpha to be a number from 0 to 1, but got {alpha!r}.')
    return float(alpha)


def check_loss_weight(loss_weight: Any, where: str) -> float:
    """Returns `loss_weight` as a float.

    Raises:
        ValueError: unless it is a finite number of at least 0.
    """
    if not (_is_real(loss_weight) and math.isfinite(loss_weight) and loss_weight >= 0):
        raise ValueError(f'{where}: expected loss_weight to be a finite number of at least 0, but got {loss_weight!r}.')
    return float(loss_weight)


def check_reduction(reduction: Any, where: str) -> str:
    """Returns `reduction`.

    Raises:
        ValueError: unless it is `"sum"` or `"mean"`.
    """
    if reduction not in ('sum', 'mean'):
        raise ValueError(f"{where}: expected reduction to be 'sum' or 'mean', but got {reduction!r}.")
    return reduction


def check_num_classes(num_classes: Any, where: str) -> int:
    """Returns `num_classes` as an int.

    Raises:
        ValueError: unless it is an integer from 1 to `MAX_CLASSES`.
    """
    number = _integer(num_classes)
    if number is None or not 1 <= number <= MAX_CLASSES:
        raise ValueError(
            f'{where}: expected num_classes to be an integer from 1 to {MAX_CLASSES}, but got {num_classes!r}.'
        )
    return number


def check_ignore_class(ignore_class: Any, where: str) -> int | None:
    """Returns `ignore_class` as an int, or `None`.

    Raises:
        ValueError: unless it is an integer or `None`.
    """
    number = _integer(ignore_class)
    if ignore_class is not None and number is None:
        raise ValueError(f'{where}: expected ignore_class to be an integer, but got {ignore_class!r}.')
    return number


def check_features_shape(shape: Sequence[int | None], feature_dim: int | None, where: str) -> int:
    """Returns the width of features.

    Args:
        shape: Their shape.
        feature_dim: The width of the centers, or `None` before there are centers.
        where: Who asks.

    Raises:
        ValueError: unless the shape is `(batch, ..., features)` with a known last dimension, that of the centers.
    """
    if len(shape) < 2 or not shape[-1]:
        raise ValueError(
            f'{where}: expected features of shape (batch, ..., features) with a last dimension of at least 1, '
            f'but got shape {tuple(shape)}.'
        )
    if feature_dim is not None and shape[-1] != feature_dim:
        raise ValueError(
            f'{where}: expected features with a last dimension of {feature_dim}, the width of the centers, '
            f'but got shape {tuple(shape)}.'
        )
    return shape[-1]


def _is_real(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _integer(value: Any) -> int | None:
    """`value` as an int if it is an integer of Python or NumPy, else `None`."""
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None
