"""The center loss as a metric for `compile`."""

import keras
from keras import ops

from .state import is_taken_away


class CenterLossMetric(keras.metrics.Metric):
    """Mean of the layer's center loss over the batches since the last reset, weighted by their sizes.

    The layer itself adds up its losses, since a metric is handed nothing but targets and predictions.

    On JAX a metric cannot see the layer's state while a step runs. The progress bar then shows the mean of the epoch
    before; the history, and what `evaluate` returns, have the right one.
    """

    def __init__(self, layer):
        super().__init__(name='center_loss', dtype='float32')
        self._layer = layer
        self.last_mean = self.add_variable(shape=(), initializer='zeros', name='last_mean')

    def update_state(self, y_true, y_pred, sample_weight=None):
        pass

    def result(self):
        state = self._layer._state
        if state is None or _in_compiled_step(self.last_mean, state.loss_total):
            return ops.convert_to_tensor(self.last_mean)
        return state.loss_total / ops.maximum(state.loss_count, 1.0)

    def reset_state(self):
        state = self._layer._state
        if state is not None:
            self.last_mean.assign(self.result())
            state.loss_total.assign(0.0)
            state.loss_count.assign(0.0)


def _in_compiled_step(own, of_layer):
    if keras.backend.backend() != 'jax':
        return False
    import jax

    return isinstance(own.value, jax.core.Tracer) or is_taken_away(of_layer)
