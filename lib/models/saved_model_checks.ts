import type * as tf from '@tensorflow/tfjs-core';
import {quote, ValueError} from '../errors.js';
import {isRegisteredModel} from '../tfjs_layers_internals.js';

/** A value of a file, of which nothing is known. */
type Unknown = Record<string, unknown>;

/** A call of a layer in a file: on which calls of other layers it waits. */
interface Call {
  layer: string;
  inputs: {layer: unknown; call: unknown}[];
}

const BYTES: ReadonlyMap<unknown, number> = new Map([
  ['float32', 4],
  ['int32', 4],
  ['complex64', 8],
  ['bool', 1],
  ['uint8', 1],
  ['uint16', 2],
  ['float16', 2],
]);

/**
 * Checks the list of weights against the bytes.
 *
 * @throws ValueError if they do not fit, before anything is made of them.
 */
export function checkWeights({weightSpecs, weightData}: tf.io.ModelArtifacts, caller: string): void {
  if (weightSpecs === undefined || weightData === undefined) {
    return;
  }
  if (!Array.isArray(weightSpecs)) {
    throw new ValueError(`${caller}: expected a list of weights, but got ${quote(weightSpecs)}.`);
  }
  const names = new Set<string>();
  let expected = 0;
  for (const spec of weightSpecs) {
    const {name, bytes} = sizeOf(spec, caller);
    if (names.has(name)) {
      throw new ValueError(`${caller}: expected weights of different names, but two weights are named ${quote(name)}.`);
    }
    names.add(name);
    expected += bytes;
  }
  const received = [weightData].flat().reduce((sum, {byteLength}) => sum + byteLength, 0);
  if (received !== expected) {
    throw new ValueError(`${caller}: expected ${expected} bytes of weights, but got ${received}.`);
  }
}

function sizeOf(spec: unknown, caller: string): {name: string; bytes: number} {
  const {name, shape, dtype, quantization} = Object(spec) as Unknown;
  const bytes = BYTES.get(quantization === undefined ? dtype : (Object(quantization) as Unknown)['dtype']);
  const isShape = Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && (size as number) >= 0);
  if (typeof name !== 'string' || !isShape || bytes === undefined) {
    throw new ValueError(`${caller}: expected a weight with a name, a shape and a dtype, but got ${quote(spec)}.`);
  }
  return {name, bytes: (shape as number[]).reduce((product, size) => product * size, bytes)};
}

/**
 * Checks that the layers of a saved model, and of those nested in it, can be computed one after the other.
 * `tf.loadLayersModel` never returns where one cannot.
 *
 * @throws ValueError naming the layers that cannot.
 */
export function checkTopology(topology: unknown, caller: string): void {
  // Grows while it is walked. A set, since what comes from a database can hold itself.
  const parts = new Set([topology]);
  for (const part of parts) {
    const {layers} = Object(part) as {layers?: unknown};
    if (Array.isArray(layers) && layers.some((layer) => member(layer, 'inbound_nodes') !== undefined)) {
      checkLayers(layers, caller);
    }
    if (typeof part === 'object' && part !== null) {
      Object.values(part).forEach((value) => parts.add(value));
    }
  }
}

function checkLayers(layers: unknown[], caller: string): void {
  const calls = new Map<string, number>();
  for (const layer of layers) {
    const name = member(layer, 'name');
    const ownName = member(member(layer, 'config'), 'name') ?? name;
    if (typeof name !== 'string' || name !== ownName) {
      throw new ValueError(`${caller}: expected one name for a layer, but got ${quote(name)} and ${quote(ownName)}.`);
    }
    if (calls.has(name)) {
      throw new ValueError(`${caller}: expected layers of different names, but got ${quote(name)} twice.`);
    }
    // An input, and a model in a model, have had a call when they were made.
    const className = member(layer, 'class_name');
    calls.set(name, className === 'InputLayer' || isRegisteredModel(className) ? 1 : 0);
  }
  let waiting = layers.flatMap(callsOf);
  let before;
  do {
    before = waiting.length;
    // As tf.layers does, which goes round until none is left.
    waiting = waiting.filter(({layer, inputs}) => {
      const isReady = inputs.every((input) => isMade(input, calls));
      if (isReady && inputs.length > 0) {
        calls.set(layer, (calls.get(layer) ?? 0) + 1);
      }
      return !isReady;
    });
  } while (waiting.length < before);
  if (waiting.length > 0) {
    const names = [...new Set(waiting.map(({layer}) => layer))];
    throw new ValueError(
      `${caller}: expected layers that can be computed one after the other, but the inputs of ${quote(names)} ` +
        'come from nowhere.',
    );
  }
}

function callsOf(layer: unknown): Call[] {
  const nodes = member(layer, 'inbound_nodes');
  const called = member(layer, 'name') as string;
  // Of anything but lists tf.layers says itself that it is no call.
  return (Array.isArray(nodes) ? nodes : []).filter(Array.isArray).map((node: unknown[]) => ({
    layer: called,
    inputs: node.map((input) => ({layer: (Object(input) as Unknown)[0], call: (Object(input) as Unknown)[1]})),
  }));
}

function isMade({layer, call}: Call['inputs'][number], calls: Map<string, number>): boolean {
  const made = calls.get(String(layer));
  return made !== undefined && !(made <= Number(call));
}

/** A member of an object of a file. tf.layers reads both forms of a name: `inbound_nodes` and `inboundNodes`. */
function member(value: unknown, name: string): unknown {
  const members = Object(value) as Unknown;
  return members[name] ?? members[name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())];
}
