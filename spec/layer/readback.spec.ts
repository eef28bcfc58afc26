import * as tf from '@tensorflow/tfjs';
import {itWhereLabelsAreReadAtOnce, itWhereLabelsAreReadLater} from '../support/it_where.js';
import {centeredClassifier, compile, makeBatch, valuesOf} from '../support/networks.js';
import type {Network} from '../support/networks.js';
import {wasInCall} from '../support/tensors.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Runs `action` and gives the names of the methods through which somebody waited for values of a backend. */
async function synchronousReadsOf(action: () => Promise<unknown>): Promise<string[]> {
  const reads: string[] = [];
  const watched: [object, string][] = [
    [tf.Tensor.prototype, 'dataSync'],
    [tf.Tensor.prototype, 'arraySync'],
    [tf.backend(), 'readSync'],
  ];
  const restore = watched.map(([owner, name]) => {
    const methods = owner as Record<string, Method>;
    const own = Object.getOwnPropertyDescriptor(owner, name);
    const original = methods[name] as Method;
    methods[name] = function (...args) {
      // What stands for an unknown backend computes in the memory of the process: its own operations may read there.
      if (tf.getBackend() !== 'unknown' || tf.engine().state.kernelDepth === 0) {
        reads.push(name);
      }
      return original.apply(this, args);
    };
    return () => {
      Reflect.deleteProperty(owner, name);
      if (own) {
        Object.defineProperty(owner, name, own);
      }
    };
  });
  try {
    await action();
  } finally {
    restore.forEach((undo) => {
      undo();
    });
  }
  return reads;
}

const NUM_SAMPLES = 12;

/** Three batches of four, and a bad label in the second. */
function fit({model}: Network, badLabel?: number): Promise<tf.History> {
  const {x, labels, oneHot} = makeBatch(NUM_SAMPLES);
  const ids = tf.concat([
    labels.slice(0, 5).toFloat(),
    badLabel === undefined ? labels.slice(5, 1).toFloat() : tf.tensor1d([badLabel]),
    labels.slice(6).toFloat(),
  ]);
  return model.fit([x, ids], oneHot, {
    batchSize: 4,
    epochs: 2,
    shuffle: false,
    verbose: 0,
    validationData: [[x, labels.expandDims(1)], oneHot],
  });
}

/** @param ending What the message says after the label. */
function expectRangeError(error: unknown, badLabel: number, ending = ''): void {
  expect(error).toBeInstanceOf(RangeError);
  const message = `CenterLossLayer 'center_loss': expected labels to be integers from 0 to 3, but got ${badLabel} at index 1.`;
  expect((error as Error).message).toBe(message + ending);
}

describe('Training with CenterLossLayer', () => {
  itWhereLabelsAreReadLater('waits for no value of a GPU', async () => {
    const network = centeredClassifier();
    compile(network);
    await fit(network);
    expect(await synchronousReadsOf(() => fit(network))).toEqual([]);
  });

  for (const badLabel of [-1, 4, 1.5, NaN]) {
    itWhereLabelsAreReadAtOnce(`ends with a RangeError at a bad label: ${badLabel}`, async () => {
      const network = centeredClassifier();
      compile(network);
      const error = await fit(network, badLabel).catch((reason: unknown) => reason);
      expectRangeError(error, badLabel);
      expect((await network.layer.centers.data()).every(Number.isFinite)).toBe(true);
    });

    itWhereLabelsAreReadLater(`waits for no bad label on a GPU, and a following step tells: ${badLabel}`, async () => {
      const network = centeredClassifier();
      compile(network);
      const before = await network.layer.centers.data();
      const errors: unknown[] = [];
      const fitAndCatch = (label?: number) =>
        fit(network, label).catch((error: unknown) => {
          errors.push(error);
        });
      const reads = await synchronousReadsOf(async () => {
        await fitAndCatch(badLabel);
        // A GPU answers in its own time, perhaps after the last step. By the time of this answer it has.
        await network.layer.centers.data();
        await fitAndCatch();
      });
      expect(errors.length).toBeGreaterThan(0);
      // The second batch of an epoch is the bad one. A device that is slow has answered for both epochs before anybody
      // asks, and the first answer counts.
      expectRangeError(errors[0], badLabel, wasInCall(2));
      expect(reads).toEqual([]);
      const after = await network.layer.centers.data();
      expect(after).not.toEqual(before);
      expect(after.every(Number.isFinite)).toBe(true);
    });
  }

  it('keeps nothing of the labels that it has asked a GPU for', async () => {
    const {model, layer} = centeredClassifier();
    const {x, labels} = makeBatch(4);
    const pass = async () => {
      tf.tidy(() => {
        model.apply([x, tf.add(labels, 0)], {training: true});
      });
      await layer.centers.data();
    };
    await pass();
    const {numDataBuffers} = tf.memory();
    await pass();
    expect(tf.memory().numDataBuffers).toBe(numDataBuffers);
  });

  itWhereLabelsAreReadLater('with a bad label is as without that sample', async () => {
    const [bad, good] = [centeredClassifier(), centeredClassifier({ignoreClass: 77})];
    const {x, labels} = makeBatch(4);
    const withLast = (id: number) => tf.concat([labels.slice(0, 3).toFloat(), tf.tensor1d([id])]);
    const step = ({model}: Network, id: number) => {
      tf.tidy(() => {
        model.apply([x, withLast(id)], {training: true});
      });
    };
    step(good, 77);
    step(bad, 1000);
    expect(await valuesOf([bad.layer.centers])).toEqual(await valuesOf([good.layer.centers]));
  });
});
