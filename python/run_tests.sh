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

# The wheel, as it would be published: whole, and it works where this folder is not.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$environment/bin/pip" wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir "$scratch" .
"$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-index --target "$scratch/installed" \
  "$scratch"/*.whl
cp tests/wheel_program.py "$scratch"
python=$(cd "$environment" && pwd)/bin/python
(cd "$scratch" && PYTHONPATH="$scratch/installed" KERAS_BACKEND=jax "$python" wheel_program.py)

for backend in tensorflow jax; do
  echo "Keras on $backend"
  KERAS_BACKEND=$backend "$python" -m pytest --quiet "$@"
done
