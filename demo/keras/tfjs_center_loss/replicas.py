"""What the replicas of `tf.distribute` tell each other."""

import keras


class Replicas:
    """The replicas that compute this step together.

    There is one on a single device, and one where the backend sees the whole batch, as JAX does with `DataParallel` and
    `ModelParallel`. Only `tf.distribute` runs the layer once for each part of the batch.
    """

    def __init__(self):
        self._context = None
        if keras.backend.backend() == 'tensorflow':
            import tensorflow as tf

            context = tf.distribute.get_replica_context()
            if context is not None and context.num_replicas_in_sync > 1:
                self._context = context

    @property
    def count(self):
        return self._context.num_replicas_in_sync if self._context else 1

    def sum(self, value):
        """The sum of the values of all replicas."""
        return self._context.all_reduce('SUM', value) if self._context else value

    def gather(self, values):
        """The rows of all replicas, one after the other."""
        return self._context.all_gather(values, axis=0) if self._context else values
