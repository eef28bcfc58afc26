/**
 * The functions, for programs without tf.layers: of TensorFlow.js they need tfjs-core alone.
 *
 * @module tfjs-center-loss/ops
 */
export {categoricalAccuracy} from './categorical_accuracy.js';
export {centerLoss} from './center_loss.js';
export type {CenterLossArgs} from './center_loss.js';
export {updateCenters} from './update_centers.js';
export type {UpdateCentersArgs} from './update_centers.js';
export type {Reduction} from '../kernels/contracts.js';
export {softmaxCrossEntropy} from './softmax_cross_entropy.js';
