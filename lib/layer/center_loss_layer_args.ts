import type {layers} from '@tensorflow/tfjs-layers';
import {
  checkAlpha,
  checkIgnoreClass,
  checkLossWeight,
  checkReduction,
  DEFAULT_ALPHA,
  DEFAULT_LOSS_WEIGHTS,
  DEFAULT_REDUCTION,
} from '../ops/hyperparameters.js';
import type {Reduction} from '../kernels/contracts.js';
import {quote, ValueError} from '../errors.js';
import {checkOptions} from '../options.js';
import {checkToldApart} from '../kernels/exact_ids.js';
import {toInitializer} from './initializers.js';
import type {InitializerIdentifier} from './initializers.js';
import {LAYER_ARGS} from '../tfjs_layers_internals.js';
import type {Initializer} from '../tfjs_layers_internals.js';

type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** The arguments of a `CenterLossLayer`: its own, and those of every layer of tf.layers. */
export interface CenterLossLayerArgs extends LayerArgs {
  /** Number of classes C, an integer of at least 1; on all backends but cpu, wasm and tensorflow at most 2^24. */
  numClasses: number;
  /** How far a center moves towards its samples in a step, in [0, 1]. Default: 0.6, the article's value. */
  alpha?: number;
  /**
   * The factor λ of the center loss within the model's loss, at least 0. Default: 0.0005 for a sum, the article's value,
   * and 0.03 for a mean, which pulls about as much.
   */
  lossWeight?: number;
  /**
   * `'sum'` (default) of the samples' losses, as in the article, or their `'mean'`, as in the paper authors' Caffe
   * layer. A sum grows with the batch: for the same pull, `lossWeight` of a mean is that of a sum times the batch size.
   */
  reduction?: Reduction;
  /** Samples with this integer label take no part. Default: none. */
  ignoreClass?: number;
  /** What the centers start from. Default: `'zeros'`, the article's choice. */
  centersInitializer?: InitializerIdentifier | Initializer;
}

/** Class ids are int32. */
const MAX_CLASSES = 2 ** 31 - 1;

const OWN_ARGS = ['numClasses', 'alpha', 'lossWeight', 'reduction', 'ignoreClass', 'centersInitializer'];

/** What the layer reads of its arguments itself, with the defaults in place. */
export type CompleteArgs = Required<
  Omit<CenterLossLayerArgs, keyof LayerArgs | 'ignoreClass' | 'centersInitializer'>
> & {ignoreClass: number | undefined; centersInitializer: Initializer};

/**
 * Checks what a user or a model file hands over, and adds the defaults.
 *
 * @throws ValueError naming the argument.
 */
export function completeArgs(args: Partial<CenterLossLayerArgs> = {}, caller: string): CompleteArgs {
  checkOptions(args, OWN_ARGS, caller, {
    names: LAYER_ARGS,
    said: ', and the arguments of every tf.layers layer',
  });
  const {numClasses = NaN} = args;
  if (!(Number.isInteger(numClasses) && numClasses >= 1 && numClasses <= MAX_CLASSES)) {
    throw new ValueError(
      `${caller}: expected numClasses to be an integer from 1 to ${MAX_CLASSES}, but got ${quote(args.numClasses)}.`,
    );
  }
  checkToldApart(numClasses, caller);
  // A saved model may hold null for what was not set.
  const alpha = args.alpha ?? DEFAULT_ALPHA;
  checkAlpha(alpha, caller);
  const reduction = args.reduction ?? DEFAULT_REDUCTION;
  checkReduction(reduction, caller);
  const lossWeight = args.lossWeight ?? DEFAULT_LOSS_WEIGHTS[reduction];
  checkLossWeight(lossWeight, caller);
  const ignoreClass = args.ignoreClass ?? undefined;
  checkIgnoreClass(ignoreClass, caller);
  const centersInitializer = toInitializer(args.centersInitializer ?? 'zeros', caller);
  return {numClasses, alpha, lossWeight, reduction, ignoreClass, centersInitializer};
}
