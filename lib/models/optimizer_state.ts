import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {quote, ValueError} from '../errors.js';
import type {OptimizerState} from '../tfjs_internals.js';

/** What an optimizer keeps for each weight that it trains: means of squares, which cannot be negative, or something else. */
type Kept = 'squares' | 'other';

const KEPT: ReadonlyMap<string, readonly Kept[]> = new Map([
  ['SGD', []],
  ['Momentum', ['other']],
  ['Adagrad', ['squares']],
  ['Adadelta', ['squares', 'squares']],
  ['RMSProp', ['squares', 'other']],
  ['Adam', ['other', 'squares']],
]);

/** The number of steps is saved as an int32, also after the next one. */
const MOST_STEPS = 2 ** 31 - 2;

/** The weights that `model.save` has marked as those of the optimizer. */
export function optimizerState({weightData, weightSpecs = []}: tf.io.ModelArtifacts): OptimizerState {
  const specs = weightSpecs.filter(({group}) => group === 'optimizer');
  if (!weightData || specs.length === 0) {
    return [];
  }
  const tensors = tf.io.decodeWeights(weightData, weightSpecs);
  const state = specs.map(({name}) => ({name, tensor: tensors[name] as tf.Tensor}));
  const kept = new Set(state.map(({tensor}) => tensor));
  tf.dispose(Object.values(tensors).filter((tensor) => !kept.has(tensor)));
  return state;
}

/**
 * Checks a state before the optimizer is given it: TensorFlow.js takes whatever comes, and fails in the next step, or
 * trains with NaN.
 *
 * @throws ValueError unless it is one of this kind of optimizer for the weights that the model trains.
 */
export async function checkOptimizerState(state: OptimizerState, model: LayersModel, caller: string): Promise<void> {
  const [first, ...others] = state;
  if (first?.name !== 'iter') {
    throw new ValueError(
      `${caller}: expected the state of the optimizer to begin with iter, but got ${quote(first?.name)}.`,
    );
  }
  const steps = Array.from(await first.tensor.data());
  const [step = NaN] = steps;
  if (steps.length !== 1 || !Number.isInteger(step) || step < 0 || step > MOST_STEPS) {
    throw new ValueError(
      `${caller}: expected iter to be a number of steps, from 0 to ${MOST_STEPS}, ` +
        `but got ${steps.length === 1 ? step : quote(steps)}.`,
    );
  }
  const kept = keptBy(model.optimizer);
  if (kept) {
    checkShapes(others, kept, step, model, caller);
  }
  for (const [i, {name, tensor}] of others.entries()) {
    const values = await tensor.data();
    const isSquares = kept?.[Math.floor((i * kept.length) / others.length)] === 'squares';
    const wrong = values.find((value) => !Number.isFinite(value) || (isSquares && value < 0));
    if (wrong !== undefined) {
      const expected = Number.isFinite(wrong) ? 'to have no negative value' : 'to be finite';
      throw new ValueError(`${caller}: expected ${name} ${expected}, but got ${wrong}.`);
    }
  }
}

/** What an optimizer of TensorFlow.js keeps, all of one kind before all of the next; undefined for one of the user's. */
function keptBy(optimizer: tf.Optimizer): readonly Kept[] | undefined {
  const kept = KEPT.get(optimizer.getClassName());
  return optimizer.getConfig()['centered'] === true ? kept?.concat('other') : kept;
}

function checkShapes(
  others: OptimizerState,
  kept: readonly Kept[],
  step: number,
  {optimizer, trainableWeights}: LayersModel,
  caller: string,
): void {
  const expected = kept.length * trainableWeights.length;
  if (others.length !== expected && !(step === 0 && others.length === 0)) {
    throw new ValueError(
      `${caller}: expected the state of ${optimizer.getClassName()} to be iter and ${expected} others, ${kept.length} for ` +
        `each of the ${trainableWeights.length} weights that it trains, but got ${others.length} others.`,
    );
  }
  for (const [i, {name, tensor}] of others.entries()) {
    const shape = trainableWeights[i % trainableWeights.length]?.shape;
    if (quote(tensor.shape) !== quote(shape) || tensor.dtype !== 'float32') {
      throw new ValueError(
        `${caller}: expected ${name} to be float32 of shape ${quote(shape)}, ` +
          `but got ${tensor.dtype} of shape ${quote(tensor.shape)}.`,
      );
    }
  }
}
