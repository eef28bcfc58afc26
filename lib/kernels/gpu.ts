import * as tf from '@tensorflow/tfjs-core';
import {tensorOf} from '../tfjs_internals.js';
import {composite} from './composite.js';
import type {BackendKernels, CenterLossInputs, ClassIdsInputs, ScaleGradientInputs} from './contracts.js';
import * as code from './gpu_code.js';

/**
 * Runs a program of gpu_code.ts and gives its output, a new tensor.
 *
 * @param inputs By the names that the code has for them.
 * @param shape Of the output. Only a matrix has columns.
 */
export type RunProgram<Backend> = (
  backend: Backend,
  code: string,
  inputs: object,
  shape: number[],
  dtype: 'float32' | 'int32',
) => tf.TensorInfo;

/** Those of the kernels of contracts.ts that differ from GPU to GPU by the language of their programs alone. */
export function gpuKernels<Backend>(
  run: RunProgram<Backend>,
): Required<Pick<BackendKernels<Backend>, 'classIds' | 'centerLoss' | 'scaleGradient'>> {
  const compute = (...args: Parameters<typeof run>) => tensorOf(run(...args));

  return {
    classIds(inputs, attrs, backend) {
      const {labels, mask} = inputs as ClassIdsInputs<tf.Tensor>;
      return tf.tidy(() => {
        const {numClasses, entryPerClass} = attrs;
        const numSamples = labels.size / (entryPerClass ? numClasses : 1);
        // Another shape for a tensor is a program on webgl, unless a program like this one has made it.
        const shape = entryPerClass ? [numSamples] : labels.shape;
        const read = {
          labels: entryPerClass ? tf.reshape(labels, [numSamples, numClasses]) : labels,
          ...(mask && {mask: tf.reshape(mask, shape)}),
        };
        return tf.reshape(compute(backend, code.classIds(attrs, !!mask), read, shape, 'int32'), [numSamples]);
      });
    },

    centerLoss(inputs, attrs, backend) {
      const tensors = inputs as CenterLossInputs<tf.Tensor>;
      const {features, classIds} = tensors;
      if (features.size === 0) {
        return composite.centerLoss(tensors, attrs);
      }
      return tf.tidy(() => {
        const {reduction, lossWeight} = attrs;
        const [numSamples, featureDim] = features.shape as [number, number];
        const perSample = (program: string, read: object) => compute(backend, program, read, [numSamples], 'float32');
        const thousands = reduction === 'sum' ? tf.scalar(0) : tf.sum(perSample(code.TAKES_PART, {classIds}));
        const batch = {...inputs, thousands};
        const loss = tf.sum(perSample(code.losses(featureDim), batch));
        const scale = tf.scalar(lossWeight);
        return [
          loss,
          lossWeight === 1 ? tf.clone(loss) : compute(backend, code.SCALED, {values: loss, scale}, [], 'float32'),
          compute(backend, code.GRADIENT, {...batch, scale}, features.shape, 'float32'),
        ];
      });
    },

    scaleGradient(inputs, _attrs, backend) {
      const {gradient, dy} = inputs as ScaleGradientInputs<tf.Tensor>;
      return run(backend, code.SCALED, {values: gradient, scale: dy}, gradient.shape, 'float32');
    },
  };
}
