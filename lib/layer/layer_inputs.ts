import * as tf from '@tensorflow/tfjs-core';
import {SymbolicTensor} from '@tensorflow/tfjs-layers';
import type {layers} from '@tensorflow/tfjs-layers';
import {OF_ANOTHER_COPY, ValueError, whatIs} from '../errors.js';
import type {Shape} from '../labels/label_forms.js';
import {labelFormOf} from '../labels/label_forms.js';
import {checkFeatures} from '../ops/tensor_checks.js';
import {nodesOf} from '../tfjs_layers_internals.js';

/** What the layer is applied to: features, and where it learns the labels; a tap has the output besides. */
type LayerInputs<T> = [features: T, ...labelsAndOutput: T[]];

export function inputsOf<T extends tf.Tensor | SymbolicTensor>(inputs: T | T[]): LayerInputs<T> {
  // tf.layers refuses to apply a layer to nothing.
  return (Array.isArray(inputs) ? inputs : [inputs]) as LayerInputs<T>;
}

/** The shapes of one or several inputs. */
export function shapesOf(inputShape: Shape | Shape[]): LayerInputs<Shape> {
  return (Array.isArray(inputShape[0]) ? inputShape : [inputShape]) as LayerInputs<Shape>;
}

/** Which of its inputs the layer gives back: features, with or without labels, or the output of a tap. */
export function passedOn<T>([features, , output]: readonly T[]): T {
  return (output ?? features) as T;
}

/**
 * The same values as another tensor. If a layer returns its input, tf.layers clones it, which on wasm copies it in the
 * forward and in the backward pass; a reshape would save a copy.
 */
export const unchanged = tf.customGrad((values) => ({
  value: tf.reshape(values as tf.Tensor, (values as tf.Tensor).shape),
  gradFunc: (dy: tf.Tensor) => tf.reshape(dy, dy.shape),
}));

/** @throws ValueError for what is no tensor, and for symbolic tensors of another copy of tf.layers. */
export function checkTensors<T extends tf.Tensor | SymbolicTensor>(inputs: T | T[], caller: string): void {
  for (const input of inputsOf(inputs)) {
    if (!(input instanceof tf.Tensor) && !(input instanceof SymbolicTensor)) {
      const isForeign = 'sourceLayer' in (Object(input) as object);
      throw new ValueError(
        `${caller}: expected tensors, but got ${isForeign ? `at least one ${OF_ANOTHER_COPY}` : whatIs(input)}.`,
      );
    }
  }
}

/**
 * Checks what the layer is applied to, of symbolic tensors as well.
 *
 * @param featureDim The width of the centers, if there are any yet.
 * @throws ValueError naming what was expected.
 */
export function checkInputs<T extends tf.Tensor | SymbolicTensor>(
  inputs: T | T[],
  featureDim: number | undefined,
  numClasses: number,
  caller: string,
): void {
  const [features, labels, , ...others] = inputsOf(inputs);
  if (others.length > 0) {
    throw new ValueError(
      `${caller}: expected [features, labels], [features, labels, output] or features alone, ` +
        `but got ${others.length + 3} inputs.`,
    );
  }
  checkFeatures(features.shape, features.dtype, featureDim, caller);
  if (labels) {
    labelFormOf(labels, features.shape.slice(0, -1), numClasses, caller);
  }
}

/**
 * Whether the layer stands in models, and in none of them the last axis of samples has a fixed length. If somebody gave
 * one-hot labels for sequences, and features for their steps, the first batch of another length would be refused.
 */
export function lengthsVary(layer: layers.Layer): boolean {
  const lengths = nodesOf(layer).map(({inputTensors}) => inputTensors[0]?.shape.at(-2));
  return lengths.length > 0 && lengths.every((length) => length === null);
}

/** @throws ValueError if the layer stands in models, but in none that gives it labels. */
export function checkGivenLabels(layer: layers.Layer, caller: string): void {
  const inputs = nodesOf(layer).map(({inputTensors}) => inputTensors.length);
  if (inputs.length > 0 && Math.max(...inputs) === 1) {
    throw new ValueError(
      `${caller}: expected labels in a training pass, but the model gives the layer features alone, as every ` +
        'tf.sequential() does: nothing would be learned. Use attachCenterLoss(), or a functional model that applies ' +
        'the layer to [features, labels].',
    );
  }
}
