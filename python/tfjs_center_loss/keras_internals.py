"""All that is used of Keras and is not public; `tests/test_keras_internals.py` holds Keras to each of it."""

from typing import Any

import keras
from keras.src.backend.common import global_state
from keras.src.backend.common.stateless_scope import get_stateless_scope
from keras.src.backend.common.symbolic_scope import in_symbolic_scope


def is_taken_away(variable: Any) -> bool:
    """Whether `fit` on JAX has taken the value out of a variable.

    From the first batch of an epoch to the last, Keras holds the values elsewhere and writes them back at the end. What
    anybody assigns in between is lost. A callback that asks for `self.model` makes Keras write back earlier.
    """
    return keras.backend.backend() == 'jax' and variable._value is None


def runs_without_state() -> bool:
    """Whether a function without state runs: it is handed the values of the variables, wherever those are kept."""
    return get_stateless_scope() is not None


def loses_losses() -> bool:
    """Whether a loss that is added now reaches nobody.

    That is so in a function without state that is not asked for losses: `stateless_call` without
    `return_losses=True`, and `compute_loss` on JAX.
    """
    scope = get_stateless_scope()
    return scope is not None and not scope.collect_losses and not in_symbolic_scope()


def collects_losses() -> bool:
    """Whether a function without state runs that was asked for losses: on JAX a step of `fit` or `evaluate`."""
    scope = get_stateless_scope()
    return scope is not None and scope.collect_losses


def outermost_layer() -> Any:
    """The layer or model whose call the present one is a part of, or `None`."""
    context = global_state.get_global_attribute('current_call_ctx')
    return context and context.entry_layer


def takes_training(layer: Any) -> bool:
    """Whether the `call` of a layer or model has the argument `training`."""
    return layer._call_has_training_arg


def is_called_without_labels(layer: Any) -> bool:
    """Whether the layer stands in models, and none of them gives it more than one input."""
    inputs = [len(node.input_tensors) for node in layer._inbound_nodes]
    return len(inputs) > 0 and max(inputs) == 1


def node_of(tensor: Any) -> Any:
    """The call of a layer or operation that a symbolic tensor comes from."""
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index]


def all_layers(model: Any) -> list[Any]:
    """The layers of a model, and of the models and layers within it."""
    return model._flatten_layers(include_self=False)
