import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss} from '../../lib/index.js';
import {
  apply,
  BATCH_SIZE,
  CENTER_LOSS,
  centersOf,
  freeVariablesAfterEach,
  functional,
  inputNamesOf,
  sequence,
  train,
  xInput,
} from '../support/classifiers.js';
import {dense, FEATURE_DIM, INPUT_DIM, makeBatch, NUM_CLASSES} from '../support/networks.js';
import {oneHotRows} from '../support/reference.js';

freeVariablesAfterEach();

/** Features at every place of a map. */
function featureMaps(): tf.LayersModel {
  const x = xInput();
  const maps = apply(tf.layers.reshape({targetShape: [2, 1, INPUT_DIM / 2]}), x);
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), maps);
  return tf.model({inputs: x, outputs: apply(tf.layers.flatten(), features)});
}

const ids = Array.from({length: BATCH_SIZE}, (_, i) => (i * 3) % NUM_CLASSES);
const stepIds = ids.flatMap((id) => [id, (id + 1) % NUM_CLASSES]);
const oneHotIds = (all: number[], shape: number[], dtype: tf.NumericDataType | 'bool' = 'float32') =>
  tf.tensor(oneHotRows(all, NUM_CLASSES).flat(), [...shape, NUM_CLASSES], dtype);

interface Form {
  form: string;
  build: () => tf.LayersModel;
  labels: () => tf.Tensor;
  oneHotLabels?: boolean;
}

/** What a model of the same features is fed with instead. */
const FORMS: (Form & {same: Omit<Form, 'form' | 'build'>})[] = [
  ...(['int32', 'float32'] as const).map((dtype) => ({
    form: `class ids [B] of ${dtype}`,
    build: functional,
    labels: () => tf.tensor1d(ids, dtype),
    same: {labels: () => tf.tensor2d(ids, [BATCH_SIZE, 1])},
  })),
  ...(['int32', 'float32', 'bool'] as const).flatMap((dtype) =>
    [true, false].map((oneHotLabels) => ({
      form: `one-hot labels [B, C] of ${dtype}, ${oneHotLabels ? 'announced' : 'unannounced'}`,
      build: functional,
      labels: () => oneHotIds(ids, [BATCH_SIZE], dtype),
      oneHotLabels,
      same: {labels: () => tf.tensor2d(ids, [BATCH_SIZE, 1])},
    })),
  ),
  {
    form: 'class ids [B, T] of a sequence, as well as one-hot labels [B, T, C]',
    build: sequence,
    labels: () => tf.tensor2d(stepIds, [BATCH_SIZE, 2]),
    same: {labels: () => oneHotIds(stepIds, [BATCH_SIZE, 2]), oneHotLabels: true},
  },
  {
    form: 'class ids [B, H, W] of feature maps, as well as one-hot labels [B, H, W, C]',
    build: featureMaps,
    labels: () => tf.tensor3d(stepIds, [BATCH_SIZE, 2, 1]),
    same: {labels: () => oneHotIds(stepIds, [BATCH_SIZE, 2, 1]), oneHotLabels: true},
  },
];

describe('The label input of attachCenterLoss()', () => {
  for (const {form, build, same, ...given} of FORMS) {
    it(`takes ${form}`, async () => {
      const results = [];
      // The same weights for both.
      const weights = build()
        .getWeights()
        .map((weight) => tf.fill(weight.shape, 0.25));
      for (const {labels, oneHotLabels} of [given, same]) {
        const classifier = build();
        classifier.setWeights(weights);
        const attached = attachCenterLoss(classifier, {
          ...CENTER_LOSS,
          ...(oneHotLabels !== undefined && {oneHotLabels}),
        });
        const batch = makeBatch(BATCH_SIZE);
        const label = labels();
        const target = tf.zeros([BATCH_SIZE, ...attached.outputs.flatMap(({shape}) => shape.slice(1) as number[])]);
        attached.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
        const {history} = await attached.fit([batch.x, label], target, {
          batchSize: BATCH_SIZE,
          shuffle: false,
          verbose: 0,
        });
        results.push({loss: history['loss'], centers: await centersOf(attached)});
        tf.dispose([batch.x, batch.labels, batch.oneHot, label, target]);
        attached.dispose();
      }
      tf.dispose(weights);
      expect(results[0]).toEqual(results[1]);
      expect(results[0]?.centers).not.toEqual(new Array(NUM_CLASSES * FEATURE_DIM).fill(0));
    });
  }

  it('refuses labels of another shape than was said, naming the input', () => {
    const attached = attachCenterLoss(sequence(), {...CENTER_LOSS, oneHotLabels: true});
    const x = tf.ones([1, INPUT_DIM]);
    const labels = tf.ones([1, 2, NUM_CLASSES + 1]);
    expect(() => attached.predict([x, labels])).toThrow(/expected label to have shape \[null,2,4\]/);
    tf.dispose([x, labels]);
  });

  it('is called label, or label_1 and so on where the graph has a layer of that name', () => {
    for (const [taken, expected] of [
      [[], 'label'],
      [['label'], 'label_1'],
      [['label', 'label_1', 'label_3'], 'label_2'],
    ] as const) {
      const inputs = ['x', ...taken].map((name) => xInput(name));
      const sum = taken.length > 0 ? apply(tf.layers.add(), inputs) : (inputs[0] as tf.SymbolicTensor);
      const classifier = tf.model({inputs, outputs: apply(dense(FEATURE_DIM, 'embedding', 1), sum)});
      const attached = attachCenterLoss(classifier, CENTER_LOSS);
      expect(inputNamesOf(attached)).toEqual([...inputNamesOf(classifier), expected]);
    }
  });

  it('is called label_1 where a model that begins a sequential one has a layer named label', async () => {
    const base = tf.sequential({
      layers: [tf.layers.dense({units: FEATURE_DIM, inputShape: [INPUT_DIM], name: 'label'})],
    });
    const classifier = tf.sequential({layers: [base, dense(FEATURE_DIM, 'embedding', 1)]});
    const attached = attachCenterLoss(classifier, CENTER_LOSS);
    expect(inputNamesOf(attached).at(-1)).toBe('label_1');
    await expect(train(attached)).resolves.toHaveLength(2);
    attached.dispose();
  });
});
