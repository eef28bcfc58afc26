import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {quote, ValueError, whatIs} from '../errors.js';
import {centerLossLayersOf} from './center_loss_layer_of.js';
import {checkCenterLoss} from './model_graph.js';
import {toTensor} from '../ops/to_tensor.js';

const CALLER = 'withLabels()';

/** What is used of a `tf.data.Dataset`, which TensorFlow.js has in another package; `Labelled` is a dataset again. */
export interface DatasetLike<Labelled> {
  /** Tells a dataset from images. */
  iterator(): unknown;
  /** The dataset of what `transform` makes of each element. */
  map(transform: (element: tf.TensorContainer) => tf.TensorContainerObject): Labelled;
}

/**
 * The inputs and targets that a model trained with center loss takes in `fit`, `evaluate`, `trainOnBatch` and as
 * `validationData`: the labels go to the label input, which is the model's last one, and one-hot to each output.
 *
 * @param model Of {@link attachCenterLoss}, written by hand or loaded.
 * @param images What the classifier takes: a tensor, of several inputs a list of them, or tensors by the names of the inputs.
 * @param labels Class ids of any dtype, or one-hot; in the shapes that the label input takes. With targets of one's own for some
 *   of the outputs, by names: `{label: labels, age: ages}`, the labels under the name of their input.
 * @returns A list of inputs and one of targets. The targets made of labels are new tensors, float32, the caller's to dispose.
 *   Of two classes an output of one unit gets the labels as a column.
 * @throws ValueError if `model` has no `CenterLossLayer`, for an input or the labels missing, for names of no output, and for an
 *   output that is not named and has fewer units than there are classes.
 * @example
 * ```js
 * const features = tf.layers.dense({inputShape: [64], units: 16, name: 'embedding'});
 * const classifier = tf.sequential({layers: [features, tf.layers.dense({units: 10})]});
 * const model = attachCenterLoss(classifier, {featureLayer: 'embedding', numClasses: 10});
 * model.compile({optimizer: 'adam', loss: softmaxCrossEntropy, metrics: [categoricalAccuracy]});
 * const [inputs, targets] = withLabels(model, tf.zeros([2, 64]), tf.tensor1d([3, 7], 'int32'));
 * await model.fit(inputs, targets);
 * console.log(inputs.length, targets[0].shape); // 2 [2, 10]
 * ```
 */
export function withLabels(
  model: LayersModel,
  images: tf.Tensor | tf.Tensor[] | tf.NamedTensorMap,
  labels: tf.Tensor | tf.TensorLike | Record<string, tf.Tensor | tf.TensorLike>,
): [tf.Tensor[], tf.Tensor[]];
/**
 * The dataset that a model trained with center loss takes in `fitDataset`, `evaluateDataset` and as `validationData`: the
 * labels of each element go to the label input, which is the model's last one, and one-hot to each output.
 *
 * @param model Of {@link attachCenterLoss}, written by hand or loaded.
 * @param dataset A `tf.data.Dataset` of what trains the classifier, `{xs, ys}`: `xs` as `images` above and `ys` as `labels`. In
 *   batches, or of single samples, to be batched after.
 * @returns A dataset of `{xs, ys}`, each by the names of the inputs and outputs.
 * @throws ValueError for what is no dataset; and when it is read, for elements of another form.
 * @example
 * ```js
 * const features = tf.layers.dense({inputShape: [64], units: 16, name: 'embedding'});
 * const classifier = tf.sequential({layers: [features, tf.layers.dense({units: 10})]});
 * const model = attachCenterLoss(classifier, {featureLayer: 'embedding', numClasses: 10});
 * model.compile({optimizer: 'adam', loss: softmaxCrossEntropy, metrics: ['accuracy']});
 * const samples = tf.data.array([3, 7, 1]).map((id) => ({xs: tf.zeros([64]), ys: id}));
 * const {epoch} = await model.fitDataset(withLabels(model, samples).batch(2), {epochs: 1});
 * console.log(epoch.length); // 1
 * ```
 */
export function withLabels<Labelled>(model: LayersModel, dataset: DatasetLike<Labelled>): Labelled;
export function withLabels(model: LayersModel, data: unknown, labels?: unknown): unknown {
  checkCenterLoss(model, CALLER);
  // Once, not for each element of a dataset.
  const numClasses = Math.min(...centerLossLayersOf(model).map((layer) => layer.numClasses));
  if (labels !== undefined) {
    return tf.tidy(() => inputsAndTargets(model, numClasses, data, labels, false) as tf.Tensor[][]);
  }
  if (typeof (Object(data) as Partial<DatasetLike<unknown>>).iterator !== 'function') {
    throw new ValueError(
      `${CALLER}: expected images and labels, or a tf.data.Dataset of {xs, ys}, but got ${whatIs(data)}.`,
    );
  }
  return (data as DatasetLike<unknown>).map((element) => {
    const {xs, ys} = Object(element) as {xs?: unknown; ys?: unknown};
    if (xs === undefined || ys === undefined) {
      const keys = quote(Object.keys(Object(element) as object));
      throw new ValueError(`${CALLER}: expected a dataset of {xs, ys}, but got an element with ${keys}.`);
    }
    const [inputs, targets] = inputsAndTargets(model, numClasses, xs, ys, true);
    // By names, since `batch` takes a list of tensors for one value.
    const named = (names: string[], values: unknown[]) => Object.fromEntries(names.map((name, i) => [name, values[i]]));
    return {xs: named(model.inputNames, inputs), ys: named(model.outputNames, targets)} as tf.TensorContainerObject;
  });
}

/** In the order of the model's inputs and outputs. */
function inputsAndTargets(
  model: LayersModel,
  numClasses: number,
  xs: unknown,
  ys: unknown,
  mayBeOne: boolean,
): [unknown[], unknown[]] {
  const names = [...model.inputNames];
  const labelName = String(names.pop());
  const inputs = listOf(xs, names);
  const given = isNamed(ys) ? ys : {[labelName]: ys};
  if (Object.keys(given).some((name) => name !== labelName && !model.outputNames.includes(name))) {
    throw new ValueError(
      `${CALLER}: expected the labels ${quote(labelName)} and outputs ${quote(model.outputNames)}, ` +
        `but got ${quote(Object.keys(given))}.`,
    );
  }
  const labels = toTensor(given[labelName] as tf.Tensor, `labels ${quote(labelName)}`, CALLER);
  const isOne = mayBeOne && rankOf(inputs[0]) < rankOf(model.inputs[0]);
  const targets = model.outputs.map(({shape}, i) => {
    const name = String(model.outputNames[i]);
    if (given[name] !== undefined) {
      return given[name];
    }
    checkUnits(Number(shape.at(-1)), numClasses, name, labelName);
    return targetsOf(labels, isOne ? shape.slice(1) : shape);
  });
  return [[...inputs, labels], targets];
}

/** Labels beyond the units would make targets of zeros. One unit tells two classes apart. */
function checkUnits(units: number, numClasses: number, name: string, labelName: string): void {
  if (units < (numClasses === 2 ? 1 : numClasses)) {
    throw new ValueError(
      `${CALLER}: expected targets of its own for the output ${quote(name)}: it has ${units} ${units === 1 ? 'unit' : 'units'}, ` +
        `and there are ${numClasses} classes. Give them by names: {${quote(labelName)}: labels, ${quote(name)}: targets}.`,
    );
  }
}

/** @param shape Of the output. Class ids have no last axis, or one of 1. */
function targetsOf(labels: tf.Tensor, shape: readonly (number | null)[]): tf.Tensor {
  const units = Number(shape.at(-1));
  const hasLastAxis = labels.rank === shape.length;
  if (hasLastAxis && labels.shape.at(-1) === units) {
    return tf.cast(labels, 'float32');
  }
  const ids = hasLastAxis ? tf.squeeze(labels, [-1]) : labels;
  return tf.cast(units === 1 ? tf.expandDims(ids, -1) : tf.oneHot(tf.cast(ids, 'int32'), units), 'float32');
}

/** @throws ValueError unless there is one for each name. */
function listOf(values: unknown, names: string[]): unknown[] {
  const isList = Array.isArray(values) && (names.length > 1 || values[0] instanceof tf.Tensor);
  const list: unknown[] = isNamed(values) ? names.map((name) => values[name]) : isList ? values : [values];
  if (list.length !== names.length || list.includes(undefined)) {
    const came = quote(isNamed(values) ? Object.keys(values) : list.length);
    throw new ValueError(`${CALLER}: expected the inputs ${quote(names)}, but got ${came}.`);
  }
  return list;
}

function isNamed(values: unknown): values is Record<string, unknown> {
  return Object.prototype.toString.call(values) === '[object Object]' && !(values instanceof tf.Tensor);
}

/** Of a tensor, symbolic or not, or of an array of arrays. */
function rankOf(value: unknown): number {
  const {shape, length} = Object(value) as {shape?: number[]; length?: number};
  return shape?.length ?? (length === undefined ? 0 : 1 + rankOf((value as unknown[])[0]));
}
