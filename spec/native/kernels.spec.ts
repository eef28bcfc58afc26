import * as tf from '@tensorflow/tfjs';
import {CenterLossLayer, softmaxCrossEntropy} from '../../lib/index.js';
import {updateCentersKernel} from '../../lib/kernels/dispatch.js';
import {centeredClassifier, makeBatch} from '../support/networks.js';
import {disposeAfterEach} from '../support/tensors.js';
import {expectClose} from '../support/tolerance.js';

interface NativeBackend {
  isUsingGpuDevice: boolean;
  binding: {getNumOfTensors(): number};
  readSync(dataId: tf.DataId): unknown;
}

const FEATURES = [
  [1, 2],
  [3, 4],
];

function nativeBackend(): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}

/** Trains a layer whose centers start at zero for a step, the loss included. */
function train(layer: CenterLossLayer): void {
  tf.tidy(() => {
    tf.valueAndGrad((features: tf.Tensor) => {
      layer.apply([features, tf.tensor1d([0, 2])], {training: true});
      return tf.addN(layer.calculateLosses());
    })(tf.tensor2d(FEATURES));
  });
}

function newLayer(): CenterLossLayer {
  return new CenterLossLayer({numClasses: 3, alpha: 0.5});
}

describe('On native TensorFlow', () => {
  disposeAfterEach();

  it('steps of fit leave no handle of TensorFlow behind', async () => {
    const {model, layer} = centeredClassifier();
    model.compile({optimizer: 'sgd', loss: softmaxCrossEntropy, metrics: [layer.metric()]});
    const {x, labels, oneHot} = makeBatch(8);
    const fit = () => model.fit([x, labels], oneHot, {epochs: 5, batchSize: 4, verbose: 0});
    await fit();
    const before = nativeBackend().binding.getNumOfTensors();
    await fit();
    expect(nativeBackend().binding.getNumOfTensors()).toBe(before);
    model.dispose();
  });

  it('disposing the layer gives back what TensorFlow held of it', () => {
    const before = nativeBackend().binding.getNumOfTensors();
    tf.tidy(() => {
      const layer = newLayer();
      train(layer);
      // Hands the centers to TensorFlow, and the next step takes them back.
      tf.neg(layer.centers);
      train(layer);
      tf.neg(layer.centers);
      layer.dispose();
    });
    expect(nativeBackend().binding.getNumOfTensors()).toBe(before);
  });

  it('centers that do not move are read from TensorFlow in the first step alone', () => {
    const layer = newLayer();
    layer.trainable = false;
    tf.dispose(layer.apply(tf.tensor2d(FEATURES)) as tf.Tensor);
    // A result of an operation is TensorFlow's own.
    layer.setWeights([tf.add(tf.zeros([3, 2]), 1)]);
    train(layer);
    const readSync = jest.spyOn(nativeBackend(), 'readSync');
    train(layer);
    const read = readSync.mock.calls.map(([dataId]) => dataId);
    readSync.mockRestore();
    expect(read.length).toBeGreaterThan(0);
    // By identity: all of these objects are empty.
    expect(read.includes(layer.centers.dataId)).toBe(false);
    layer.dispose();
  });

  it('the centers are right after operations of TensorFlow on them between the steps', async () => {
    const layer = newLayer();
    train(layer);
    const doubled = tf.mul(layer.centers, 2);
    train(layer);
    expectClose(await doubled.data(), [0.5, 1, 0, 0, 1.5, 2]);
    expectClose(await layer.centers.data(), [0.4375, 0.875, 0, 0, 1.3125, 1.75]);
    layer.dispose();
  });

  it('features that were centers before are read as they are now', async () => {
    const tensor = tf.add(tf.zeros<tf.Rank.R2>([3, 2]), 1);
    const features = tf.tensor2d(FEATURES);
    const classIds = tf.tensor1d([0, 2], 'int32');
    const asFeatures = () =>
      updateCentersKernel(
        {features: tensor, classIds: tf.tensor1d([0, 1, 2], 'int32'), centers: tf.zeros([3, 2])},
        {alpha: 1, inPlace: false},
      );
    expectClose(await asFeatures().data(), [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    const moved = updateCentersKernel({features, classIds, centers: tensor}, {alpha: 1, inPlace: true});
    expect(moved.dataId).toBe(tensor.dataId);
    // Hands them to TensorFlow.
    tf.neg(moved);
    expectClose(await asFeatures().data(), [0.5, 0.75, 0.5, 0.5, 1, 1.25]);
  });

  it('computes by operations of TensorFlow where it has a GPU', async () => {
    const layer = newLayer();
    const {x, labels, oneHot} = makeBatch(8);
    const [onHost, onGpu] = [centeredClassifier(), centeredClassifier()];
    for (const {model} of [onHost, onGpu]) {
      model.compile({optimizer: 'sgd', loss: softmaxCrossEntropy});
    }
    await onHost.model.trainOnBatch([x, labels], oneHot);
    const replaced = jest.replaceProperty(nativeBackend(), 'isUsingGpuDevice', true);
    const {kernelNames} = await tf.profile(() => {
      train(layer);
    });
    await onGpu.model.trainOnBatch([x, labels], oneHot);
    replaced.restore();
    expect(kernelNames).toEqual(expect.arrayContaining(['GatherV2', 'ScatterNd']));
    expectClose(await layer.centers.data(), [0.25, 0.5, 0, 0, 0.75, 1]);
    for (const [i, weight] of onHost.model.getWeights().entries()) {
      expectClose((await onGpu.model.getWeights()[i]?.data()) ?? [], await weight.data());
    }
    layer.dispose();
    onHost.model.dispose();
    onGpu.model.dispose();
  });
});
