"""Two processes of one JAX program, as on a cluster, give the result of one."""

import os
import pathlib
import socket
import subprocess
import sys

import numpy as np
import pytest
from small_models import assert_same_weights, tapped_classifier, train

HERE = pathlib.Path(__file__).parent


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


def run_processes(program, arguments_of, processes=2, **options):
    """Runs `python program ARGUMENTS` once for each process, at the same time, on four devices in all, and waits."""
    environment = {
        **os.environ,
        'PYTHONPATH': os.pathsep.join([str(HERE.parent), str(HERE)]),
        'XLA_FLAGS': f'--xla_force_host_platform_device_count={4 // processes}',
    }
    running = [
        subprocess.Popen(
            [sys.executable, str(program), *map(str, arguments_of(process))],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )
        for process in range(processes)
    ]
    try:
        outputs = [process.communicate(timeout=300)[0] for process in running]
    finally:
        for process in running:
            process.kill()
    for process, output in zip(running, outputs, strict=True):
        assert process.returncode == 0, output


@pytest.mark.backend('jax')
def test_two_processes_equal_one(tmp_path):
    history, weights = train(tapped_classifier(reduction='mean'))
    address = f'127.0.0.1:{free_port()}'
    run_processes(HERE / 'process_program.py', lambda process: [process, 2, address, tmp_path])
    names = ['weight 0', 'weight 1', 'weight 2', 'weight 3', 'centers']
    for kind in ['data', 'inside', 'across']:
        for process in range(2):
            result = np.load(tmp_path / f'{kind} {process}.npz')
            np.testing.assert_allclose(result['center_loss'], history['center_loss'], rtol=1e-5)
            np.testing.assert_allclose(result['loss'], history['loss'], rtol=1e-5)
            # Sums in another order; float32 has 7 digits, the weights are about 1.
            assert_same_weights([result[name] for name in names], weights, 1e-6)
