"""A model that trains a classifier with center loss."""

from __future__ import annotations

from typing import Any

import keras

from ..keras_internals import all_layers, node_of
from ..layer import CenterLossLayer
from .feature_place import Place, find_features, producer_of, with_features
from .graph import call_again, check_functional, model_of, rebuild, structures_of


def attach_center_loss(
    classifier: Any,
    feature_layer: Any,
    num_classes: int,
    *,
    one_hot_labels: bool = False,
    label_name: str | None = None,
    name: str = 'center_loss',
    **layer_args: Any,
) -> Any:
    """A model for training `classifier` with center loss.

    It has the same layers and weights, a `CenterLossLayer` that looks at the features, and one more input, last, for
    the labels. Its outputs have the names of the classifier's. The classifier stays as it is and learns along, since
    the weights are shared. The new model is not compiled.

    Args:
        classifier: A functional model, or a sequential one that is built. Models may be nested in it.
        feature_layer: The layer whose output are the features: its name, or the layer itself, in a nested model as
            well. For one of several outputs of a layer, or of several calls of it: that output, a `keras.KerasTensor`.
        num_classes: The number of classes.
        one_hot_labels: Whether labels are one-hot, with a last axis of `num_classes`. By default they are class ids,
            `(batch,)` for features `(batch, width)`, `(batch, steps)` for features `(batch, steps, width)`.
        label_name: The name of the input for the labels. Defaults to `label`, or `label_1` where that is taken.
        name: The name of the layer.
        **layer_args: Further arguments of `CenterLossLayer`.

    Returns:
        A functional `keras.Model`: `fit([images, class_ids], class_ids)`. Where the inputs of the classifier are a
        dictionary, so are its.

    Raises:
        ValueError: if `classifier` is no such model or has nothing to train, if `feature_layer` does not name one
            tensor of it, and for wrong arguments of the layer.
    """
    where = 'attach_center_loss'
    check_functional(classifier, where)
    place = find_features(classifier, feature_layer, where)
    if not classifier.trainable_weights:
        raise ValueError(
            f'{where}: expected a classifier with weights to train, but all of {classifier.name!r} are frozen. '
            'Set trainable = True for the layers that shall learn.'
        )
    names = {layer.name for layer in all_layers(classifier)} | {tensor.name for tensor in classifier.inputs}
    for argument, given in {'name': name, 'label_name': label_name}.items():
        if given is not None and given in names:
            raise ValueError(f'{where}: expected {argument} to be new to the model, but got {given!r}.')
    layer = CenterLossLayer(num_classes, name=name, **layer_args)
    leading = place.tensor.shape[1:-1]
    # A last axis of 1 tells class ids of as many steps as there are classes from one-hot labels of whole sequences.
    id_shape = (*leading, 1) if leading and leading[-1] == num_classes > 1 else leading
    label = keras.Input(
        (*leading, num_classes) if one_hot_labels else id_shape,
        dtype='float32' if one_hot_labels else 'int32',
        name=label_name or _unused('label', names | {name}),
    )
    outputs = rebuild(list(classifier.outputs), {id(producer_of(place)): _Tap(place, layer, label)})
    inputs, output = structures_of(classifier)
    inputs = {**inputs, label.name: label} if isinstance(inputs, dict) else [*classifier.inputs, label]
    model = model_of(inputs, keras.tree.pack_sequence_as(output, outputs), classifier.name)
    # Other than theirs only where the features themselves are an output.
    model.output_names = output_names_of(classifier)
    return model


class _Tap:
    """Puts the layer behind the features: what uses them uses its output, which are the same.

    Features in a nested model become one more output of it, and the layer stands behind that model: a nested model is
    called as it was, with its arguments, and no layer in it is called anew.
    """

    def __init__(self, place: Place, layer: CenterLossLayer, label: Any) -> None:
        self.place = place
        self.layer = layer
        self.label = label

    def __call__(self, now: Any) -> list[Any]:
        tensor, path = self.place.tensor, self.place.path
        if not path:
            outputs = node_of(tensor).outputs
            return [self.layer([tensor, self.label]) if output is tensor else output for output in outputs]
        node = path[0]
        nested, index = with_features(node, Place(tensor, path[1:]))
        outputs = call_again(node, nested, [now(one) for one in node.input_tensors])
        first, *others = outputs[: len(node.outputs)]
        inputs = [first, self.label] if index == 0 else [outputs[index], self.label, first]
        return [self.layer(inputs), *others]


def output_names_of(model: Any) -> list[str]:
    """The names of the layers that a model has its outputs from, those of taps aside."""
    return [_behind_taps(node_of(tensor)).operation.name for tensor in model.outputs]


def _behind_taps(node: Any) -> Any:
    while isinstance(node.operation, CenterLossLayer) and len(node.input_tensors) > 2:
        node = node_of(node.input_tensors[2])
    return node


def _unused(name: str, names: set[str]) -> str:
    unused, number = name, 0
    while unused in names:
        number += 1
        unused = f'{name}_{number}'
    return unused
