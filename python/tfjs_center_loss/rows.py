"""Rows of a variable of many rows, read and added to at a cost that the other rows have no part in."""

from typing import Any

import keras
from keras import ops

from .keras_internals import runs_without_state


def read_rows(variable: Any, ids: Any) -> Any:
    """The rows `ids` of a variable `(rows, width)`."""
    handle = _tensorflow_handle(variable)
    if handle is not None:
        import tensorflow as tf

        # Of the variable and not of its value: once rows are written in place, TensorFlow copies a value that is read.
        return tf.raw_ops.ResourceGather(resource=handle, indices=ids, dtype=variable.dtype)
    return ops.take(variable.value, ids, axis=0)


def add_to_rows(variable: Any, ids: Any, rows: Any) -> None:
    """Adds `rows` to the rows `ids` of a variable; to a row that is named twice, both. All replicas name the same.

    JAX writes in place, as `fit` hands it the state of the model for good. On TensorFlow and PyTorch `scatter_update`
    makes a new table of all rows, and `assign` copies it into the variable; both can add to the variable itself.
    """
    handle = _tensorflow_handle(variable)
    if handle is not None:
        import tensorflow as tf

        tf.raw_ops.ResourceScatterAdd(resource=handle, indices=ids, updates=rows)
    elif keras.backend.backend() == 'torch' and not runs_without_state():
        import torch

        with torch.no_grad():
            variable.value.index_add_(0, ids, rows)
    else:
        variable.assign(ops.scatter_update(variable.value, ids[:, None], rows, reduction='add'))


def counts_among(ids: Any, counted: Any) -> Any:
    """For each of `ids`, how many of the `counted` ones are the same, as floats; at a cost that knows ids alone.

    Args:
        ids: Integers of shape `(n,)`.
        counted: Floats of shape `(n,)`, 1 or 0.
    """
    order = ops.argsort(ids)
    in_order = ops.take(ids, order)
    # Each id in order has the number of its group; the first has 0, or 1 where it differs from the last.
    groups = ops.cumsum(ops.cast(in_order != ops.roll(in_order, 1), 'int32'))
    counts = ops.segment_sum(ops.take(counted, order), groups, ops.shape(ids)[0] + 1)
    return ops.take(counts, ops.take(groups, ops.argsort(order)))


def _tensorflow_handle(variable: Any) -> Any:
    """What TensorFlow's operations for variables take: this replica's copy; `None` where no single copy is meant."""
    if keras.backend.backend() != 'tensorflow' or runs_without_state():
        return None
    import tensorflow as tf

    value = variable.value
    context = tf.distribute.get_replica_context()
    has_copies = isinstance(value, tf.distribute.DistributedValues)
    if has_copies and (context is None or context.num_replicas_in_sync == 1):
        return None
    return value.handle
