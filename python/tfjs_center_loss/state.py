"""Numbers of the layer that a compiled program must see, but that are no weights."""

from typing import Any

import keras


class State:
    """Variables that change between steps without compiling anew, and that are not saved.

    The schedule `alpha` and `loss_weight`; the loss of the last batch, and what the metric has added up of such. Keras
    passes them to compiled programs, since the layer names them among its `variables`. They are not among its
    `weights`, which are the centers alone, as in TensorFlow.js.

    Keras would take variables that are attributes of a layer for weights of it; so they are attributes of this object.
    """

    def __init__(self, alpha: float, loss_weight: float) -> None:
        self.alpha = _scalar('alpha', alpha)
        self.loss_weight = _scalar('loss_weight', loss_weight)
        self.last_loss = _scalar('last_loss', 0.0)
        self.last_count = _scalar('last_count', 0.0)
        self.loss_total = _scalar('loss_total', 0.0)
        self.loss_count = _scalar('loss_count', 0.0)

    def record_loss(self, loss: Any, count: Any) -> None:
        """Keeps the loss of a batch of so many samples, until it is known whether the batch counts."""
        self.last_loss.assign(loss)
        self.last_count.assign(count)

    def add_recorded_loss(self) -> None:
        """The batch counts, once."""
        self.loss_total.assign_add(self.last_loss * self.last_count)
        self.loss_count.assign_add(self.last_count)
        self.record_loss(0.0, 0.0)

    def forget_losses(self) -> None:
        self.record_loss(0.0, 0.0)
        self.loss_total.assign(0.0)
        self.loss_count.assign(0.0)

    @property
    def variables(self) -> list[Any]:
        return [
            self.alpha,
            self.loss_weight,
            self.last_loss,
            self.last_count,
            self.loss_total,
            self.loss_count,
        ]


def _scalar(name: str, value: float) -> Any:
    return keras.Variable(
        initializer=keras.initializers.Constant(value),
        shape=(),
        dtype='float32',
        trainable=False,
        autocast=False,
        aggregation='only_first_replica',
        name=name,
    )
