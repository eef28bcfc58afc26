/**
 * All behaviour specs as one file, for mutation testing: loading TensorFlow.js, for each mutant anew, takes longer than
 * most of the specs.
 */
const {readdirSync} = require('node:fs');
const {join} = require('node:path');

const tf = require('@tensorflow/tfjs');

const folder = join(__dirname, '..');

for (const file of readdirSync(folder).filter((name) => name.endsWith('.spec.ts'))) {
  describe(file, () => {
    require(join(folder, file));
    // What a file leaves behind ends with its page or module registry, where it has one of its own.
    afterAll(() => {
      tf.disposeVariables();
    });
  });
}
