#!/usr/bin/env bash
# The Python tests on both backends, in a virtual environment in output/ with the exact versions of requirements.lock.
# Without a Python that fits, it says so and leaves it at that. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
environment=../output/python

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
  echo 'The tests of python/ were left out: they need Python 3.11 or newer.'
  exit 0
fi
if [ ! -x "$environment/bin/pip" ]; then
  python3 -m venv "$environment"
fi
"$environment/bin/pip" install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock

"$environment/bin/ruff" check .
"$environment/bin/ruff" format --check .
for backend in tensorflow jax; do
  echo "Keras on $backend"
  KERAS_BACKEND=$backend "$environment/bin/python" -m pytest --quiet "$@"
done
