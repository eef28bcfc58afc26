/** Beside the page. */
export const FOLDER = 'mnist';

export const MNIST_FILES = [
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
] as const;
export type MnistFile = (typeof MNIST_FILES)[number];

/** Training pictures, before the others in the file, that no network is trained on. */
export const HELD_BACK_SAMPLES = 1000;
export const TRAIN_SAMPLES = 20_000;
export const TEST_SAMPLES = 2000;
/** With so many training pictures the networks begin; the others come while they learn. */
export const FIRST_SAMPLES = 4000;
