const {createRequire} = require('node:module');
const path = require('node:path');
const util = require('node:util');

// Else TensorFlow tells on the console how it was compiled.
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';

/** For those who look for it in vain. */
exports.HOW_TO_BUILD = 'npm run build:native puts native TensorFlow into output/native (Linux on x86-64).';

/**
 * Registers the backend 'tensorflow', that of @tensorflow/tfjs-node, and makes it the current one; false where the
 * package is neither in output/native nor installed.
 */
exports.loadNativeTensorFlow = () => {
  // From this folder Node.js looks into it first, and then into the project's own node_modules.
  const {resolve} = createRequire(path.join(__dirname, '../output/native/package.json'));
  let main;
  try {
    main = resolve('@tensorflow/tfjs-node');
  } catch {
    return false;
  }
  // The package calls it, and Node.js has it no longer from version 23 on.
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  require(main);
  return true;
};
