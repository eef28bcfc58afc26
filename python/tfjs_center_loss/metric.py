"""The center loss as a metric for `compile`."""

import weakref

import keras
from keras import ops

from .state import is_taken_away

_newest_layers = weakref.WeakValueDictionary()
"""The newest layer of each name: how a metric that comes from a file finds the layer that came just before it."""


def remember(layer):
    """Lets a metric from the same file as `layer` find it."""
    _newest_layers[layer.name] = layer


@keras.saving.register_keras_serializable(package='tfjs_center_loss')
class CenterLossMetric(keras.metrics.Metric):
    """Mean of the layer's center loss over the batches since the last reset, weighted by their sizes.

    The layer itself adds up its losses, since a metric is handed nothing but targets and predictions.

    On JAX a metric cannot see the layer's state while a step runs. The progress bar then shows the mean of the epoch
    before; the history, and what `evaluate` returns, have the right one.
    """

    def __init__(self, layer):
        super().__init__(name='center_loss', dtype='float32')
        # Weak, since Keras saves the weights of all layers that it finds in a metric with the metric.
        self._layer = weakref.ref(layer)
        self.last_mean = self.add_variable(shape=(), initializer='zeros', name='last_mean')

    def update_state(self, y_true, y_pred, sample_weight=None):
        pass

    def result(self):
        state = self._state
        if state is None or _in_compiled_step(self.last_mean, state.loss_total):
            return ops.convert_to_tensor(self.last_mean)
        return state.loss_total / ops.maximum(state.loss_count, 1.0)

    def reset_state(self):
        state = self._state
        if state is not None:
            self.last_mean.assign(self.result())
            state.loss_total.assign(0.0)
            state.loss_count.assign(0.0)

    def get_config(self):
        return {'layer': self._layer().name}

    @classmethod
    def from_config(cls, config):
        layer = _newest_layers.get(config['layer'])
        if layer is None:
            raise ValueError(
                f"Metric 'center_loss': expected a CenterLossLayer '{config['layer']}', but there is none."
            )
        return layer.metric()

    @property
    def _state(self):
        layer = self._layer()
        if layer is None:
            raise ValueError("Metric 'center_loss': expected the layer whose metric it is, but that is gone.")
        return layer._state


def _in_compiled_step(own, of_layer):
    if keras.backend.backend() != 'jax':
        return False
    import jax

    return isinstance(own.value, jax.core.Tracer) or is_taken_away(of_layer)
