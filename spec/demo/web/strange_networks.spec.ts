import {readSavedNetwork, writeMetadata} from '../../../demo/web/saved_network.js';
import type {SavedNetwork} from '../../../demo/web/saved_network.js';
import {inheritedKeys, strangeCopies} from '../../support/strange.js';

const COPIES = 3000;
const SPECS = [
  {name: 'hidden1/kernel', shape: [1, 2], dtype: 'float32'},
  {name: 'embedding/kernel', shape: [1, 3], dtype: 'float32'},
  {name: 'center_loss/centers', shape: [1, 3], dtype: 'float32'},
];
const FILE = {
  modelTopology: {
    class_name: 'Model',
    config: {
      layers: [
        {class_name: 'Dense', config: {units: 2}},
        {class_name: 'CenterLossLayer', config: {loss_weight: 0.1, alpha: 0.5, reduction: 'mean'}},
      ],
    },
  },
  weightSpecs: SPECS,
  weightData: Float32Array.from({length: 8}, (_, i) => i).buffer as unknown,
  userDefinedMetadata: writeMetadata(7, [
    {name: 'star', mark: 2, pictures: [new Uint8Array(784)]},
    {name: '<b onclick="x">\u202e', mark: 3, pictures: [new Uint8Array(784), new Uint8Array(784)]},
  ]),
};

/** What the page builds upon without looking again. */
function expectSound({network, featureDim, layer, reduction, samplesSeen, signs, weights}: SavedNetwork): void {
  expect(['dense', 'convolutional']).toContain(network);
  expect(featureDim).toBeGreaterThanOrEqual(2);
  expect(['sum', 'mean']).toContain(reduction);
  for (const [value, max] of [
    [layer.lossWeight, 1e6],
    [layer.alpha, 1],
    [samplesSeen, 1e9],
  ] as const) {
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(max);
  }
  for (const {name, mark, pictures} of signs) {
    expect(name).not.toBe('');
    // eslint-disable-next-line no-control-regex -- these are looked for
    expect(name).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
    expect([0, 1, 2, 3, 4, 5]).toContain(mark);
    expect(pictures.every((picture) => picture.length === 784)).toBe(true);
  }
  for (const {shape, values} of weights) {
    expect(values).toHaveLength(shape.reduce((product, size) => product * size, 1));
    expect(values.every(Number.isFinite)).toBe(true);
  }
}

test(`A file that anybody may have written is a sound network or refused with a sentence, for ${COPIES} changed copies`, () => {
  const outcomes = {read: 0, refused: 0};
  for (const copy of strangeCopies(FILE, COPIES)) {
    let network;
    try {
      network = readSavedNetwork(copy);
    } catch (error) {
      // A sentence for the visitor, and not what JavaScript says of a mistake in the program.
      expect((error as Error).constructor).toBe(Error);
      expect((error as Error).message).toMatch(/^[A-Z].*\.$/);
      outcomes.refused++;
    }
    if (network) {
      expectSound(network);
      outcomes.read++;
    }
  }
  expect(inheritedKeys()).toEqual([]);
  expect(outcomes).toEqual({read: 928, refused: 2072});
});
