"""The center loss as a metric for `compile`."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import keras
from keras import ops

from .keras_internals import is_taken_away

if TYPE_CHECKING:
    from .layer import CenterLossLayer
    from .state import State

_newest_layers: weakref.WeakValueDictionary[str, CenterLossLayer] = weakref.WeakValueDictionary()
"""The newest layer of each name: how a metric that comes from a file finds the layer that came just before it."""


def remember(layer: CenterLossLayer) -> None:
    """Lets a metric from the same file as `layer` find it."""
    _newest_layers[layer.name] = layer


@keras.saving.register_keras_serializable(package='tfjs_center_loss')
class CenterLossMetric(keras.metrics.Metric):
    """Mean of the layer's center loss over the batches since the last reset, weighted by their sizes.

    Batches of `fit` and `evaluate` count, those of `predict` and of direct calls do not. A metric is handed nothing but
    targets and predictions, so the layer records the loss of each batch. Where Keras updates its metrics in the same
    program, as on TensorFlow and PyTorch, that makes the recorded loss count. On JAX a metric cannot see the layer
    while a step runs; there the layer itself adds the loss up, in those steps that are asked for losses. The progress
    bar then shows the mean of the epoch before; the history, and what `evaluate` returns, have the right one.
    """

    def __init__(self, layer: CenterLossLayer, name: str | None = None) -> None:
        super().__init__(name=layer.name if name is None else name, dtype='float32')
        # Weak, since Keras saves the weights of all layers that it finds in a metric with the metric.
        self._layer = weakref.ref(layer)
        self.last_mean = self.add_variable(shape=(), initializer='zeros', name='last_mean')

    def update_state(self, y_true: Any = None, y_pred: Any = None, sample_weight: Any = None) -> None:
        state = self._state
        if state is not None and keras.backend.backend() != 'jax':
            state.add_recorded_loss()

    def result(self) -> Any:
        state = self._state
        if state is None or _in_compiled_step(self.last_mean, state.loss_total):
            return ops.convert_to_tensor(self.last_mean)
        return state.loss_total / ops.maximum(state.loss_count, 1.0)

    def reset_state(self) -> None:
        state = self._state
        if state is not None:
            self.last_mean.assign(self.result())
            state.forget_losses()

    def get_config(self) -> dict[str, Any]:
        return {'layer': self._owner.name, 'name': self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> CenterLossMetric:
        layer = _newest_layers.get(config['layer'])
        if layer is None:
            raise ValueError(
                f"Metric '{config['name']}': expected a CenterLossLayer '{config['layer']}', but there is none."
            )
        return layer.metric(config['name'])

    @property
    def _owner(self) -> CenterLossLayer:
        layer = self._layer()
        if layer is None:
            raise ValueError(f"Metric '{self.name}': expected the layer whose metric it is, but that is gone.")
        return layer

    @property
    def _state(self) -> State | None:
        return self._owner.state


def _in_compiled_step(own: Any, of_layer: Any) -> bool:
    if keras.backend.backend() != 'jax':
        return False
    import jax

    return isinstance(own.value, jax.core.Tracer) or is_taken_away(of_layer)
