import * as tf from '@tensorflow/tfjs-core';
import {initializers} from '@tensorflow/tfjs-layers';
import {quote, ValueError} from './errors.js';

export type Initializer = ReturnType<typeof initializers.ones>;

/** `'zeros'`, `'glorotNormal'`, ... or the `{className, config}` that a saved model holds. */
export type InitializerIdentifier = string | tf.serialization.ConfigDict;

/** tf.layers does not export the class that all its initializers extend. */
const InitializerClass = Object.getPrototypeOf(initializers.ones().constructor) as new () => Initializer;

/**
 * The initializer that an argument or a saved configuration names, found in TensorFlow.js's registry.
 *
 * @throws ValueError if it names none. A configuration may come from a file that nobody has checked: it reaches
 *   registered initializers only.
 */
export function toInitializer(identifier: unknown, where: string): Initializer {
  if (identifier instanceof InitializerClass) {
    return identifier;
  }
  const {className, config} = namedInitializer(identifier);
  const {classNameMap} = tf.serialization.SerializationMap.getMap();
  if (Object.hasOwn(classNameMap, className)) {
    const [registered, fromConfig] = classNameMap[className] as (typeof classNameMap)[string];
    if (registered.prototype instanceof InitializerClass) {
      return fromConfig(registered, config) as Initializer;
    }
  }
  throw new ValueError(
    `${where}: expected centersInitializer to be an initializer or the name of one, such as 'zeros', ` +
      `but got ${quote(identifier)}.`,
  );
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
