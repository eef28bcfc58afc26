#!/bin/sh
# What wants a GPU, in one go: the behaviour specs on it, in Chromium and on Dawn in Node.js; programs of a step; the time of
# a step beside the closest peer, and of a step of `fit` beside the classifier alone, with 1,000 and 1,000,000 classes.
#
#     sh studies/benchmark/gpu.sh [options of Jest]
#
# It wants Node.js with npm, Chromium (or a program that CHROME_PATH names) and the GPU's Vulkan driver: on Debian
# `apt-get install chromium libvulkan1`. CLASSES are other numbers of classes. IN_SOFTWARE=1 goes on without a GPU, to try
# this script itself. The numbers are written to output/gpu.
set -u
cd "$(dirname "$0")/../.." || exit 1
export ON_GPU=1
[ -d node_modules ] || npm ci || exit 1
npm run --silent install:webgpu || exit 1

npx tsx studies/benchmark/gpu_device.ts || [ -n "${IN_SOFTWARE-}" ] || exit 1
status=0
npm test -- --selectProjects 'webgl in Chromium' 'webgpu in Chromium' webgpu "$@" || status=1
# shellcheck disable=SC2086
npm run benchmark -- --browser --backends webgl webgpu --classes ${CLASSES:-1000 1000000} --dims 128 --batches 128 \
  --output output/gpu --no-docs || status=1
exit $status
