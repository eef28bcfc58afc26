import * as tf from '@tensorflow/tfjs';
import {
  attachCenterLoss,
  categoricalAccuracy,
  centerLoss,
  CenterLossLayer,
  detachCenterLoss,
  softmaxCrossEntropy,
  updateCenters,
} from 'tfjs-center-loss';
import type {CenterLossArgs, CenterLossLayerArgs} from 'tfjs-center-loss';
import * as functions from 'tfjs-center-loss/ops';
import type {UpdateCentersArgs} from 'tfjs-center-loss/ops';

async function main(): Promise<void> {
  const layerArgs: CenterLossLayerArgs = {numClasses: 3, reduction: 'mean', lossWeight: 0.1};
  const centerLossLayer = new CenterLossLayer({...layerArgs, name: 'center_loss'});
  const image = tf.input({shape: [4]});
  const label = tf.input({shape: [1], dtype: 'int32'});
  const features = tf.layers.dense({units: 2, name: 'features'}).apply(image) as tf.SymbolicTensor;
  const centered = centerLossLayer.apply([features, label]) as tf.SymbolicTensor;
  const logits = tf.layers.dense({units: 3}).apply(centered) as tf.SymbolicTensor;
  const model: tf.LayersModel = tf.model({inputs: [image, label], outputs: logits});
  model.compile({
    optimizer: 'sgd',
    loss: softmaxCrossEntropy,
    metrics: [categoricalAccuracy, centerLossLayer.metric()],
  });

  const images = tf.ones([4, 4]);
  const labels = tf.tensor1d([0, 1, 2, 0], 'int32');
  const trained = await model.trainOnBatch([images, labels], tf.oneHot(labels, 3));
  centerLossLayer.alpha = 0.5;
  const centers: tf.Tensor2D = centerLossLayer.centers;

  const options: CenterLossArgs = {reduction: 'mean', ignoreClass: 2};
  const loss: tf.Scalar = centerLoss(tf.ones([4, 2]), labels, centers, options);
  const updateOptions: UpdateCentersArgs = {alpha: 1};
  const moved: tf.Tensor2D = updateCenters(centers, tf.ones([4, 2]), labels, updateOptions);
  const classifier: tf.LayersModel = detachCenterLoss(model);
  const attached: tf.LayersModel = attachCenterLoss(classifier, {
    ...layerArgs,
    featureLayer: 'features',
  });

  console.log(
    JSON.stringify({
      functions: Object.keys(functions)
        .filter((name) => name !== 'default' && name !== 'module.exports')
        .sort(),
      trained,
      centers: centers.arraySync(),
      loss: loss.arraySync(),
      moved: moved.shape,
      inputs: [classifier.inputs.length, attached.inputs.length],
    }),
  );
}

void main();
