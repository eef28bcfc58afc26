/**
 * A user's first program for a bundler: train a step, save, reload, recognize. Tells what the spec wants to know,
 * to the page, or from a worker.
 */
import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, centerLossLayerOf, softmaxCrossEntropy} from 'tfjs-center-loss';
import {centerLoss} from 'tfjs-center-loss/ops';
import {Recognizer} from 'tfjs-center-loss/recognition';

async function main() {
  const classifier = tf.sequential({
    layers: [tf.layers.dense({units: 2, inputShape: [4], name: 'embedding'}), tf.layers.dense({units: 3})],
  });
  const model = attachCenterLoss(classifier, {featureLayer: 'embedding', numClasses: 3});
  model.compile({optimizer: 'sgd', loss: softmaxCrossEntropy});
  const labels = tf.tensor1d([0, 1, 2, 0], 'int32');
  await model.trainOnBatch([tf.ones([4, 4]), labels], tf.oneHot(labels, 3));
  await model.save('indexeddb://bundled');
  const reloaded = await tf.loadLayersModel('indexeddb://bundled');
  const trained = await centerLossLayerOf(model).centers.data();
  const saved = await centerLossLayerOf(reloaded).centers.data();
  const isSame = trained.every((value, i) => value !== 0 && value === saved[i]);

  const centers = tf.tensor2d([
    [0, 0],
    [3, 4],
  ]);
  const loss = await centerLoss(tf.tensor2d([[3, 4]]), tf.tensor1d([0], 'int32'), centers).data();
  const recognizer = await Recognizer.fromCenters(centers, ['near', 'far']);
  const [found] = await recognizer.identify([[2, 3]]);
  const text = `centers ${isSame ? 'trained and saved' : 'lost'}, loss ${loss[0]}, class ${found?.label}`;
  if (typeof document === 'undefined') {
    postMessage(text);
  } else {
    document.querySelector('output')?.replaceChildren(text);
  }
}

void main();
