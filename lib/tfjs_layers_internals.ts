/** What `tfjs_internals.ts` is for tfjs-core, for tfjs-layers: layers, initializers, graphs of layers. */
import * as tf from '@tensorflow/tfjs-core';
import {initializers, LayersModel} from '@tensorflow/tfjs-layers';
import type {layers, SymbolicTensor} from '@tensorflow/tfjs-layers';

/** An initializer of tf.layers, such as `tf.initializers.ones()`. */
export type Initializer = ReturnType<typeof initializers.ones>;

/** The class that all initializers of tf.layers extend. It is not exported. */
const InitializerClass = Object.getPrototypeOf(initializers.ones().constructor) as new () => Initializer;

export function isInitializer(value: unknown): value is Initializer {
  return value instanceof InitializerClass;
}

/** An initializer by the name that its class is registered under, or undefined: other classes are not made. */
export function registeredInitializer(className: string, config: tf.serialization.ConfigDict): Initializer | undefined {
  const {classNameMap} = tf.serialization.SerializationMap.getMap();
  if (!Object.hasOwn(classNameMap, className)) {
    return undefined;
  }
  const [registered, fromConfig] = classNameMap[className] as (typeof classNameMap)[string];
  return registered.prototype instanceof InitializerClass ? (fromConfig(registered, config) as Initializer) : undefined;
}

/** Whether a class that is registered under this name is a model: such a one has had a call when it is made. */
export function isRegisteredModel(className: unknown): boolean {
  const {classNameMap} = tf.serialization.SerializationMap.getMap();
  const [registered] = Object.entries(classNameMap).find(([name]) => name === className)?.[1] ?? [];
  return registered?.prototype instanceof LayersModel || registered === (LayersModel as unknown);
}

/**
 * Whether names in the registry lead to the classes of another copy of tf.layers, as after a second script tag of
 * TensorFlow.js: the copy that was loaded last has registered its own in place of those of the first.
 */
export function isRegistryOfAnotherCopy(): boolean {
  const [registered] = tf.serialization.SerializationMap.getMap().classNameMap['Zeros'] ?? [];
  return (registered as unknown) !== initializers.zeros().constructor;
}

/**
 * The arguments that the constructor of `tf.layers.Layer` reads, one that is declared and never read (`updatable`), and
 * one that deserialization adds (`customObjects`).
 */
export const LAYER_ARGS: readonly string[] = [
  'name',
  'trainable',
  'dtype',
  'inputDType',
  'inputShape',
  'batchInputShape',
  'batchSize',
  'updatable',
  'weights',
  'customObjects',
];

/**
 * Counts more users of a layer, whose weights are freed when the last of them has disposed it. tf.layers counts a model
 * itself only if it applies the layer anew.
 */
export function addUsers(layer: layers.Layer, users: number): void {
  withUsers(layer)._refCount += users;
}

/** Remembers who uses layers; what it gives makes that so again. */
export function rememberUses(layers: layers.Layer[]): () => void {
  const uses = layers.map((layer) => ({
    layer,
    users: withUsers(layer)._refCount,
    outboundNodes: [...layer.outboundNodes],
  }));
  return () => {
    for (const {layer, users, outboundNodes} of uses) {
      setUsers(layer, users);
      layer.outboundNodes = outboundNodes;
    }
  };
}

/** States how many users a layer has. tf.layers counts one for each application, but a model disposes a layer once. */
export function setUsers(layer: layers.Layer, users: number): void {
  withUsers(layer)._refCount = users;
}

function withUsers(layer: layers.Layer): {_refCount: number} {
  return layer as unknown as {_refCount: number};
}

/** How often a model that is disposed disposes one of its layers: twice if that is a model itself. */
export function disposalsOf(layer: layers.Layer): number {
  return layer instanceof LayersModel ? 2 : 1;
}

/**
 * Takes the applications of a layer out of the lists of the layers that they are applied to. tf.layers writes these
 * lists, but does not read them; they alone would keep the layer in memory.
 */
export function forgetApplications(layer: layers.Layer): void {
  for (const node of layer.inboundNodes) {
    for (const source of node.inboundLayers) {
      source.outboundNodes = source.outboundNodes.filter((other) => other !== node);
    }
  }
}

/** In how many places a layer stands, in all models together. */
export function placesOf({inboundNodes}: layers.Layer): number {
  return inboundNodes.length;
}

/**
 * Whether a run in training changes a layer beyond what the optimizer does, as far as tf.layers knows: a recurrent layer that
 * remembers, or weights that are no one's to train, as the means of a batch normalization. Of a wrapper, or a stand-in, what
 * it wraps. `nonTrainableWeights` would not tell: all weights of a frozen layer are among these.
 */
export function hasState(layer: layers.Layer): boolean {
  const {_nonTrainableWeights: own, layer: wrapped} = layer as unknown as {
    _nonTrainableWeights: readonly unknown[];
    layer?: layers.Layer;
  };
  return layer.stateful || own.length > 0 || (wrapped !== undefined && hasState(wrapped));
}

export type GraphNode = layers.Layer['inboundNodes'][number];

/** The application of a layer that a symbolic tensor comes from. */
export function nodeOf({sourceLayer, nodeIndex}: SymbolicTensor): GraphNode {
  return sourceLayer.inboundNodes[nodeIndex] as GraphNode;
}

/** All applications of a layer, in the order in which they were made. */
export function nodesOf({inboundNodes}: layers.Layer): readonly GraphNode[] {
  return inboundNodes;
}

/**
 * Names the outputs of a model: `compile` finds losses and metrics by these names, `fit` and `fitDataset` find targets, and
 * the history has them. tf.layers names them after the layers that give them, once, when it makes the model.
 */
export function setOutputNames(model: LayersModel, names: string[]): void {
  model.outputNames = names;
}
