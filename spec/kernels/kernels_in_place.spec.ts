import * as tf from '@tensorflow/tfjs';
import {CenterLossLayer} from '../../lib/index.js';
import {itWhere} from '../support/it_where.js';
import {movesInPlace, otherBackend, readsAtOnce} from '../support/kernels.js';
import {save} from '../support/saving.js';
import {disposeAfterEach} from '../support/tensors.js';
import {expectClose} from '../support/tolerance.js';

const itWhereValuesAreReadAtOnce = itWhere(readsAtOnce(), 'values of webgpu are there only later');
const itWhereCentersMoveInPlace = itWhere(movesInPlace(), 'the centers are new ones after each step here');
const itWhereCentersAreNew = itWhere(!movesInPlace(), 'the centers are changed in place here');

const FEATURES = [
  [1, 2],
  [3, 4],
];
const LABELS = [0, 2];
const ALPHA = 0.5;

/** The centers after each of these steps, from zero: a quarter of the way to the sample that is left. */
const AFTER_ONE_STEP = [0.25, 0.5, 0, 0, 0.75, 1];
const AFTER_TWO_STEPS = [0.4375, 0.875, 0, 0, 1.3125, 1.75];

function builtLayer(numClasses = 3): CenterLossLayer {
  const layer = new CenterLossLayer({numClasses, alpha: ALPHA});
  tf.dispose(layer.apply(tf.zeros([1, 2])) as tf.Tensor);
  return layer;
}

/** Training as `fit` does it: the forward pass within a gradient. */
function train(layer: CenterLossLayer): void {
  tf.tidy(() => {
    tf.valueAndGrad((features: tf.Tensor) => {
      layer.apply([features, tf.tensor1d(LABELS)], {training: true});
      return tf.addN(layer.calculateLosses());
    })(tf.tensor2d(FEATURES));
  });
}

/** Trains, takes a snapshot, trains once more, and looks at the snapshot and at the centers. */
async function expectToKeepItsValues(
  takeSnapshot: (layer: CenterLossLayer) => (() => unknown) | Promise<() => unknown>,
): Promise<void> {
  const layer = builtLayer();
  train(layer);
  const look = await takeSnapshot(layer);
  train(layer);
  expectClose((await look()) as ArrayLike<number>, AFTER_ONE_STEP);
  expectClose(await layer.centers.data(), AFTER_TWO_STEPS);
  layer.dispose();
}

describe('A snapshot of the centers keeps its values over a training step:', () => {
  disposeAfterEach();

  it('a pending data() promise', async () => {
    await expectToKeepItsValues(({centers}) => {
      const promise = centers.data();
      return () => promise;
    });
  });

  it('data() that has been awaited', async () => {
    await expectToKeepItsValues(async ({centers}) => {
      const values = await centers.data();
      return () => values;
    });
  });

  itWhereValuesAreReadAtOnce('dataSync()', async () => {
    await expectToKeepItsValues(({centers}) => {
      const values = centers.dataSync();
      return () => values;
    });
  });

  it('the data of getWeights()', async () => {
    await expectToKeepItsValues((layer) => {
      const promise = layer.getWeights()[0]?.data();
      return () => promise;
    });
  });

  const ALIASES: Record<string, (centers: tf.Tensor2D) => tf.Tensor> = {
    'clone()': (centers) => centers.clone(),
    'reshape()': (centers) => centers.reshape([-1]),
    'expandDims()': (centers) => centers.expandDims(),
    'cast() to its own dtype': (centers) => centers.cast('float32'),
    'slice() of all': (centers) => centers.slice([0, 0]),
    'a variable of the same value': (centers) => tf.variable(centers, false),
  };
  for (const [name, alias] of Object.entries(ALIASES)) {
    it(name, async () => {
      await expectToKeepItsValues(({centers}) => {
        const tensor = alias(centers);
        return async () => {
          const values = await tensor.data();
          tensor.dispose();
          return values;
        };
      });
    });
  }

  it('slice() of some rows', async () => {
    const layer = builtLayer();
    train(layer);
    const rows = layer.centers.slice([1, 0], [2, 2]);
    train(layer);
    expectClose(await rows.data(), AFTER_ONE_STEP.slice(2));
    layer.dispose();
  });

  it("another layer's centers, set from this one's", async () => {
    const other = builtLayer();
    await expectToKeepItsValues((layer) => {
      other.setWeights(layer.getWeights());
      return () => other.centers.data();
    });
    train(other);
    expectClose(await other.centers.data(), AFTER_TWO_STEPS);
    other.dispose();
  });

  it('the array that was set as weights', async () => {
    const given = Float32Array.from(AFTER_ONE_STEP);
    await expectToKeepItsValues((layer) => {
      layer.setWeights([tf.tensor2d(given, [3, 2])]);
      return () => given;
    });
  });

  it('integers cast to floats and set as weights', async () => {
    const layer = builtLayer();
    const integers = tf.tensor2d([4, 8, 1, 1, -4, 0], [3, 2], 'int32');
    const floats = integers.toFloat();
    layer.setWeights([floats]);
    train(layer);
    expectClose(await layer.centers.data(), [3.25, 6.5, 1, 1, -2.25, 1]);
    expect(Array.from(await integers.data())).toEqual([4, 8, 1, 1, -4, 0]);
    expect(Array.from(await floats.data())).toEqual([4, 8, 1, 1, -4, 0]);
    layer.dispose();
  });

  it('a saved model', async () => {
    await expectToKeepItsValues(async (layer) => {
      const x = tf.input({shape: [2]});
      const label = tf.input({shape: [1]});
      const outputs = layer.apply([x, label]) as tf.SymbolicTensor;
      const model = tf.model({inputs: [x, label], outputs});
      const artifacts = await save(model);
      model.dispose();
      return async () => {
        const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
        const values = await loaded.getWeights()[0]?.data();
        loaded.dispose();
        return values;
      };
    });
  });
});

describe('The centers', () => {
  disposeAfterEach();

  it('are right after each of several steps, looked at or not', async () => {
    const layer = builtLayer();
    train(layer);
    train(layer);
    expectClose(await layer.centers.data(), AFTER_TWO_STEPS);
    layer.setWeights([tf.zeros([3, 2])]);
    train(layer);
    expectClose(await layer.centers.data(), AFTER_ONE_STEP);
    train(layer);
    expectClose(await layer.centers.data(), AFTER_TWO_STEPS);
    layer.dispose();
  });

  it('outlive an alias that is disposed', async () => {
    const layer = builtLayer();
    const early = layer.centers.clone();
    train(layer);
    const late = layer.centers.clone();
    early.dispose();
    late.dispose();
    train(layer);
    expectClose(await layer.centers.data(), AFTER_TWO_STEPS);
    layer.dispose();
  });

  itWhereValuesAreReadAtOnce('go along to another backend and back', async () => {
    const backend = tf.getBackend();
    const layer = builtLayer();
    train(layer);
    await tf.setBackend(otherBackend());
    train(layer);
    expectClose(await layer.centers.data(), AFTER_TWO_STEPS);
    await tf.setBackend(backend);
    layer.setWeights([tf.tensor2d(AFTER_ONE_STEP, [3, 2])]);
    train(layer);
    expectClose(await layer.centers.data(), AFTER_TWO_STEPS);
    layer.dispose();
  });

  itWhereCentersMoveInPlace('stay in their memory where nobody has looked', () => {
    const layer = builtLayer();
    train(layer);
    const {dataId} = layer.centers;
    train(layer);
    expect(layer.centers.dataId).toBe(dataId);
    layer.dispose();
  });

  itWhereCentersAreNew('are a new tensor after each step', () => {
    const layer = builtLayer();
    train(layer);
    const {dataId} = layer.centers;
    train(layer);
    expect(layer.centers.dataId).not.toBe(dataId);
    layer.dispose();
  });

  itWhereCentersMoveInPlace('make no step allocate more for more classes', () => {
    const allocated = [10, 10_000].map((numClasses) => {
      const layer = builtLayer(numClasses);
      train(layer);
      const bytes = bytesAllocatedBy(() => {
        train(layer);
      });
      layer.dispose();
      return bytes;
    });
    expect(allocated[1]).toBe(allocated[0]);
  });
});

/** Sums what tensors with memory of their own take; an alias takes none. */
function bytesAllocatedBy(run: () => void): number {
  const engine = tf.engine();
  const {tensorInfo} = engine.state;
  const set = tensorInfo.set.bind(tensorInfo);
  let bytes = 0;
  tensorInfo.set = (dataId, info) => {
    bytes += info.bytes;
    return set(dataId, info);
  };
  try {
    run();
  } finally {
    Reflect.deleteProperty(tensorInfo, 'set');
  }
  return bytes;
}
