import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, CenterLossLayer, detachCenterLoss} from '../../lib/index.js';

const apply = (layer: tf.layers.Layer, inputs: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
  layer.apply(inputs) as tf.SymbolicTensor;

/** So many layers, one after the other. */
const chain = (depth: number, first: tf.SymbolicTensor) =>
  Array.from({length: depth}).reduce<tf.SymbolicTensor>(
    (tensor, _, i) => apply(tf.layers.dense({units: 2, kernelInitializer: 'zeros', name: `dense_${i}`}), tensor),
    first,
  );

function classifierOf(depth: number): tf.LayersModel {
  const x = tf.input({shape: [2]});
  return tf.model({inputs: x, outputs: chain(depth, x)});
}

/** All of its layers use what the CenterLossLayer gives. */
function centeredOf(depth: number): tf.LayersModel {
  const [x, label] = [tf.input({shape: [2]}), tf.input({shape: [1]})];
  const centered = apply(new CenterLossLayer({numClasses: 2}), [x, label]);
  return tf.model({inputs: [x, label], outputs: chain(depth, centered)});
}

/** How often it is asked which layer a tensor of a model comes from, which is what going through a graph takes. */
function looksAt(model: tf.LayersModel, work: () => tf.LayersModel): number {
  let looks = 0;
  for (const tensor of model.layers.flatMap(({output}) => output)) {
    const {sourceLayer} = tensor;
    Object.defineProperty(tensor, 'sourceLayer', {
      get: () => {
        looks++;
        return sourceLayer;
      },
    });
  }
  work().dispose();
  model.dispose();
  return looks;
}

const attaching = (depth: number) => {
  const classifier = classifierOf(depth);
  return looksAt(classifier, () => attachCenterLoss(classifier, {featureLayer: 'dense_0', numClasses: 2}));
};
const detaching = (depth: number) => {
  const model = centeredOf(depth);
  return looksAt(model, () => detachCenterLoss(model));
};

test.each([
  ['attachCenterLoss', attaching],
  ['detachCenterLoss', detaching],
])('%s of ten times as many layers takes ten times as much', (_, looks) => {
  const few = looks(20);
  expect(few).toBeGreaterThan(20);
  expect(looks(200)).toBeLessThan(12 * few);
});
