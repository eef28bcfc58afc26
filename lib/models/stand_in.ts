import type * as tf from '@tensorflow/tfjs-core';
import {layers, LayersModel} from '@tensorflow/tfjs-layers';
import type {LayerVariable} from '@tensorflow/tfjs-layers';
import type {ModelGraph} from './model_graph.js';
import {markNew, shareLayers} from './shared_layers.js';
import {addUsers} from '../tfjs_layers_internals.js';

type Kwargs = Parameters<layers.Layer['call']>[1];
type Tensors = tf.Tensor | tf.Tensor[];

/**
 * Takes a layer's place in another graph. If the layer itself was applied there, it would have a second node, and its
 * `output` would throw. The stand-in runs the layer, has its weights, and is saved as the layer: it is another layer in
 * the graph alone. It is one user of the layer, which it disposes when it is disposed.
 */
export class StandIn extends layers.Layer {
  readonly layer: layers.Layer;

  constructor(layer: layers.Layer) {
    super({name: layer.name});
    this.layer = layer;
    this.supportsMasking = layer.supportsMasking;
    this.built = true;
    addUsers(layer, 1);
    markNew(this);
  }

  override call(inputs: Tensors, kwargs: Kwargs): Tensors {
    return this.layer.apply(inputs, kwargs) as Tensors;
  }

  override computeMask(inputs: Tensors, mask?: Tensors): Tensors {
    return this.layer.computeMask(inputs, mask);
  }

  override computeOutputShape(
    inputShape: Parameters<layers.Layer['computeOutputShape']>[0],
  ): ReturnType<layers.Layer['computeOutputShape']> {
    return this.layer.computeOutputShape(inputShape);
  }

  override calculateLosses(): tf.Scalar[] {
    return this.layer.calculateLosses();
  }

  override get trainable(): boolean {
    return this.layer.trainable;
  }
  override set trainable(trainable: boolean) {
    this.layer.trainable = trainable;
  }

  override get trainableWeights(): LayerVariable[] {
    return this.layer.trainableWeights;
  }
  override set trainableWeights(weights: LayerVariable[]) {
    this.layer.trainableWeights = weights;
  }

  override get nonTrainableWeights(): LayerVariable[] {
    return this.layer.nonTrainableWeights;
  }
  override set nonTrainableWeights(weights: LayerVariable[]) {
    this.layer.nonTrainableWeights = weights;
  }

  override get stateful(): boolean {
    return this.layer.stateful;
  }

  override resetStates(): void {
    this.layer.resetStates();
  }

  override getClassName(): string {
    return this.layer.getClassName();
  }

  override getConfig(): tf.serialization.ConfigDict {
    return this.layer.getConfig();
  }

  protected override disposeWeights(): number {
    return this.layer.dispose().numDisposedVariables;
  }
}

/**
 * Takes the place of a nested model: another model over the nested one's layers, which no layer of it shows. It is
 * frozen while the nested model is.
 */
export class NestedStandIn extends LayersModel {
  private readonly nested: LayersModel;

  constructor(nested: LayersModel, {inputs, outputs}: ModelGraph) {
    super({inputs, outputs, name: nested.name});
    this.nested = nested;
    shareLayers(this);
    markNew(this);
  }

  override get trainable(): boolean {
    return this.nested.trainable;
  }
  override set trainable(trainable: boolean) {
    this.nested.trainable = trainable;
  }
}

/** The layer itself, where a stand-in may have its place. */
export function standsFor(layer: layers.Layer): layers.Layer {
  return layer instanceof StandIn ? layer.layer : layer;
}
