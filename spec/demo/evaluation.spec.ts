import * as tf from '@tensorflow/tfjs';

import '../support/cpu.js';
import {evaluate, predict} from '../../demo/mnist/evaluation.js';
import {createClassifier} from '../../demo/mnist/network.js';

describe('evaluate', () => {
  // Two samples of every digit, 2 * spread apart around (10 * digit, 0); the last 9 is taken for an 8.
  const labels = Array.from({length: 20}, (_, index) => Math.floor(index / 2));
  const spread = (digit: number) => (digit === 3 ? 2 : 1);
  const features = labels.map((digit, index) => [10 * digit, index % 2 === 0 ? spread(digit) : -spread(digit)]);
  const classIds = [...labels.slice(0, -1), 8];
  const evaluation = () =>
    evaluate(
      {features: tf.tensor2d(features), logits: tf.zeros([20, 10]), classIds: tf.tensor1d(classIds, 'int32')},
      tf.tensor1d(labels, 'int32'),
    );

  test('measures all classes together', async () => {
    const {accuracy, intraClass, interClass, ratio} = await evaluation();
    expect(accuracy).toBeCloseTo(19 / 20, 6);
    expect(intraClass).toBeCloseTo(1.1, 6);
    // The mean of |i - j| over the pairs of ten numbers is 11 / 3.
    expect(interClass).toBeCloseTo(110 / 3, 4);
    expect(ratio).toBe(intraClass / interClass);
  });

  test('measures each class', async () => {
    const {perClass, classMeans} = await evaluation();
    expect(classMeans).toEqual(Array.from({length: 10}, (_, digit) => [10 * digit, 0]));
    expect(perClass.map(({accuracy}) => accuracy)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5]);
    expect(perClass.map(({intraClass}) => intraClass)).toEqual([1, 1, 1, 2, 1, 1, 1, 1, 1, 1]);
    expect(perClass[0]?.interClass).toBe(50);
    expect(perClass[3]?.ratio).toBeCloseTo(2 / 30, 6);
  });

  test('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const input = {features: tf.tensor2d(features), logits: tf.zeros<tf.Rank.R2>([20, 10])};
    await evaluate({...input, classIds: tf.tensor1d(classIds, 'int32')}, tf.tensor1d(labels, 'int32'));
    // The four tensors given to it.
    expect(tf.memory().numTensors).toBe(before + 4);
  });
});

test('predict gives features, logits and classes that belong together', () => {
  const classifier = createClassifier(3, 1);
  const images = tf.randomUniform<tf.Rank.R2>([5, 196], 0, 1, 'float32', 1);
  const {features, logits, classIds} = predict(classifier, images);
  expect(features.shape).toEqual([5, 3]);
  expect(logits.arraySync()).toEqual((classifier.predict(images) as tf.Tensor).arraySync());
  expect(classIds.arraySync()).toEqual(logits.argMax(1).arraySync());
});
