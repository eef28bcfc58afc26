"""Rows of a variable of many rows, read and added to at a cost that the other rows have no part in."""

from typing import Any

import keras
from keras import ops


def read_rows(variable: Any, ids: Any) -> Any:
    """The rows `ids` of a variable `(rows, width)`."""
    value = variable.value
    if _is_tensorflow_variable(value):
        import tensorflow as tf

        # Of the variable and not of its value: a value that is read is a copy of all rows, once they change in place.
        return tf.gather(value, ids)
    return ops.take(value, ids, axis=0)


def add_to_rows(variable: Any, ids: Any, rows: Any) -> None:
    """Adds `rows` to the rows `ids` of a variable, a row that is named twice twice. All replicas must say the same.

    JAX writes in place what it is given to keep, as `fit` gives it the state of the model. TensorFlow and PyTorch would
    make all rows anew, and copy them into the variable; they have operations for variables.
    """
    value = variable.value
    if _is_tensorflow_variable(value):
        _add_in_tensorflow(value, ids, rows)
    elif keras.backend.backend() == 'torch' and value is variable._value:
        import torch

        with torch.no_grad():
            value.index_add_(0, ids, rows)
    else:
        variable.assign(ops.scatter_update(value, ids[:, None], rows, reduction='add'))


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


def _is_tensorflow_variable(value: Any) -> bool:
    """Whether this is a variable of TensorFlow; in a function without state it is a tensor."""
    if keras.backend.backend() != 'tensorflow':
        return False
    import tensorflow as tf

    return isinstance(value, tf.Variable)


def _add_in_tensorflow(value: Any, ids: Any, rows: Any) -> None:
    import tensorflow as tf

    def add(variable: Any, ids: Any, rows: Any) -> None:
        variable.scatter_add(tf.IndexedSlices(rows, ids))

    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        add(value, ids, rows)
        return

    # Each replica adds to the copy of its own device.
    def add_everywhere(strategy: Any, ids: Any, rows: Any) -> None:
        strategy.extended.update(value, add, args=(ids, rows))

    context.merge_call(add_everywhere, args=(ids, rows))
