/**
 * The layer, and what attaches, detaches and loads it.
 *
 * @module tfjs-center-loss
 */
export {attachCenterLoss} from './models/attach.js';
export type {AttachCenterLossArgs} from './models/attach.js';
export {categoricalAccuracy} from './ops/categorical_accuracy.js';
export {centerLoss} from './ops/center_loss.js';
export type {CenterLossArgs} from './ops/center_loss.js';
export {updateCenters} from './ops/update_centers.js';
export type {UpdateCentersArgs} from './ops/update_centers.js';
export {CenterLossLayer} from './layer/center_loss_layer.js';
export type {CenterLossLayerArgs} from './layer/center_loss_layer_args.js';
export {centerLossLayerOf} from './models/center_loss_layer_of.js';
export {detachCenterLoss} from './models/detach.js';
export {featureModel} from './models/feature_model.js';
export type {FeatureLayer} from './models/feature_place.js';
export type {Reduction} from './kernels/contracts.js';
export type {InitializerIdentifier} from './layer/initializers.js';
export {loadForTraining} from './models/load_for_training.js';
export type {CompileArgs} from './models/load_for_training.js';
export type {SingleOutputModel, WithOutputsOf} from './models/single_output_model.js';
export {softmaxCrossEntropy} from './ops/softmax_cross_entropy.js';
export {withLabels} from './models/with_labels.js';
export type {DatasetLike} from './models/with_labels.js';
export type {Initializer} from './tfjs_layers_internals.js';
