import type {layers} from '@tensorflow/tfjs-layers';
import {
  checkAlpha,
  checkIgnoreClass,
  checkKnown,
  checkLossWeight,
  checkReduction,
  DEFAULT_ALPHA,
  DEFAULT_LOSS_WEIGHTS,
  DEFAULT_REDUCTION,
} from './hyperparameters.js';
import type {Reduction} from './hyperparameters.js';
import {quote, ValueError} from './errors.js';
import type {InitializerIdentifier} from './initializers.js';
import {LAYER_ARGS} from './tfjs_layers_internals.js';
import type {Initializer} from './tfjs_layers_internals.js';

type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

export interface CenterLossLayerArgs extends LayerArgs {
  /** Number of classes C, an integer of at least 1. */
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

/**
 * Checks what a user or a model file hands over, all but the initializer.
 *
 * @throws ValueError naming the argument.
 */
export function checkArgs(args: Partial<CenterLossLayerArgs> = {}, where: string): void {
  const {numClasses, alpha, lossWeight, reduction, ignoreClass} = args;
  checkKnown(args, OWN_ARGS, where, LAYER_ARGS);
  if (!(Number.isInteger(numClasses) && Number(numClasses) >= 1 && Number(numClasses) <= MAX_CLASSES)) {
    throw new ValueError(
      `${where}: expected numClasses to be an integer from 1 to ${MAX_CLASSES}, but got ${quote(numClasses)}.`,
    );
  }
  // A saved model may hold null for what was not set.
  checkAlpha(alpha ?? DEFAULT_ALPHA, where);
  checkReduction(reduction ?? DEFAULT_REDUCTION, where);
  checkLossWeight(lossWeight ?? DEFAULT_LOSS_WEIGHTS[reduction ?? DEFAULT_REDUCTION], where);
  checkIgnoreClass(ignoreClass ?? undefined, where);
}
