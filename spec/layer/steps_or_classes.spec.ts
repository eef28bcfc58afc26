import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, centerLossLayerOf, CenterLossLayer, softmaxCrossEntropy} from '../../lib/index.js';
import {errorOf} from '../support/tensors.js';

const CLASSES = 3;

const MESSAGE =
  "CenterLossLayer 'center_loss': expected labels to be class ids of shape [2,3,1], or one-hot of shape [2,3,3], but got " +
  'labels of shape [2,3]. Of 3 classes these could be class ids as well as a one-hot label for each 3 samples.';

/** Features of two sequences of so many steps. */
const sequences = (steps: number) => tf.ones([2, steps, 4]);

/** One label a sequence. */
const oneHot = () => tf.oneHot(tf.tensor1d([2, 2], 'int32'), CLASSES);

/** A model of one layer, that passes its features on. */
function modelOf(steps: number | null, labelShape: (number | null)[]) {
  const layer = new CenterLossLayer({numClasses: CLASSES, alpha: 1, name: 'center_loss'});
  const inputs = [tf.input({shape: [steps, 4]}), tf.input({shape: labelShape})];
  const model = tf.model({inputs, outputs: layer.apply(inputs) as tf.SymbolicTensor});
  const train = (steps: number, labels: tf.Tensor) => {
    tf.dispose(model.apply([sequences(steps), labels], {training: true}) as tf.Tensor);
  };
  return {model, layer, train};
}

const movedClasses = async (layer: CenterLossLayer) =>
  (await layer.centers.array()).map((center) => center.some((value) => value !== 0));

describe('Class ids of as many steps as there are classes', () => {
  it('are refused in training, since one one-hot label a sequence looks alike, and nothing changes', async () => {
    const {layer, train} = modelOf(CLASSES, [CLASSES]);
    for (const labels of [oneHot(), tf.tensor2d([[0, 1, 2], [2, 1, 0]])]) {
      expect(errorOf(() => { train(CLASSES, labels); })?.message).toBe(MESSAGE);
    } // prettier-ignore
    expect(await movedClasses(layer)).toEqual([false, false, false]);
  });

  it('are refused without a model, too', () => {
    const layer = new CenterLossLayer({numClasses: CLASSES, name: 'center_loss'});
    expect(errorOf(() => layer.apply([sequences(CLASSES), oneHot()], {training: true}))?.message).toBe(MESSAGE);
  });

  it('are taken with a last axis of 1', async () => {
    const {layer, train} = modelOf(CLASSES, [CLASSES, 1]);
    train(CLASSES, tf.tensor3d([0, 0, 0, 2, 2, 0], [2, 3, 1]));
    expect(await movedClasses(layer)).toEqual([true, false, true]);
  });

  it('are taken where the number of steps varies: for one-hot labels the next batch would be an error', async () => {
    const {layer, train} = modelOf(null, [null]);
    train(CLASSES, tf.tensor2d([[0, 0, 0], [2, 2, 0]])); // prettier-ignore
    expect(await movedClasses(layer)).toEqual([true, false, true]);
    expect(errorOf(() => { train(4, oneHot()); })?.message).toContain('but got labels of shape [2,3].'); // prettier-ignore
  });

  it('do not stop a model in inference, with the metric or without', () => {
    const {model, layer} = modelOf(CLASSES, [CLASSES]);
    for (const prepare of [() => undefined, () => layer.metric()]) {
      prepare();
      expect((model.predict([sequences(CLASSES), oneHot()]) as tf.Tensor).shape).toEqual([2, 3, 4]);
    }
  });

  it('have their last axis in the label input of an attached model, whose users are told so', async () => {
    const classifierOf = (steps: number) =>
      tf.sequential({
        layers: [
          tf.layers.dense({units: 2, inputShape: [steps, 4], name: 'embedding'}),
          tf.layers.flatten(),
          tf.layers.dense({units: CLASSES}),
        ],
      });
    const labelShapeOf = (steps: number) =>
      attachCenterLoss(classifierOf(steps), {featureLayer: 'embedding', numClasses: CLASSES}).inputs[1]?.shape;
    expect(labelShapeOf(4)).toEqual([null, 4]);
    expect(labelShapeOf(3)).toEqual([null, 3, 1]);

    const model = attachCenterLoss(classifierOf(3), {featureLayer: 'embedding', numClasses: CLASSES});
    model.compile({optimizer: 'sgd', loss: softmaxCrossEntropy});
    const before = await centerLossLayerOf(model).centers.array();
    await expect(model.trainOnBatch([sequences(CLASSES), oneHot()], oneHot())).rejects.toThrow(
      'expected label to have 3 dimension(s). but got array with shape 2,3',
    );
    expect(await centerLossLayerOf(model).centers.array()).toEqual(before);
    await model.trainOnBatch([sequences(CLASSES), tf.tensor3d([0, 0, 0, 2, 2, 0], [2, 3, 1])], oneHot());
    expect(await movedClasses(centerLossLayerOf(model))).toEqual([true, false, true]);
  });
});
