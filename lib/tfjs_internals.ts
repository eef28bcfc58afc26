/**
 * Everything that this package uses of TensorFlow.js without TensorFlow.js promising it: private fields, the engine's
 * state, and habits that its documentation does not mention. Nothing else in `lib` touches them, but for the kernels,
 * which state beside them what they use of their backends.
 *
 * `spec/tfjs_internals.spec.ts` has one test for each member that is used here. Whoever moves to a new TensorFlow.js
 * reads there what has changed.
 */
import * as tf from '@tensorflow/tfjs-core';
import {initializers, LayersModel} from '@tensorflow/tfjs-layers';
import type {layers, SymbolicTensor} from '@tensorflow/tfjs-layers';

// The gradient tape.

/** The list of operations that TensorFlow.js writes while `tf.grads` or an optimizer runs the differentiated function. */
export type GradientTape = TapeNode[];

/** TensorFlow.js declares `saved` as optional, but always makes an array for it. */
type TapeNode = Required<ReturnType<typeof tf.engine>['state']['activeTape'][number]>;

/** The tape of the gradient that is being taken, one a training step; undefined outside of a gradient. */
export function activeTape(): GradientTape | undefined {
  const engine = tf.engine();
  return engine.isTapeOn() ? (engine.state.activeTape as GradientTape) : undefined;
}

/**
 * Gives a kept tensor to the last operation on the tape, whose gradient needs it. TensorFlow.js disposes it when the
 * gradients have been taken. The documented way, `save` of `tf.customGrad`, saves a clone: a copy on wasm.
 */
export function saveOnTape(tape: GradientTape, tensor: tf.Tensor): void {
  const {saved} = tape[tape.length - 1] as TapeNode;
  saved.push(tensor);
}

/**
 * Frees what the tape has saved, if an error is about to leave a layer. TensorFlow.js does not free it when the
 * differentiated function throws: each such step would leak the activations of the whole network. It takes gradients
 * synchronously, so that in the next microtask nothing needs them any more.
 */
export function freeTapeAfterError(): void {
  const tape = activeTape();
  if (tape) {
    queueMicrotask(() => {
      tf.dispose(tape.map(({saved}) => saved));
    });
  }
}

// The scopes of `tf.tidy`.

/** Undoes `tf.keep`: the innermost `tf.tidy` around the caller disposes the tensor, unless that `tidy` returns it. */
export function backInScope<T extends tf.Tensor>(tensor: T): T {
  const {activeScope} = tf.engine().state;
  tensor.kept = false;
  tensor.scopeId = activeScope.id;
  activeScope.track.push(tensor);
  return tensor;
}

/** The outermost `tf.tidy` around the caller. `evaluate` and `predict` have one for each batch. */
export function outermostScope(): object | undefined {
  return tf.engine().state.scopeStack[0];
}

// Kernels and tensors.

/** Whether a kernel of this name is registered for a backend. */
export function hasKernel(kernelName: string, backendName = tf.getBackend()): boolean {
  // Declared as if there always was one.
  return (tf.getKernel(kernelName, backendName) as unknown) !== undefined;
}

/** Runs a registered kernel on the current backend. The results belong to the scope around the caller. */
export function runKernel(
  kernelName: string,
  inputs: tf.NamedTensorMap,
  attrs: tf.NamedAttrMap = {},
): tf.Tensor | tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(kernelName, inputs, attrs);
}

/** A tensor of what a backend has computed. It is counted by `tf.memory()`, and belongs to the scope around the caller. */
export function tensorOf(info: tf.TensorInfo): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(info);
}

/**
 * The values of a tensor that its owner may dispose before they have come. The backend's count of the users of the data
 * is raised by one until then: without that, WebGPU has no buffer left to read. `tf.memory()` does not see this user.
 */
export async function readEvenIfDisposed({dataId}: tf.Tensor): Promise<ArrayLike<number>> {
  const engine = tf.engine();
  // The engine forgets the data when their last tensor is disposed, and moves them when the backend is changed.
  const backendOf = () => engine.state.tensorInfo.get(dataId)?.backend;
  backendOf()?.incRef(dataId);
  try {
    return (await engine.read(dataId)) as ArrayLike<number>;
  } finally {
    const backend = backendOf();
    if (backend?.disposeData(dataId)) {
      engine.removeDataId(dataId, backend);
    }
  }
}

// Layers, initializers, graphs of layers.

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
 * Counts more users of a layer, whose weights are freed when the last of them has disposed it. tf.layers counts a model
 * itself only if it applies the layer anew.
 */
export function addUsers(layer: layers.Layer, users: number): void {
  withUsers(layer)._refCount += users;
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

export type GraphNode = layers.Layer['inboundNodes'][number];

/** The application of a layer that a symbolic tensor comes from. */
export function nodeOf({sourceLayer, nodeIndex}: SymbolicTensor): GraphNode {
  return sourceLayer.inboundNodes[nodeIndex] as GraphNode;
}

/** All applications of a layer, in the order in which they were made. */
export function nodesOf(layer: layers.Layer): readonly GraphNode[] {
  return layer.inboundNodes;
}
