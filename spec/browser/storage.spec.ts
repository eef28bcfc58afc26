import * as tf from '@tensorflow/tfjs';
import '../../lib/index.js';
import {centeredClassifier, compile, makeBatch, valuesOf} from '../support/networks.js';
import type {Network} from '../support/networks.js';
import {layerOf} from '../support/saving.js';

async function train(network: Network, firstStep: number, steps: number): Promise<void> {
  compile(network);
  for (let step = firstStep; step < firstStep + steps; step++) {
    const {x, labels, oneHot} = makeBatch(8, step);
    await network.model.trainOnBatch([x, labels.expandDims(1)], oneHot);
  }
}

describe('A model with a CenterLossLayer', () => {
  for (const url of ['indexeddb://center-loss', 'localstorage://center-loss']) {
    it(`is saved to ${url}, and goes on from there as if it had never been away`, async () => {
      const uninterrupted = centeredClassifier({lossWeight: 0.05, alpha: 0.3});
      await train(uninterrupted, 0, 6);

      const interrupted = centeredClassifier({lossWeight: 0.05, alpha: 0.3});
      await train(interrupted, 0, 3);
      await interrupted.model.save(url);
      const model = await tf.loadLayersModel(url);
      const resumed = {model, layer: layerOf(model)};
      expect(resumed.layer.getConfig()).toEqual(interrupted.layer.getConfig());
      expect(await resumed.layer.centers.array()).toEqual(await interrupted.layer.centers.array());
      await train(resumed, 3, 3);

      expect(await valuesOf(resumed.model.getWeights())).toEqual(await valuesOf(uninterrupted.model.getWeights()));
      await tf.io.removeModel(url);
    });
  }
});
