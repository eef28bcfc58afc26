/** Saves one model after the other to the folder that it is given, each with other numbers, until it is killed. */
import process from 'node:process';

import {folder} from 'tfjs-center-loss/node';

const SIZE = 250_000;

const [location = ''] = process.argv.slice(2);
process.stdout.write('begins\n');
for (let value = 1; ; value++) {
  await folder(location).save({
    // Whoever reads it finds out whether it belongs to the weights.
    modelTopology: {value},
    weightSpecs: [{name: 'values', shape: [SIZE], dtype: 'float32'}],
    weightData: new Float32Array(SIZE).fill(value).buffer,
  });
}
