import * as tf from '@tensorflow/tfjs';

import {NUM_CLASSES} from './idx.js';
import {FEATURE_LAYER} from './network.js';

const BATCH_SIZE = 1000;

/** What a classifier makes of some pictures. */
export interface Predictions {
  features: tf.Tensor2D;
  logits: tf.Tensor2D;
  /** `[size]`, int32: the class of the highest logit. */
  classIds: tf.Tensor1D;
}

export interface Separation {
  accuracy: number;
  /** Mean distance of the features to the mean of their class. */
  intraClass: number;
  /** Mean distance between the means of two classes. */
  interClass: number;
  /** `intraClass / interClass`: the smaller, the more compact the classes. */
  ratio: number;
}

export interface Evaluation extends Separation {
  /** By class: the intra-class distance of the class, and from its mean to the other means. */
  perClass: Separation[];
  /** `[NUM_CLASSES][D]`. */
  classMeans: number[][];
}

/** `classifier`: before or after center loss was attached to it, or detached again. */
export function predict(classifier: tf.LayersModel, images: tf.Tensor2D): Predictions {
  const model = tf.model({
    inputs: classifier.inputs,
    outputs: [classifier.getLayer(FEATURE_LAYER).output as tf.SymbolicTensor, ...classifier.outputs],
  });
  return tf.tidy(() => {
    const [features, logits] = model.predict(images, {batchSize: BATCH_SIZE}) as [tf.Tensor2D, tf.Tensor2D];
    return {features, logits, classIds: logits.argMax<tf.Tensor1D>(1)};
  });
}

/** Measures predictions for pictures with these labels, in which every class must occur. */
export async function evaluate({features, classIds}: Predictions, labels: tf.Tensor1D): Promise<Evaluation> {
  const measured = tf.tidy(() => {
    const oneHot = tf.oneHot(labels, NUM_CLASSES).toFloat();
    const meanByClass = (values: tf.Tensor) =>
      oneHot.matMul(values.as2D(labels.size, -1), true).div(oneHot.sum(0).expandDims(1));

    const correct = classIds.equal(labels).toFloat();
    const means = meanByClass(features).as2D(NUM_CLASSES, -1);
    const intraClass = features.sub(means.gather(labels)).norm('euclidean', 1);
    const interClass = pairwiseDistances(means, means)
      .sum(1)
      .div(NUM_CLASSES - 1);
    return {
      overall: tf.stack([correct.mean(), intraClass.mean(), interClass.mean()]).as1D(),
      byClass: tf
        .concat([meanByClass(correct), meanByClass(intraClass), interClass.expandDims(1)], 1)
        .as2D(NUM_CLASSES, 3),
      classMeans: means,
    };
  });
  const [overall, byClass, classMeans] = await Promise.all([
    measured.overall.array(),
    measured.byClass.array(),
    measured.classMeans.array(),
  ]);
  tf.dispose(measured);
  return {...toSeparation(overall), perClass: byClass.map(toSeparation), classMeans};
}

function pairwiseDistances(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return a.expandDims(1).sub(b.expandDims(0)).norm('euclidean', 2).as2D(a.shape[0], b.shape[0]);
}

function toSeparation([accuracy = NaN, intraClass = NaN, interClass = NaN]: number[]): Separation {
  return {accuracy, intraClass, interClass, ratio: intraClass / interClass};
}
