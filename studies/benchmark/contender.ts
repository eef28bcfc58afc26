import type * as tf from '@tensorflow/tfjs';

/** The size of a training step. */
export interface Size {
  numClasses: number;
  featureDim: number;
  batchSize: number;
}

/** What everybody computes with, so that the results can be compared. */
export const ALPHA = 0.6;

export interface StepResult {
  loss: tf.Scalar;
  /** `[batchSize, featureDim]`: what goes back into the network. */
  gradient: tf.Tensor;
}

/** A training of centers that has begun. */
export interface Training {
  /** Forward, backward and the update of the centers: half the squared distances, summed. The result is the caller's. */
  step(features: tf.Tensor2D, labels: tf.Tensor1D): StepResult;
  /** As they are now; not the caller's. */
  centers: tf.Tensor2D;
  dispose(): void;
}

export interface Contender {
  name: string;
  /** A training with all centers at zero. */
  start(size: Size): Training;
  /** Numbers that a step keeps in memory beside the centers, where that is what limits it. */
  scratch(size: Size): number;
}
