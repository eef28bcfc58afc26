"""What is published: in step with the npm package, complete, and as it is installed by whoever has nothing yet."""

import json
import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

import tfjs_center_loss

PACKAGE = Path(__file__).parents[1]
ROOT = PACKAGE.parent
PROJECT = tomllib.loads((PACKAGE / 'pyproject.toml').read_text(encoding='utf-8'))['project']


def test_name_and_version_are_those_of_the_npm_package():
    npm = json.loads((ROOT / 'package.json').read_text(encoding='utf-8'))
    assert (PROJECT['name'], PROJECT['version']) == (npm['name'], npm['version'])
    assert f'## [{PROJECT["version"]}]' in (ROOT / 'CHANGELOG.md').read_text(encoding='utf-8')


def test_the_licence_is_that_of_the_repository():
    assert (PACKAGE / 'LICENSE').read_text(encoding='utf-8') == (ROOT / 'LICENSE').read_text(encoding='utf-8')


def test_everything_that_is_exported_has_types_and_says_what_it_is():
    for name in tfjs_center_loss.__all__:
        exported = getattr(tfjs_center_loss, name)
        assert exported.__doc__, name
        function = exported.__init__ if isinstance(exported, type) else exported
        count = function.__code__.co_argcount + function.__code__.co_kwonlyargcount
        arguments = [one for one in function.__code__.co_varnames[:count] if one != 'self']
        assert set(arguments) < set(function.__annotations__), name


def test_pyright_accepts_it_in_strict_mode():
    pyright = ROOT / 'node_modules/pyright/index.js'
    if not pyright.exists():
        pytest.skip('needs Node.js and `npm ci`')
    command = ['node', pyright, '-p', PACKAGE, '--pythonpath', sys.executable]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert ended.returncode == 0, ended.stdout


def files_of_the_clone():
    listed = subprocess.run(
        ['git', 'ls-files', '--cached', '--others', '--ignored', '--exclude-standard', 'python'],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {line for line in listed.stdout.splitlines() if '__pycache__' not in line and '_cache/' not in line}


@pytest.mark.backend('jax')
def test_the_first_minute_in_an_empty_home(tmp_path):
    """What the page says, in a fresh environment: install, train, predict."""
    page = (ROOT / 'docs/keras.md').read_text(encoding='utf-8')
    install = re.search(r'```sh\n(.*?)```', page, re.DOTALL)[1]
    program = re.search(r'```python\n(.*?)```', page, re.DOTALL)[1]
    before = files_of_the_clone()
    environment = tmp_path / 'environment'
    venv.create(environment, with_pip=True)
    # Certificates and proxies of this machine, but neither settings of Keras nor a home.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(('KERAS', 'XLA', 'TF_'))}
    kept |= {'HOME': str(tmp_path / 'home'), 'PATH': f'{environment / "bin"}{os.pathsep}{os.environ["PATH"]}'}
    (tmp_path / 'program.py').write_text(
        'import numpy as np\n'
        'random = np.random.default_rng(0)\n'
        "images = random.random((64, 28, 28, 1), dtype='float32')\n"
        "class_ids = random.integers(0, 10, 64, dtype='int32')\n"
        f"{program}\nassert class_of_picture.shape == (64,)\nassert keras.backend.backend() == 'jax'\n"
    )
    script = f'set -e\n{install}cd {tmp_path}\npython program.py\n'
    ended = subprocess.run(
        ['bash', '-c', script], cwd=ROOT, env=kept, capture_output=True, text=True, timeout=900, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert files_of_the_clone() == before
