import * as tf from '@tensorflow/tfjs';
import {centerLossLayerOf, detachCenterLoss, featureModel, softmaxCrossEntropy} from '../../lib/index.js';
import {freeVariablesAfterEach} from '../support/classifiers.js';
import {NUM_CLASSES} from '../support/networks.js';
import {predictionsOf} from '../support/round_trip.js';
import {expectClose} from '../support/tolerance.js';
/** Trained for three epochs and saved by version 0.1.0, on cpu, with what they predicted for the inputs then. */
import saved from '../fixtures/models_of_version_0_1_0.json' with {type: 'json'};

freeVariablesAfterEach();

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer;

for (const [name, model] of Object.entries(saved)) {
  describe(`A model saved by version 0.1.0 (${name})`, () => {
    const load = () =>
      tf.loadLayersModel(
        tf.io.fromMemory({
          modelTopology: model.modelTopology,
          weightSpecs: model.weightSpecs as tf.io.WeightsManifestEntry[],
          weightData: bytesOf(model.weightData),
        }),
      );
    const inputsOf = () => model.inputs.map((values) => tf.tensor(values));

    it('predicts what it did', async () => {
      const [loaded, inputs] = [await load(), inputsOf()];
      expectClose((await predictionsOf(loaded, inputs)).flat(), model.predictions);
      tf.dispose(inputs);
    });

    it('trains on', async () => {
      const [loaded, inputs] = [await load(), inputsOf()];
      const layer = centerLossLayerOf(loaded);
      const centers = Array.from(await layer.centers.data());
      expect(centers.every((value) => value === 0)).toBe(false);
      const labels = inputs[1] as tf.Tensor;
      const targets = tf.tidy(() =>
        tf.oneHot(tf.reshape(labels, labels.shape.slice(0, -1)).toInt(), NUM_CLASSES).toFloat(),
      );
      loaded.compile({optimizer: 'sgd', loss: softmaxCrossEntropy, metrics: [layer.metric()]});
      const {history} = await loaded.fit(inputs, targets, {epochs: 3, batchSize: 8, shuffle: false, verbose: 0});
      const losses = history['loss'] as number[];
      expect(losses[2]).toBeLessThan(losses[0] as number);
      expect(Array.from(await layer.centers.data())).not.toEqual(centers);
      loaded.dispose();
      tf.dispose([inputs, targets]);
    });

    it('is detached, without a trace in its layers, and gives its features', async () => {
      const [loaded, inputs] = [await load(), inputsOf()];
      const nodes = () =>
        loaded.layers.map(({inboundNodes, outboundNodes}) => [inboundNodes.length, outboundNodes.length]);
      const before = nodes();
      const [detached, features] = [detachCenterLoss(loaded), featureModel(loaded)];
      expect(nodes()).toEqual(before);
      expect(detached.inputs.length).toBe(1);
      const expected = await predictionsOf(loaded, inputs);
      expect(await predictionsOf(detached, inputs.slice(0, 1))).toEqual(expected);
      expect(features.outputs[0]?.shape).toEqual([...(detached.outputs[0]?.shape.slice(0, -1) ?? []), 3]);
      loaded.dispose();
      expect(await predictionsOf(detached, inputs.slice(0, 1))).toEqual(expected);
      tf.dispose(inputs);
    });
  });
}
