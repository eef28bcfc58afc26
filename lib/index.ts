/**
 * The layer, and what attaches, detaches and loads it.
 *
 * @module tfjs-center-loss
 */
export {attachCenterLoss} from './attach.js';
export type {AttachCenterLossArgs} from './attach.js';
export {categoricalAccuracy} from './categorical_accuracy.js';
export {centerLoss, updateCenters} from './center_loss.js';
export type {CenterLossArgs, UpdateCentersArgs} from './center_loss.js';
export {CenterLossLayer} from './center_loss_layer.js';
export type {CenterLossLayerArgs} from './center_loss_layer_args.js';
export {centerLossLayerOf} from './center_loss_layer_of.js';
export {detachCenterLoss} from './detach.js';
export {featureModel} from './feature_model.js';
export type {FeatureLayer} from './feature_place.js';
export type {Reduction} from './hyperparameters.js';
export type {InitializerIdentifier} from './initializers.js';
export {loadForTraining} from './load_for_training.js';
export type {CompileArgs} from './load_for_training.js';
export {softmaxCrossEntropy} from './softmax_cross_entropy.js';
export type {Initializer} from './tfjs_layers_internals.js';
