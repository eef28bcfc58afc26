/**
 * All behaviour specs as one file, for mutation testing: loading TensorFlow.js, for each mutant anew, takes longer than
 * most of the specs.
 */
const {readdirSync} = require('node:fs');
const {join} = require('node:path');
const process = require('node:process');

const tf = require('@tensorflow/tfjs');
const fc = require('fast-check');

/** Those that look at the kernels. Of the rest of the library wasm runs what cpu runs, where the others look at it. */
const OF_KERNELS = /^(kernels\/.*|ops\/center_loss|layer\/(memory|backend_switch))\.spec\.ts$/;
/** All that run on each backend. */
const OF_THE_LAYER = /^((layer|models|ops|labels|kernels)\/)?[^/]*\.spec\.ts$/;
/** These take longest, and so run last: the others may have noticed the mutant by then. */
const SLOW = /\/(backend_switch|memory|properties|saving|training)\.spec\.ts$/;

// A mutant is noticed by whatever example fails; the smallest that fails takes long to find.
fc.configureGlobal({endOnFailure: true});

const folder = join(__dirname, '..');
const isMeant = process.env['MUTATION_PROJECT'] === 'wasm' ? OF_KERNELS : OF_THE_LAYER;

readdirSync(folder, {recursive: true, encoding: 'utf8'})
  .filter((name) => isMeant.test(name))
  .sort((a, b) => Number(SLOW.test(a)) - Number(SLOW.test(b)))
  .forEach((file) => {
    describe(file, () => {
      require(join(folder, file));
      // What a file leaves behind ends with its page or module registry, where it has one of its own.
      afterAll(() => {
        tf.disposeVariables();
      });
    });
  });
