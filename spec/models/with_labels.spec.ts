import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, categoricalAccuracy, softmaxCrossEntropy, withLabels} from '../../lib/index.js';
import {apply, CENTER_LOSS, functional, manyToMany, xInput} from '../support/classifiers.js';
import {dense, FEATURE_DIM, INPUT_DIM, NUM_CLASSES} from '../support/networks.js';
import {disposeAfterEach, expectError} from '../support/tensors.js';

afterEach(() => {
  tf.disposeVariables();
});
disposeAfterEach();

const IDS = [2, 0, 1, 2, 1, 0];
const SIZE = IDS.length;
const images = () => tf.randomNormal([SIZE, INPUT_DIM], 0, 1, 'float32', 1);

/** The targets of the ids. */
const ONE_HOT = IDS.map((id) => Array.from({length: NUM_CLASSES}, (_, i) => Number(i === id)));

function compiled(metrics: tf.LayersModel['metrics'] = [categoricalAccuracy]): tf.LayersModel {
  const model = attachCenterLoss(functional(), CENTER_LOSS);
  model.compile({optimizer: 'adam', loss: softmaxCrossEntropy, metrics});
  return model;
}

/** Who somebody is, and how old; two outputs. */
function whoAndAge(): tf.LayersModel {
  const x = xInput();
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), x);
  const outputs = [apply(dense(NUM_CLASSES, 'identity', 2), features), apply(dense(1, 'age', 3), features)];
  const model = attachCenterLoss(tf.model({inputs: x, outputs}), {...CENTER_LOSS, labelName: 'who'});
  model.compile({optimizer: 'adam', loss: {identity: softmaxCrossEntropy, age: tf.metrics.meanSquaredError}});
  return model;
}

/** Each sample by itself, from its number. */
const samplesOf = <Sample extends tf.TensorContainer>(sample: (i: number) => Sample) =>
  tf.data.array(IDS.map((_, i) => i)).map(sample);

describe('withLabels() of tensors', () => {
  it.each([
    ['int32', () => tf.tensor1d(IDS, 'int32')],
    ['float32', () => tf.tensor1d(IDS)],
    ['a column', () => tf.tensor2d(IDS, [SIZE, 1], 'int32')],
    ['one-hot', () => tf.tensor2d(ONE_HOT, undefined, 'int32')],
    ['an array', () => IDS],
  ])('gives the labels as an input, and as float32 one-hot targets: %s', async (_, makeLabels) => {
    const labels: tf.Tensor | number[] = makeLabels();
    const [inputs, targets] = withLabels(compiled(), images(), labels);
    expect(inputs).toHaveLength(2);
    expect(await inputs[1]?.array()).toEqual(labels instanceof tf.Tensor ? await labels.array() : labels);
    expect(targets.map(({dtype}) => dtype)).toEqual(['float32']);
    expect(await targets[0]?.array()).toEqual(ONE_HOT);
  });

  it('is what fit, validationData, evaluate and trainOnBatch take', async () => {
    const model = compiled();
    const [inputs, targets] = withLabels(model, images(), tf.tensor1d(IDS, 'int32'));
    const {history} = await model.fit(inputs, targets, {validationData: withLabels(model, images(), tf.tensor1d(IDS))});
    expect(Object.keys(history)).toContain('val_categoricalAccuracy');
    expect(history['val_loss']).toEqual([expect.any(Number)]);
    const evaluated = model.evaluate(...withLabels(model, images(), IDS)) as tf.Scalar[];
    expect(evaluated).toHaveLength(2);
    await expect(model.trainOnBatch(inputs, targets)).resolves.toEqual([expect.any(Number), expect.any(Number)]);
  });

  it('makes no tensors but those that it gives, and leaves the labels to the caller', () => {
    const model = compiled();
    const [data, labels] = [images(), tf.tensor2d(ONE_HOT)];
    const before = tf.memory().numTensors;
    const [, targets] = withLabels(model, data, labels);
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose(targets);
    expect(tf.memory().numTensors).toBe(before);
    expect(labels.isDisposed).toBe(false);
  });

  it('takes several inputs in a list or by name', () => {
    const model = attachCenterLoss(manyToMany(), CENTER_LOSS);
    const [x, other] = [images(), tf.zeros([SIZE, INPUT_DIM])];
    for (const both of [[x, other], {other, x}]) {
      const [inputs] = withLabels(model, both, {
        label: IDS,
        embedding: tf.zeros([SIZE, FEATURE_DIM]),
        aside: tf.zeros([SIZE, 2]),
      });
      expect(inputs.map(({id}) => id).slice(0, 2)).toEqual([x.id, other.id]);
    }
  });

  it('gives outputs that are named their own targets, and the others those of the labels', async () => {
    const model = whoAndAge();
    const age = tf.randomUniform([SIZE, 1]);
    const [inputs, targets] = withLabels(model, images(), {age, who: tf.tensor1d(IDS, 'int32')});
    expect(await targets[0]?.array()).toEqual(ONE_HOT);
    expect(targets[1]).toBe(age);
    await expect(model.fit(inputs, targets)).resolves.toMatchObject({history: {identity_loss: [expect.any(Number)]}});
  });

  it('gives sequences a target for each step', async () => {
    const x = tf.input({shape: [3, INPUT_DIM]});
    const logits = apply(dense(NUM_CLASSES, 'logits', 2), apply(dense(FEATURE_DIM, 'embedding', 1), x));
    const model = attachCenterLoss(tf.model({inputs: x, outputs: logits}), {...CENTER_LOSS, numClasses: 4});
    const labels = tf.tensor2d(IDS, [2, 3], 'int32');
    const [, targets] = withLabels(model, tf.zeros([2, 3, INPUT_DIM]), labels);
    expect(await targets[0]?.array()).toEqual([ONE_HOT.slice(0, 3), ONE_HOT.slice(3)]);
  });

  it('gives an output of one unit the labels of two classes as a column', async () => {
    const x = xInput();
    const output = apply(dense(1, 'logit', 2), apply(dense(FEATURE_DIM, 'embedding', 1), x));
    const model = attachCenterLoss(tf.model({inputs: x, outputs: output}), {...CENTER_LOSS, numClasses: 2});
    const [, targets] = withLabels(model, tf.zeros([2, INPUT_DIM]), [1, 0]);
    expect(await targets[0]?.array()).toEqual([[1], [0]]);
  });
});

describe('withLabels() of a dataset', () => {
  const row = (i: number) => tf.fill([INPUT_DIM], i);
  const oneHot = (i: number) => ONE_HOT[i] ?? [];
  const trained = {loss: [expect.any(Number)]};

  it.each([
    ['numbers', () => samplesOf((i) => ({xs: row(i), ys: IDS[i] ?? 0}))],
    ['scalars', () => samplesOf((i) => ({xs: row(i), ys: tf.scalar(IDS[i] ?? 0, 'int32')}))],
    ['one-hot', () => samplesOf((i) => ({xs: row(i), ys: tf.tensor1d(oneHot(i))}))],
    ['one-hot arrays', () => samplesOf((i) => ({xs: Array.from({length: INPUT_DIM}, () => i), ys: oneHot(i)}))],
    ['names', () => samplesOf((i) => ({xs: {x: row(i)}, ys: {label: IDS[i] ?? 0}}))],
  ] as [string, () => tf.data.Dataset<tf.TensorContainer>][])(
    'is what fitDataset takes, batched before or after: %s',
    async (_, makeDataset) => {
      const model = compiled();
      const dataset = makeDataset();
      for (const batches of [
        withLabels(model, dataset).batch(NUM_CLASSES),
        withLabels(model, dataset.batch(NUM_CLASSES)),
      ]) {
        const [first] = (await batches.take(1).toArray()) as {xs: tf.NamedTensorMap; ys: tf.NamedTensorMap}[];
        expect(await first?.ys['logits']?.array()).toEqual(ONE_HOT.slice(0, NUM_CLASSES));
        tf.dispose(first);
        const {history} = await model.fitDataset(batches, {epochs: 1, verbose: 0, validationData: batches});
        expect(history).toMatchObject({...trained, val_loss: [expect.any(Number)]});
        expect(await model.evaluateDataset(batches as tf.data.Dataset<tf.TensorContainerObject>, {})).toHaveLength(2);
      }
    },
  );

  it('has targets of which "accuracy" is the accuracy', async () => {
    const model = compiled(['accuracy']);
    const dataset = tf.data.array([0]).map(() => ({xs: tf.zeros([SIZE, INPUT_DIM]), ys: tf.tensor1d(IDS)}));
    model.getLayer('logits').setWeights([tf.zeros([FEATURE_DIM, NUM_CLASSES]), tf.tensor1d([0, 0, 1, 0])]);
    const [, accuracy] = (await model.evaluateDataset(
      withLabels(model, dataset) as tf.data.Dataset<tf.TensorContainerObject>,
      {},
    )) as tf.Scalar[];
    expect(await accuracy?.array()).toBeCloseTo(IDS.filter((id) => id === 2).length / SIZE);
  });

  it('tells batches in nested arrays from single samples in arrays', async () => {
    const dataset = tf.data.array([0]).map(() => ({xs: IDS.map(() => Array<number>(INPUT_DIM).fill(0)), ys: IDS}));
    const batches = await withLabels(compiled(), dataset as unknown as tf.data.Dataset<tf.TensorContainer>).iterator();
    const {ys} = (await batches.next()).value as unknown as {ys: {logits: tf.Tensor}};
    expect(await ys.logits.array()).toEqual(ONE_HOT);
  });

  it('keeps the targets of further outputs', async () => {
    const model = whoAndAge();
    const dataset = samplesOf((i) => ({xs: row(i), ys: {who: IDS[i] ?? 0, age: [i]}}));
    const {history} = await model.fitDataset(withLabels(model, dataset).batch(2), {epochs: 1, verbose: 0});
    expect(history).toMatchObject({identity_loss: [expect.any(Number)], age_loss: [expect.any(Number)]});
  });
});

describe('withLabels() refuses', () => {
  const refuse = (model: tf.LayersModel, xs: unknown, ys: unknown, message: string) => {
    expectError(() => withLabels(model, xs as tf.Tensor, ys as tf.Tensor), 'ValueError', `withLabels(): ${message}`);
  };

  it('a classifier', () => {
    const layers = '["x","embedding","logits"]';
    refuse(functional(), images(), IDS, `expected a model with a CenterLossLayer, but got the layers ${layers}.`);
  });

  it.each([
    [{x: 0, y: 0}, '["x","y"]'],
    [{xs: [0]}, '["xs"]'],
    [{ys: 0}, '["ys"]'],
  ])('elements of a dataset that are not {xs, ys}: %#', async (element, keys) => {
    const dataset = tf.data.array([0]).map(() => element);
    const elements = await withLabels(compiled(), dataset as unknown as tf.data.Dataset<tf.TensorContainer>).iterator();
    await expect(elements.next()).rejects.toThrow(
      `withLabels(): expected a dataset of {xs, ys}, but got an element with ${keys}.`,
    );
  });

  it('images alone', () => {
    refuse(compiled(), [1], undefined, 'expected images and labels, or a tf.data.Dataset of {xs, ys}, but got [1].');
  });

  it.each([
    ['inputs that are missing', {y: 1}, IDS, 'expected the inputs ["x"], but got ["y"].'],
    [
      'a name of no output',
      [1],
      {label: IDS, agee: IDS},
      'expected the labels "label" and outputs ["logits"], but got ["label","agee"].',
    ],
    [
      'labels that are missing',
      [1],
      {logits: IDS},
      'expected labels "label" to be a tensor or an array, but got undefined.',
    ],
  ])('%s', (_, xs, ys, message) => {
    refuse(compiled(), xs, ys, message);
  });

  it('to make targets for an output that has fewer units than there are classes', () => {
    refuse(
      whoAndAge(),
      images(),
      IDS,
      `expected targets of its own for the output "age": it has 1 unit, and there are ${NUM_CLASSES} classes. ` +
        'Give them by names: {"who": labels, "age": targets}.',
    );
    const model = attachCenterLoss(functional(), {...CENTER_LOSS, numClasses: NUM_CLASSES + 1});
    refuse(
      model,
      images(),
      IDS,
      `expected targets of its own for the output "logits": it has ${NUM_CLASSES} units, and there are ${NUM_CLASSES + 1} classes. ` +
        'Give them by names: {"label": labels, "logits": targets}.',
    );
  });

  it('too many inputs', () => {
    refuse(compiled(), [images(), images()], IDS, 'expected the inputs ["x"], but got 2.');
  });
});
