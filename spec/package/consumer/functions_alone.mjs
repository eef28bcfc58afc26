import * as tf from '@tensorflow/tfjs';
import * as ops from 'tfjs-center-loss/ops';

const centers = tf.tensor2d([
  [0, 0],
  [0, 0],
]);
const features = tf.tensor2d([[3, 4]]);
const labels = tf.tensor1d([1], 'int32');
const gradient = tf.grad((x) => ops.centerLoss(x.as2D(1, 2), labels, centers))(features);
console.log(
  JSON.stringify({
    exports: Object.keys(ops).sort(),
    loss: await ops.centerLoss(features, labels, centers).array(),
    gradient: await gradient.array(),
    centers: await ops.updateCenters(centers, features, labels, {alpha: 1}).array(),
  }),
);
