import '../support/cpu.js';
import {createDataset, shuffledBatches} from '../../demo/mnist/dataset.js';

const AREA = 28 * 28;

/** Picture i has i in its upper left pixel, and label i. */
function numberedPictures(count: number) {
  const pixels = new Uint8Array(count * AREA);
  const labels = Uint8Array.from({length: count}, (_, index) => index);
  labels.forEach((label) => {
    pixels[label * AREA] = label;
  });
  return {images: {count, pixels}, labels};
}

describe('createDataset', () => {
  test('averages 2 x 2 pixels and scales them to 0 .. 1', () => {
    const pixels = new Uint8Array(AREA);
    pixels.set([255, 255, 0, 51], 0);
    pixels.set([255, 255, 0, 0], 28);
    pixels[AREA - 1] = 102;
    const pooled = createDataset({count: 1, pixels}, Uint8Array.of(3)).images.dataSync();
    expect(pooled).toHaveLength(14 * 14);
    expect(pooled[0]).toBe(1);
    // float32
    expect(pooled[1]).toBeCloseTo(0.05, 7);
    expect(pooled[14 * 14 - 1]).toBeCloseTo(0.1, 7);
    expect(pooled.slice(2, -1).every((value) => value === 0)).toBe(true);
  });

  test('takes the first samples', () => {
    const {images, labels} = numberedPictures(7);
    const dataset = createDataset(images, labels, 4);
    expect(dataset.size).toBe(4);
    expect(dataset.images.shape).toEqual([4, 196]);
    expect(dataset.labels.arraySync()).toEqual([0, 1, 2, 3]);
  });

  test('rejects labels that do not belong to the pictures, and impossible sample counts', () => {
    const {images, labels} = numberedPictures(7);
    expect(() => createDataset(images, labels.subarray(1))).toThrow(
      new Error('Expected as many labels as pictures, got 6 labels and 7 pictures.'),
    );
    expect(() => createDataset(images, labels, 8)).toThrow(new Error('Expected 1 to 7 samples, got 8.'));
    expect(() => createDataset(images, labels, 0)).toThrow(new Error('Expected 1 to 7 samples, got 0.'));
  });
});

describe('shuffledBatches', () => {
  const {images, labels} = numberedPictures(50);

  /** The labels of the first two epochs of 50 pictures in batches of 20. */
  function twoEpochs(seed: number): number[][] {
    const batches = shuffledBatches(createDataset(images, labels), 20, seed);
    return Array.from({length: 6}, () => {
      const {value} = batches.next();
      return value.ys.arraySync();
    });
  }

  test('gives every picture once an epoch, in another order each epoch', () => {
    const batches = twoEpochs(1);
    const epochs = [batches.slice(0, 3).flat(), batches.slice(3).flat()];
    expect(batches.map((batch) => batch.length)).toEqual([20, 20, 10, 20, 20, 10]);
    for (const epoch of epochs) {
      expect(epoch).not.toEqual(Array.from(labels));
      expect([...epoch].sort((a, b) => a - b)).toEqual(Array.from(labels));
    }
    expect(epochs[0]).not.toEqual(epochs[1]);
  });

  test('depends on the seed and on nothing else', () => {
    expect(twoEpochs(1)).toEqual(twoEpochs(1));
    expect(twoEpochs(1)).not.toEqual(twoEpochs(2));
  });

  test('keeps pictures and labels together', () => {
    const {value} = shuffledBatches(createDataset(images, labels), 20, 1).next();
    const [pictures, classIds] = value.xs;
    const corners = pictures.arraySync().map(([corner = NaN]) => Math.round(4 * 255 * corner));
    expect(corners).toEqual(classIds.arraySync());
    expect(corners).toEqual(value.ys.arraySync());
  });
});
