"""Every form of labels -> int32 class ids, and which samples take part."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops


def is_one_hot(
    label_shape: Sequence[int | None], leading_shape: Sequence[int | None], num_classes: int, where: str
) -> bool:
    """Tells one-hot labels from class ids by their shape.

    Args:
        label_shape: The shape of the labels; `None` stands for a dimension that is not known yet.
        leading_shape: The shape of the features without its last dimension.
        num_classes: The number of classes.
        where: Who asks.

    Raises:
        ValueError: if the shape is neither.
    """
    leading_shape, label_shape = tuple(leading_shape), tuple(label_shape)
    if _fits(label_shape, leading_shape) or _fits(label_shape, (*leading_shape, 1)):
        return False
    if _fits(label_shape, (*leading_shape, num_classes)):
        return True
    raise ValueError(
        f'{where}: expected labels to be class ids of shape {leading_shape} or {(*leading_shape, 1)}, '
        f'or one-hot of shape {(*leading_shape, num_classes)}, but got labels of shape {label_shape}.'
    )


def class_ids(
    labels: Any,
    leading_shape: Sequence[int | None],
    *,
    num_classes: int,
    ignore_class: int | None,
    mask: Any,
    lengths_vary: bool,
    where: str | None,
) -> tuple[Any, Any]:
    """Brings every form of labels to one.

    Args:
        labels: Class ids of the leading shape, with or without a last axis of 1, or one-hot labels or probabilities
            with a last axis of `num_classes`, of which the largest entry counts. A sample of which several entries are
            the largest, or one is NaN, takes no part.
        leading_shape: The shape of the features without its last dimension.
        num_classes: The number of classes.
        ignore_class: Samples with this label take no part; or `None`.
        mask: A Keras mask over the first of the leading axes, or `None`. Samples at `False` take no part, and their
            labels are not read.
        lengths_vary: Whether the model is built for samples of more than one length.
        where: Who asks; `None` for a pass that does not train, where a label that is no class takes no part.

    Returns:
        `(ids, takes_part)`, int32 and bool of shape `(samples,)`. The id of a sample that takes no part is 0.

    Raises:
        ValueError: for a label that is no integer from 0 to `num_classes - 1`, if its value can be seen. In compiled
            code it cannot be; there such a sample takes no part. And for class ids that could be one-hot labels of
            fewer samples, since their last axis is as long as there are classes.
    """
    one_hot = is_one_hot(labels.shape, leading_shape, num_classes, where or 'labels')
    if where is not None and not one_hot and not lengths_vary:
        _check_tellable(tuple(labels.shape), len(leading_shape), num_classes, where)
    values = _arg_max(labels, num_classes) if one_hot else ops.reshape(_comparable(labels), (-1,))
    is_class = ops.logical_and(values >= 0, values < num_classes)
    if keras.backend.is_float_dtype(values.dtype):
        is_class = ops.logical_and(is_class, ops.floor(values) == values)
    left_out = ops.zeros_like(is_class)
    if ignore_class is not None:
        left_out = values == ignore_class
    mask = _mask_of_samples(mask, leading_shape, labels)
    if mask is not None:
        left_out = ops.logical_or(left_out, ops.logical_not(mask))
    if where is not None and not one_hot and _can_be_read(values):
        _check_values(values, ops.logical_or(is_class, left_out), num_classes, ignore_class, where)
    takes_part = ops.logical_and(is_class, ops.logical_not(left_out))
    return ops.cast(ops.where(takes_part, values, ops.zeros_like(values)), 'int32'), takes_part


def _check_tellable(label_shape: tuple[int | None, ...], rank: int, num_classes: int, where: str) -> None:
    """Refuses what may be class ids of each step, or one-hot labels of each sequence: their shapes are the same."""
    if rank > 1 and len(label_shape) == rank and label_shape[-1] == num_classes > 1:
        raise ValueError(
            f'{where}: expected labels to be class ids of shape {(*label_shape, 1)}, or one-hot of shape '
            f'{(*label_shape, num_classes)}, but got labels of shape {label_shape}. Of {num_classes} classes these '
            f'could be class ids as well as a one-hot label for each {num_classes} samples.'
        )


def _fits(shape: Sequence[int | None], expected: Sequence[int | None]) -> bool:
    return len(shape) == len(expected) and all(
        dim is None or other is None or dim == other for dim, other in zip(shape, expected, strict=True)
    )


def _arg_max(labels: Any, num_classes: int) -> Any:
    """Of each row of one-hot labels the index of the largest entry; -1 if there are several, or one is NaN."""
    rows = ops.reshape(ops.cast(labels, 'float32'), (-1, num_classes))
    largest = ops.sum(ops.cast(rows == ops.max(rows, axis=1, keepdims=True), 'int32'), axis=1)
    has_class = ops.logical_and(largest == 1, ops.logical_not(ops.any(ops.isnan(rows), axis=1)))
    return ops.where(has_class, ops.cast(ops.argmax(rows, axis=1), 'int32'), -1)


def _comparable(labels: Any) -> Any:
    """The labels in a type that holds both them and any number of classes."""
    dtype = keras.backend.standardize_dtype(labels.dtype)
    if dtype in ('float64', 'int64'):
        return labels
    if keras.backend.is_float_dtype(dtype):
        return ops.cast(labels, 'float32')
    # What int64 does not hold becomes negative.
    return ops.cast(labels, 'int64' if dtype == 'uint64' else 'int32')


def _mask_of_samples(mask: Any, leading_shape: Sequence[int | None], labels: Any) -> Any:
    """The mask spread over all samples, or `None` if there is none over these samples."""
    if mask is None or not _fits(tuple(mask.shape), tuple(leading_shape)[: len(mask.shape)]):
        return None
    mask = ops.cast(mask, 'bool')
    # The labels' leading dimensions are known when the program runs, even those that its shape does not tell.
    sizes = ops.shape(labels)[: len(leading_shape)]
    padding = (1,) * (len(leading_shape) - len(mask.shape))
    mask = ops.reshape(mask, (*ops.shape(mask), *padding))
    return ops.reshape(ops.broadcast_to(mask, sizes), (-1,))


def _can_be_read(tensor: Any) -> bool:
    """Whether the values are there already: not so in code that is being compiled, or in other processes."""
    backend = keras.backend.backend()
    if backend == 'jax':
        import jax

        return not isinstance(tensor, jax.core.Tracer) and tensor.is_fully_addressable
    if backend == 'tensorflow':
        import tensorflow as tf

        return not tf.is_symbolic_tensor(tensor)
    import torch

    return not torch.compiler.is_compiling()


def _check_values(values: Any, good: Any, num_classes: int, ignore_class: int | None, where: str) -> None:
    good = ops.convert_to_numpy(good)
    if not good.all():
        index = int(good.argmin())
        value = ops.convert_to_numpy(values)[index]
        ignored = '' if ignore_class is None else f', or the ignored class {ignore_class}'
        raise ValueError(
            f'{where}: expected labels to be integers from 0 to {num_classes - 1}{ignored}, '
            f'but got {value} at index {index}.'
        )
