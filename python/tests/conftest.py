"""Several devices on one processor, for every test: they must be asked for before the backend starts."""

import os

os.environ.setdefault('KERAS_BACKEND', 'jax')
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ['XLA_FLAGS'] = '--xla_force_host_platform_device_count=4'

import keras  # noqa: E402
import pytest  # noqa: E402

BACKEND = keras.backend.backend()

if BACKEND == 'tensorflow':
    import tensorflow as tf

    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices('CPU')[0], [tf.config.LogicalDeviceConfiguration()] * 2
    )


def pytest_collection_modifyitems(items):
    for item in items:
        marker = item.get_closest_marker('backend')
        if marker and marker.args[0] != BACKEND:
            item.add_marker(pytest.mark.skip(reason=f'only with the backend {marker.args[0]}'))


@pytest.fixture(autouse=True)
def _same_random_numbers():
    keras.utils.set_random_seed(0)


@pytest.fixture(autouse=True, scope='module')
def _fresh_names():
    keras.backend.clear_session()
