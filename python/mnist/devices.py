"""Training over all devices that there are. Imported before Keras, which reads these settings when it starts."""

import os

CPU_DEVICES = 2

os.environ.setdefault('KERAS_BACKEND', 'jax')
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
# A processor counts as several devices, so that the same program runs without GPUs; where there are GPUs, they count.
# On a busy machine one such device waits long for the other; XLA ends the program after 40 seconds of that.
os.environ.setdefault(
    'XLA_FLAGS',
    f'--xla_force_host_platform_device_count={CPU_DEVICES} --xla_cpu_collective_call_terminate_timeout_seconds=600',
)
# How many threads XLA has. With two cores it has two, both of which one device has been seen to hold while it waits.
os.environ.setdefault('NPROC', '8')

import keras  # noqa: E402


def train_data_parallel():
    """Has each device take its share of every batch, and tells on what."""
    devices = keras.distribution.list_devices()
    keras.distribution.set_distribution(keras.distribution.DataParallel(devices=devices))
    return f'{keras.backend.backend()} on {len(devices)} devices ({", ".join(devices)})'
