import * as tf from '@tensorflow/tfjs';

import type {Dataset} from '../../demo/mnist/dataset.js';

/** How often a picture is there: as it is, and turned by one to three quarters. */
export const TURNS = 4;

/**
 * All pictures, turned by quarters, each turn of a class being a class of its own: behind the `numClasses` of the upright ones
 * stand those of a quarter, and so on. The caller disposes of the new dataset.
 */
export function withTurnedCopies({images, labels, size}: Dataset, numClasses: number): Dataset {
  const side = Math.sqrt(images.shape[1]);
  return tf.tidy(() => {
    const upright = images.as3D(size, side, side);
    const quarter = upright.transpose([0, 2, 1]).reverse(2);
    const half = upright.reverse([1, 2]);
    const turned = [upright, quarter, half, quarter.reverse([1, 2])];
    return {
      images: tf.concat(turned).as2D(TURNS * size, side * side),
      labels: tf.concat1d(turned.map((_, turn) => labels.add<tf.Tensor1D>(turn * numClasses).toInt())),
      size: TURNS * size,
    };
  });
}
