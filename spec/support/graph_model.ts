import * as tf from '@tensorflow/tfjs';

/** A converted network, as `tf.loadGraphModel` gives it: features `[samples, width]` are relu(x · weights). */
export function graphModel(inputs: number, width: number): tf.GraphModel {
  const float = {type: 'DT_FLOAT'};
  const node = (name: string, op: string, input: string[], attr: object) => ({name, op, input, attr});
  const modelTopology = {
    node: [
      node('x', 'Placeholder', [], {dtype: float, shape: {shape: {dim: [{size: '-1'}, {size: String(inputs)}]}}}),
      node('weights', 'Const', [], {dtype: float, value: {tensor: {dtype: 'DT_FLOAT', tensorShape: {}}}}),
      node('product', 'MatMul', ['x', 'weights'], {T: float, transpose_a: {b: false}, transpose_b: {b: false}}),
      node('features', 'Relu', ['product'], {T: float}),
    ],
    versions: {producer: 1},
  };
  const weights = tf.tidy(() => tf.randomNormal([inputs, width], 0, inputs ** -0.5, 'float32', 5).dataSync());
  const model: unknown = tf.loadGraphModelSync(
    tf.io.fromMemorySync({
      modelTopology,
      format: 'graph-model',
      weightSpecs: [{name: 'weights', shape: [inputs, width], dtype: 'float32'}],
      weightData: Float32Array.from(weights).buffer,
    }),
  );
  return model as tf.GraphModel;
}
