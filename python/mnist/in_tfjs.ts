import {readFile} from 'node:fs/promises';
import path from 'node:path';

import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {detachCenterLoss, softmaxCrossEntropy} from 'tfjs-center-loss';

import {IMAGE_SIZE, NUM_CLASSES, parseIdxImages, parseIdxLabels} from '../../demo/mnist/idx.js';
import {folder as inFolder} from 'tfjs-center-loss/node';

/** What `python -m mnist` has trained: evaluates it, classifies with it, trains it on, and saves it for the way back. */
const [data = '', trained = '', trainedOn = '', batchSize = '', steps = ''] = process.argv.slice(2);
const SHOWN = 10;

async function readPictures(part: 'train' | 't10k', count?: number): Promise<[tf.Tensor4D, tf.Tensor1D]> {
  const imagesFile = path.join(data, `${part}-images-idx3-ubyte`);
  const labelsFile = path.join(data, `${part}-labels-idx1-ubyte`);
  const labels = parseIdxLabels(await readFile(labelsFile), labelsFile).slice(0, count);
  const {pixels} = parseIdxImages(await readFile(imagesFile), imagesFile);
  const size = labels.length * IMAGE_SIZE ** 2;
  const pictures = tf.tensor4d(pixels.slice(0, size), [labels.length, IMAGE_SIZE, IMAGE_SIZE, 1], 'float32');
  return [pictures.div(255), tf.tensor1d(labels, 'int32')];
}

function countRight(classifier: tf.LayersModel, pictures: tf.Tensor4D, labels: tf.Tensor1D): number {
  return tf.tidy(() => {
    const logits = classifier.predict(pictures, {batchSize: 500}) as tf.Tensor2D;
    return logits.argMax(1).equal(labels).sum().dataSync()[0] ?? NaN;
  });
}

tf.enableProdMode();
await tf.setBackend('wasm');
const model = await tf.loadLayersModel(inFolder(trained));
const classifier = detachCenterLoss(model);
const [pictures, labels] = await readPictures('t10k');
console.log('right:', countRight(classifier, pictures, labels));
const logits = classifier.predict(pictures.slice(0, SHOWN)) as tf.Tensor2D;
console.log(`  the first ${SHOWN} are    `, ...labels.slice(0, SHOWN).dataSync());
console.log('  and are classified as', ...logits.argMax(1).dataSync());

// The wasm backend has no gradients of convolutions.
await tf.setBackend('cpu');
model.compile({optimizer: tf.train.sgd(0.001), loss: softmaxCrossEntropy});
const batch = Number(batchSize);
const [xs, ys] = await readPictures('train', batch * Number(steps));
for (let begin = 0; begin < ys.size; begin += batch) {
  const y = ys.slice(begin, batch);
  // With a loss function of one's own, TensorFlow.js wants targets of the output's shape.
  const loss = await model.trainOnBatch([xs.slice(begin, batch), y.expandDims(1)], tf.oneHot(y, NUM_CLASSES));
  console.log(`  step ${begin / batch + 1}: loss ${Number(loss).toFixed(4)}`);
}

await tf.setBackend('wasm');
console.log('right:', countRight(classifier, pictures, labels));
await model.save(inFolder(trainedOn));
