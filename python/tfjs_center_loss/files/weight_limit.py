"""No more memory for weights than the files hold values."""

from __future__ import annotations

import math
from types import TracebackType
from typing import Any

from ..keras_internals import all_layers


class WeightLimit:
    """Refuses a layer that asks for more weights than there are left, before it takes the memory for them.

    It stands before `add_weight` of the layers that it is told of, and of no others, until its `with` block ends.
    Models that are made elsewhere meanwhile, as in other threads, do not see it.

    Args:
        total: How many numbers the files hold.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._left = total
        self._limited: list[Any] = []

    def __enter__(self) -> WeightLimit:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for layer in self._limited:
            # Not by way of Keras, which keeps books of attributes and may have locked them.
            object.__delattr__(layer, 'add_weight')

    def limit(self, layer: Any) -> None:
        """Counts what a new layer, and the layers in it, ask for from now on."""
        for one in [layer, *all_layers(layer)]:
            if 'add_weight' not in vars(one):
                self._limit_one(one)

    def _limit_one(self, layer: Any) -> None:
        add_weight = layer.add_weight

        def add_known_weight(shape: Any = None, *args: Any, **kwargs: Any) -> Any:
            self._left -= math.prod(shape or ())
            if self._left < 0:
                raise ValueError(f'asks for more weights than the {self._total} that the files hold')
            return add_weight(shape, *args, **kwargs)

        object.__setattr__(layer, 'add_weight', add_known_weight)
        self._limited.append(layer)
