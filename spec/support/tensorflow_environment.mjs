import {TestEnvironment} from 'jest-environment-node';
// Here, since the environment variable that it sets is one of Jest's own within the specs.
import '../../scripts/native_tensorflow.cjs';

/**
 * Node.js whose typed arrays are those that a native addon makes. Specs run in a realm of their own, with classes of its
 * own, and tfjs-core asks for `instanceof Float32Array`.
 */
// Jest wants a default export.
// eslint-disable-next-line no-restricted-exports
export default class TensorFlowEnvironment extends TestEnvironment {
  /** @override */
  async setup() {
    await super.setup();
    Object.assign(this.global, {ArrayBuffer, Float32Array, Int32Array, Uint8Array});
  }
}
