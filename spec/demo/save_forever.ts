/** Saves one model after the other to the folder that it is given, each with other numbers, until it is killed. */
import process from 'node:process';

import * as tf from '@tensorflow/tfjs';

import {fileSystem} from '../../demo/node/file_system_io.js';

const [folder = ''] = process.argv.slice(2);
const model = tf.sequential({layers: [tf.layers.dense({inputShape: [500], units: 500})]});
process.stdout.write('begins\n');
for (let value = 1; ; value++) {
  tf.tidy(() => {
    model.setWeights(model.getWeights().map(({shape}) => tf.fill(shape, value)));
  });
  await model.save(fileSystem(folder));
}
