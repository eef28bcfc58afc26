// Saves a model to a folder and loads it. Prints what the spec wants to know.
import * as tf from '@tensorflow/tfjs';
import {folder, writeWholeFile} from 'tfjs-center-loss/node';

const model = tf.sequential({layers: [tf.layers.dense({inputShape: [3], units: 2})]});
await model.save(folder('models/saved'));
const loaded = await tf.loadLayersModel(folder('models/saved'));
await writeWholeFile('models/names.json', '[]');
const values = [model, loaded].map((one) => one.getWeights().flatMap((weight) => Array.from(weight.dataSync())));
console.log(JSON.stringify(values));
