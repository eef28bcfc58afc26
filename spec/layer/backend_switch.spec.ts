import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {itWhere} from '../support/it_where.js';
import {centeredClassifier, compile, makeBatch, valuesOf} from '../support/networks.js';
import type {Network} from '../support/networks.js';
import {reload} from '../support/saving.js';
import {expectClose} from '../support/tolerance.js';

const BACKENDS = ['cpu', 'wasm', 'webgl', 'webgpu'];

/** The backend that the specs run on. */
const home = tf.getBackend();

afterEach(async () => {
  await tf.setBackend(home);
});

/** Runs `check` with each of the other backends that there are. */
async function withOthers(check: (other: string) => Promise<void>): Promise<void> {
  const registered = BACKENDS.filter((name) => name !== home && tf.findBackendFactory(name));
  for (const other of registered) {
    if (await tf.setBackend(other)) {
      await tf.setBackend(home);
      await check(other);
      await tf.setBackend(home);
    }
  }
}

/** Tensors leave WebGPU by way of a canvas, which only a browser has. */
const itWhereTensorsCanLeave = itWhere(
  home !== 'webgpu' || typeof document !== 'undefined',
  'WebGPU gives no tensors to other backends without a canvas',
);

async function train({model}: Network, firstStep: number, steps: number): Promise<void> {
  for (let step = firstStep; step < firstStep + steps; step++) {
    const {x, labels, oneHot} = makeBatch(8, step);
    await model.trainOnBatch([x, labels.expandDims(1)], oneHot);
  }
}

function built(): Network {
  const network = centeredClassifier({lossWeight: 0.05});
  compile(network);
  return network;
}

async function expectSameWeights(actual: Network, expected: number[][]): Promise<void> {
  const weights = await valuesOf(actual.model.getWeights());
  expect(weights.length).toBe(expected.length);
  weights.forEach((values, i) => {
    expectClose(values, expected[i] ?? [], `weight ${i}`);
  });
}

/** What six steps on one backend give. */
async function weightsOfSixSteps(): Promise<number[][]> {
  const network = built();
  await train(network, 0, 6);
  return valuesOf(network.model.getWeights());
}

describe('A model with a CenterLossLayer', () => {
  itWhereTensorsCanLeave('can be built on this backend and trained on another', async () => {
    const expected = await weightsOfSixSteps();
    await withOthers(async (other) => {
      const network = built();
      await tf.setBackend(other);
      await train(network, 0, 6);
      await expectSameWeights(network, expected);
    });
  });

  it('can be built on another backend and trained on this one', async () => {
    const expected = await weightsOfSixSteps();
    await withOthers(async (other) => {
      if (other === 'webgpu') {
        return;
      }
      await tf.setBackend(other);
      const network = built();
      await tf.setBackend(home);
      await train(network, 0, 6);
      await expectSameWeights(network, expected);
    });
  });

  itWhereTensorsCanLeave('can change the backend in the middle of its training, and back', async () => {
    const expected = await weightsOfSixSteps();
    await withOthers(async (other) => {
      const network = built();
      await train(network, 0, 2);
      await tf.setBackend(other);
      await train(network, 2, 2);
      await tf.setBackend(home);
      await train(network, 4, 2);
      await expectSameWeights(network, expected);
    });
  });

  itWhereTensorsCanLeave('reports the metric of the backend that it is evaluated on', async () => {
    const network = built();
    await train(network, 0, 2);
    const metricOn = async (backend: string): Promise<number> => {
      await tf.setBackend(backend);
      const {x, labels, oneHot} = makeBatch(8);
      const [, , metric] = network.model.evaluate([x, labels.expandDims(1)], oneHot) as tf.Scalar[];
      const [values] = await valuesOf(metric ? [metric] : []);
      return values?.[0] ?? NaN;
    };
    const expected = await metricOn(home);
    await withOthers(async (other) => {
      expectClose(await metricOn(other), expected, other);
    });
  });

  it('can be saved on one backend and trained on by another', async () => {
    const expected = await weightsOfSixSteps();
    await withOthers(async (other) => {
      const first = built();
      await train(first, 0, 3);
      await tf.setBackend(other);
      const second = await reload(first.model);
      compile(second);
      await train(second, 3, 2);
      await tf.setBackend(home);
      const third = await reload(second.model);
      compile(third);
      await train(third, 5, 1);
      await expectSameWeights(third, expected);
    });
  });
});
