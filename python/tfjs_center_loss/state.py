"""Numbers of the layer that a compiled program must see, but that are no weights."""

import keras


class State:
    """Variables that change between steps without compiling anew, and that are not saved.

    The schedule `alpha` and `loss_weight`, and what the metric has added up. Keras passes them to compiled programs,
    since the layer names them among its `variables`; they are not among its `weights`, which are the centers alone, as
    in TensorFlow.js.

    Keras would take variables that are attributes of a layer for weights of it; so they are attributes of this object.
    """

    def __init__(self, alpha, loss_weight):
        self.alpha = _scalar('alpha', alpha)
        self.loss_weight = _scalar('loss_weight', loss_weight)
        self.loss_total = _scalar('loss_total', 0.0)
        self.loss_count = _scalar('loss_count', 0.0)

    def add_loss(self, loss, weight):
        self.loss_total.assign_add(loss * weight)
        self.loss_count.assign_add(weight)

    @property
    def variables(self):
        return [self.alpha, self.loss_weight, self.loss_total, self.loss_count]


def is_taken_away(variable):
    """Whether `fit` on JAX has taken the value out of a variable.

    From the first batch of an epoch to the last, Keras holds the values elsewhere and writes them back at the end. What
    anybody assigns in between is lost. A callback that asks for `self.model` makes Keras write back earlier.
    """
    return keras.backend.backend() == 'jax' and variable._value is None


def _scalar(name, value):
    return keras.Variable(
        initializer=keras.initializers.Constant(value),
        shape=(),
        dtype='float32',
        trainable=False,
        autocast=False,
        aggregation='only_first_replica',
        name=name,
    )
