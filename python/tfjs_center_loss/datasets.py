"""Datasets of `(x, y)`, as Keras has them everywhere, for models that take the labels as an input."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np

from .checks import check_ignore_class, check_num_classes


def with_labels(dataset: Any, label: str = 'label') -> Any:
    """The dataset of a classifier for the model that trains it: `(x, y)` becomes `((x, y), y)`.

    Args:
        dataset: A `tf.data.Dataset`, such as `keras.utils.image_dataset_from_directory` gives, or a
            `keras.utils.PyDataset`. Its elements are `(x, y)` or `(x, y, sample_weight)`; y is what the layer takes as
            labels.
        label: What the input of the labels is called. It matters where x is a dictionary.

    Returns:
        A dataset of the same kind.

    Raises:
        ValueError: for anything else, and for elements without y.
    """
    if isinstance(dataset, keras.utils.PyDataset):
        return _WithLabels(dataset, label)
    if _is_tf_data(dataset):
        return dataset.map(lambda *element: _with_label(element, label))
    raise ValueError(
        'with_labels: expected a tf.data.Dataset or a keras.utils.PyDataset, '
        f'but got {type(dataset).__name__}. Arrays go to fit as they are: fit([x, y], y).'
    )


def check_labels(labels: Any, num_classes: int, ignore_class: int | None = None) -> None:
    """Checks class ids before training, in which compiled code leaves out a label that is no class, silently.

    Args:
        labels: Class ids: an array, or a dataset of `(x, y)` whose y they are, which is run through once. One-hot
            labels have nothing to check.
        num_classes: The number of classes.
        ignore_class: As the layer has it.

    Raises:
        ValueError: for the first label that is no integer from 0 to `num_classes - 1`.
    """
    where = 'check_labels'
    num_classes = check_num_classes(num_classes, where)
    ignore_class = check_ignore_class(ignore_class, where)
    start = 0
    for batch in _batches_of_labels(labels):
        values = np.asarray(batch).ravel()
        if values.dtype.kind not in 'iufb':
            raise ValueError(f'{where}: expected labels to be numbers, but got dtype {values.dtype}.')
        good = (values >= 0) & (values < num_classes) & (values == np.floor(values))
        if ignore_class is not None:
            good |= values == ignore_class
        if not good.all():
            index = int(good.argmin())
            ignored = '' if ignore_class is None else f', or the ignored class {ignore_class}'
            raise ValueError(
                f'{where}: expected labels to be integers from 0 to {num_classes - 1}{ignored}, '
                f'but got {values[index]} at index {start + index}.'
            )
        start += len(values)


def _batches_of_labels(labels: Any) -> Iterable[Any]:
    if isinstance(labels, keras.utils.PyDataset):
        return (_label_of(labels[i]) for i in range(_number_of_batches(labels)))
    if _is_tf_data(labels):
        return (_label_of(element) for element in labels)
    return [labels]


def _number_of_batches(dataset: Any) -> int:
    number = dataset.num_batches
    if number is None:
        raise ValueError('check_labels: expected a dataset that ends, but got one without a number of batches.')
    return int(number)


def _is_tf_data(dataset: Any) -> bool:
    # Whoever has such a dataset has TensorFlow; nobody else needs it.
    return any(
        kind.__module__.startswith('tensorflow.python.data') and kind.__name__ == 'DatasetV2'
        for kind in type(dataset).__mro__
    )


def _label_of(element: Any) -> Any:
    if not (isinstance(element, (list, tuple)) and len(element) in (2, 3)):
        raise ValueError(f'expected a dataset of (x, y) or (x, y, sample_weight), but got elements {element!r:.200}.')
    return element[1]


def _with_label(element: Any, label: str) -> tuple[Any, ...]:
    y = _label_of(element)
    x, *rest = element
    if isinstance(x, dict):
        return ({**x, label: y}, *rest)
    return ((*x, y) if isinstance(x, (list, tuple)) else (x, y), *rest)


class _WithLabels(keras.utils.PyDataset):
    """A dataset that adds its labels to the inputs of another one."""

    def __init__(self, dataset: Any, label: str) -> None:
        super().__init__(
            workers=dataset.workers,
            use_multiprocessing=dataset.use_multiprocessing,
            max_queue_size=dataset.max_queue_size,
        )
        self.dataset = dataset
        self.label = label

    @property
    def num_batches(self) -> Any:
        return self.dataset.num_batches

    def __getitem__(self, index: int) -> Any:
        return _with_label(self.dataset[index], self.label)

    def on_epoch_begin(self) -> None:
        self.dataset.on_epoch_begin()

    def on_epoch_end(self) -> None:
        self.dataset.on_epoch_end()
