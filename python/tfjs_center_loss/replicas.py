"""What the devices that compute a step together tell each other."""

from typing import Any

import keras


class Replicas:
    """The devices that compute this step together, whatever the way of distributing it.

    `tf.distribute` runs the layer once for each part of the batch, so that the parts must be brought together by hand.
    On JAX the layer sees the whole batch, and the compiler brings together what it must; it only has to be told where.
    """

    def __init__(self) -> None:
        self._context: Any = None
        self._mesh: Any = None
        if keras.backend.backend() == 'tensorflow':
            import tensorflow as tf

            context = tf.distribute.get_replica_context()
            if context is not None and context.num_replicas_in_sync > 1:
                self._context = context
        elif (distribution := keras.distribution.distribution()) is not None:
            self._mesh = distribution.device_mesh

    @property
    def count(self) -> int:
        """How many parts of the batch there are, each with a run of the layer of its own."""
        return self._context.num_replicas_in_sync if self._context else 1

    def sum(self, value: Any) -> Any:
        """The sum of the values of all parts."""
        return self._context.all_reduce('SUM', value) if self._context else value

    def gather(self, rows: Any) -> Any:
        """The rows of the whole batch, on every device."""
        if self._context:
            return self._context.all_gather(rows, axis=0)
        if self._mesh:
            layout = keras.distribution.TensorLayout([None] * len(rows.shape), self._mesh)
            return keras.distribution.distribute_tensor(rows, layout)
        return rows
