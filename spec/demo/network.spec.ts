import '../support/cpu.js';
import {createClassifier} from '../../demo/mnist/network.js';

const weights = (seed: number) =>
  createClassifier(2, seed)
    .getWeights()
    .map((weight) => Array.from(weight.dataSync()));

test('the initial weights depend on the seed and on nothing else', () => {
  expect(weights(1)).toEqual(weights(1));
  expect(weights(1)).not.toEqual(weights(2));
});
