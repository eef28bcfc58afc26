"""The form that both sides save objects in, `{class_name, config}`, and what is said of those that cannot be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# TensorFlow.js writes Model, and reads both.
CONTAINERS = ('Functional', 'Model', 'Sequential')


def class_and_config(value: Any) -> tuple[str, dict[str, Any]]:
    """Of a saved object, the name of its class and its arguments."""
    if isinstance(value, dict):
        class_name, config = value.get('class_name'), value.get('config')
        if isinstance(class_name, str) and isinstance(config, dict):
            return class_name, config
    raise ValueError(f'expected a class_name and its config, but got {value!r:.100}')


def plain(value: Any) -> Any:
    """A value of numbers, texts, truth values and lists of them: nothing that Keras would make an object of."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise ValueError(f'expected a number, a text or a list of them, but got {value!r:.100}')


@contextmanager
def naming(class_name: str, name: Any) -> Iterator[None]:
    """Names the layer in the error about it; what Keras itself says of wrong arguments becomes the reason."""
    try:
        yield
    except Exception as error:
        raise ValueError(f'{class_name} {name!r}: {error}') from error
