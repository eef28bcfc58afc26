#!/usr/bin/env bash
# Puts native TensorFlow for Node.js into output/native: @tensorflow/tfjs-node, with its addon compiled here against
# the libraries in TensorFlow's wheel on PyPI. The package's own install script would download them from elsewhere.
# Needs Linux on x86-64, g++, and Python with pip. Does nothing where it has been done.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# All that is downloaded has its hash in one of these.
locks=$PWD/scripts/native
# A Python that this TensorFlow has a wheel for: which Python runs here does not matter.
TENSORFLOW=$(sed -n 's/^tensorflow-cpu==\([0-9.]*\) .*/\1/p' "$locks/requirements.lock")
PYTHON=3.11
PLATFORM=manylinux_2_17_x86_64
# The newest interface of Node.js that this addon is written for.
NAPI=8

folder=$PWD/output/native
tfjs_version=$(node -p 'require("@tensorflow/tfjs-core/package.json").version')
locked_version=$(node -p "require('$locks/package.json').dependencies['@tensorflow/tfjs-node']")
if [ "$tfjs_version" != "$locked_version" ]; then
  echo "Expected scripts/native to lock tfjs-node $tfjs_version, as TensorFlow.js is here, but it has $locked_version." >&2
  exit 1
fi
package=$folder/node_modules/@tensorflow/tfjs-node
addon=$package/lib/napi-v$NAPI/tfjs_binding.node
done_file=$folder/done
contents="tfjs-node $tfjs_version, TensorFlow $TENSORFLOW"

if [ "$(cat "$done_file" 2> /dev/null)" = "$contents" ]; then
  echo "$contents: already in output/native"
  exit
fi

rm -rf "$folder"
mkdir -p "$folder"
cp "$locks/package.json" "$locks/package-lock.json" "$folder"
npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund
# There must be one TensorFlow.js in a program. Without its own, the package finds the one of the project, in a folder
# above this one.
find "$folder/node_modules/@tensorflow" -mindepth 1 -maxdepth 1 ! -name tfjs-node -exec rm -r {} +

python3 -m pip download --no-deps --only-binary=:all: --python-version "$PYTHON" --platform "$PLATFORM" \
  --require-hashes --dest "$folder" --requirement "$locks/requirements.lock"
mkdir -p "$package/deps/lib" "$(dirname "$addon")"
python3 - "$folder" "$package/deps" << 'PYTHON'
import pathlib, shutil, sys, zipfile

HEADERS = tuple(f"tensorflow/include/{part}/" for part in ("tensorflow/c", "tensorflow/core/platform", "tsl"))
folder, deps = map(pathlib.Path, sys.argv[1:])
[wheel] = folder.glob("*.whl")
with zipfile.ZipFile(wheel) as files:
    for name in files.namelist():
        path = pathlib.PurePosixPath(name)
        if path.name in ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2"):
            target = deps / "lib" / path.name
        elif name.startswith(HEADERS) and path.suffix == ".h":
            target = deps / "include" / path.relative_to("tensorflow/include")
        else:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with files.open(name) as source, open(target, "wb") as copy:
            shutil.copyfileobj(source, copy)
wheel.unlink()
PYTHON

g++ -std=c++17 -O2 -fPIC -shared -w \
  -DNAPI_VERSION=$NAPI -DBUILDING_NODE_EXTENSION -DNODE_GYP_MODULE_NAME=tfjs_binding \
  -I"$folder/node_modules/node-api-headers/include" -I"$package" -I"$package/deps/include" \
  "$package/binding/tfjs_backend.cc" "$package/binding/tfjs_binding.cc" -o "$addon" \
  -L"$package/deps/lib" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 -Wl,-rpath,'$ORIGIN/../../deps/lib'
node -e "require('$package')"
echo "$contents" > "$done_file"
