import type * as tf from '@tensorflow/tfjs-core';
import {OF_ANOTHER_COPY, quote, ValueError} from '../errors.js';
import {isInitializer, isRegistryOfAnotherCopy, registeredInitializer} from '../tfjs_layers_internals.js';
import type {Initializer} from '../tfjs_layers_internals.js';

/** `'zeros'`, `'glorotNormal'`, ... or the `{className, config}` that a saved model holds. */
export type InitializerIdentifier = string | tf.serialization.ConfigDict;

/**
 * The initializer that an argument or a saved configuration names, found in the registry of TensorFlow.js.
 *
 * @throws ValueError if it names none. A configuration may come from a file that nobody has checked: it reaches
 *   registered initializers only.
 */
export function toInitializer(identifier: unknown, caller: string): Initializer {
  if (isInitializer(identifier)) {
    return identifier;
  }
  const {className, config} = namedInitializer(identifier);
  const initializer = registeredInitializer(className, config);
  if (!initializer) {
    throw new ValueError(
      `${caller}: expected centersInitializer to be an initializer or the name of one, such as 'zeros', ` +
        `but got ${looksLikeInitializer(identifier) ? 'one' : quote(identifier)}` +
        `${looksLikeInitializer(identifier) || isRegistryOfAnotherCopy() ? ` ${OF_ANOTHER_COPY}` : ''}.`,
    );
  }
  return initializer;
}

function looksLikeInitializer(value: unknown): boolean {
  return value instanceof Object && 'apply' in value && 'getConfig' in value;
}

/** What `getConfig()` stores. */
export function initializerConfig(initializer: Initializer): tf.serialization.ConfigDict {
  return {className: initializer.getClassName(), config: initializer.getConfig()};
}

function namedInitializer(identifier: unknown): {className: string; config: tf.serialization.ConfigDict} {
  if (typeof identifier === 'string') {
    // Users write 'glorotNormal', the class is registered as 'GlorotNormal'.
    return {className: identifier.charAt(0).toUpperCase() + identifier.slice(1), config: {}};
  }
  const {className, config} = identifier as {className: string; config?: tf.serialization.ConfigDict | null};
  return {className, config: config ?? {}};
}
