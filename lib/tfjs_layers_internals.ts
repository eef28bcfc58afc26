/** What `tfjs_internals.ts` is for tfjs-core, for tfjs-layers: layers, initializers, graphs of layers. */
import * as tf from '@tensorflow/tfjs-core';
import {initializers} from '@tensorflow/tfjs-layers';
import type {layers, SymbolicTensor} from '@tensorflow/tfjs-layers';

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
 * Counts one more model among the users of a layer, whose weights are freed when the last of them is disposed. tf.layers
 * counts a model itself only if it applies the layer anew.
 */
export function countOneMoreUser(layer: layers.Layer): void {
  (layer as unknown as {_refCount: number})._refCount++;
}

/** In how many places a layer stands, in all models together. */
export function placesOf({inboundNodes}: layers.Layer): number {
  return inboundNodes.length;
}

export type GraphNode = layers.Layer['inboundNodes'][number];

/** The application of a layer that a symbolic tensor comes from. */
export function nodeOf({sourceLayer, nodeIndex}: SymbolicTensor): GraphNode {
  return sourceLayer.inboundNodes[nodeIndex] as GraphNode;
}
