import path from 'node:path';

import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss, CenterLossLayer} from 'tfjs-center-loss';

import {folder as inFolder} from 'tfjs-center-loss/node';

import {mulberry32} from '../../../spec/support/random.js';

const CLASSES = 3;

type Layer = tf.layers.Layer;
type Output = tf.SymbolicTensor;

function chain(shape: number[], ...stack: Layer[]): tf.LayersModel {
  const input = tf.input({shape, name: 'x'});
  return tf.model({inputs: input, outputs: stack.reduce((tensor, layer) => layer.apply(tensor) as Output, input)});
}

const dense = (units: number, activation: 'linear' | 'relu' | 'tanh' = 'linear', name?: string) =>
  tf.layers.dense({units, activation, ...(name !== undefined && {name})});

const head = () => [tf.layers.flatten(), dense(CLASSES)];

/** Models of TensorFlow.js, small ones, with what it saves otherwise than Keras does. */
const MODELS: Record<string, () => tf.LayersModel> = {
  attached: () =>
    attachCenterLoss(chain([4], dense(5, 'relu'), dense(2, 'linear', 'features'), dense(CLASSES)), {
      featureLayer: 'features',
      numClasses: CLASSES,
      lossWeight: 0.1,
    }),

  'one-hot labels, mean': () => {
    const x = tf.input({shape: [4], name: 'x'});
    const labels = tf.input({shape: [CLASSES], name: 'one_hot'});
    const layer = new CenterLossLayer({numClasses: CLASSES, reduction: 'mean', lossWeight: 0.3, ignoreClass: 2});
    const centered = layer.apply([dense(2).apply(x) as Output, labels]) as Output;
    return tf.model({inputs: [x, labels], outputs: dense(CLASSES).apply(centered) as Output});
  },

  'masked sequences': () => {
    const ids = tf.input({shape: [5], name: 'ids'});
    const labels = tf.input({shape: [5], dtype: 'int32', name: 'ids_of_classes'});
    const x = tf.layers.embedding({inputDim: 4, outputDim: 3, maskZero: true}).apply(ids) as Output;
    const layer = new CenterLossLayer({numClasses: CLASSES, lossWeight: 0.1});
    const centered = layer.apply([x, labels]) as Output;
    return tf.model({
      inputs: [ids, labels],
      outputs: dense(CLASSES).apply(tf.layers.lstm({units: 2}).apply(centered)) as Output,
    });
  },

  'center loss in a nested model': () => {
    const x = tf.input({shape: [4], name: 'x'});
    const labels = tf.input({shape: [1], name: 'ids'});
    const inner = attachCenterLoss(chain([4], dense(2, 'tanh', 'features')), {
      featureLayer: 'features',
      numClasses: CLASSES,
    });
    return tf.model({inputs: [x, labels], outputs: dense(CLASSES).apply(inner.apply([x, labels])) as Output});
  },

  'convolutions and batch normalization': () =>
    chain(
      [8, 8, 2],
      tf.layers.conv2d({filters: 3, kernelSize: 3, padding: 'same', activation: 'relu'}),
      tf.layers.batchNormalization({momentum: 0.9, epsilon: 0.1}),
      tf.layers.maxPooling2d({poolSize: 2}),
      tf.layers.separableConv2d({filters: 2, kernelSize: 2}),
      tf.layers.depthwiseConv2d({kernelSize: 2, depthMultiplier: 2}),
      // With the default epsilon, differences in rounding grow by each step.
      tf.layers.layerNormalization({axis: -1, epsilon: 0.1}),
      ...head(),
    ),

  'recurrent layers with their defaults': () =>
    chain(
      [4, 3],
      tf.layers.bidirectional({
        layer: tf.layers.lstm({units: 2, returnSequences: true}),
        mergeMode: 'concat',
      }),
      tf.layers.gru({units: 3, returnSequences: true}),
      tf.layers.simpleRNN({units: 2, returnSequences: true}),
      tf.layers.rnn({
        cell: [tf.layers.lstmCell({units: 2, unitForgetBias: true}), tf.layers.simpleRNNCell({units: 2})],
      }),
      dense(CLASSES),
    ),

  'initial states': () => {
    const x = tf.input({shape: [4, 3], name: 'x'});
    const states = tf.layers.lstm({units: 2, returnState: true}).apply(x) as Output[];
    const decoder = tf.layers.lstm({units: 2});
    const decoded = decoder.apply(x, {initialState: states.slice(1)}) as Output;
    return tf.model({inputs: x, outputs: dense(CLASSES).apply(decoded) as Output});
  },

  'time distributed': () =>
    chain(
      [3, 4],
      tf.layers.timeDistributed({layer: dense(3)}),
      tf.layers.timeDistributed({
        layer: tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3]}), dense(2, 'tanh')]}),
      }),
      ...head(),
    ),

  sequential: () =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({filters: 2, kernelSize: 3, inputShape: [6, 6, 1]}),
        tf.layers.leakyReLU({alpha: 0.1}),
        tf.layers.globalAveragePooling2d({}),
        dense(CLASSES),
      ],
    }),

  'embedding in a sequential model': () =>
    tf.sequential({
      name: 'embedding_model',
      layers: [tf.layers.embedding({inputDim: 4, outputDim: 3, inputLength: 5, name: 'ids'}), ...head()],
    }),

  'shared layers and nested models': () => {
    const x = tf.input({shape: [4], name: 'x'});
    const y = tf.input({shape: [4], name: 'y'});
    const inner = chain([4], dense(3, 'relu'), dense(3));
    const shared = dense(3, 'tanh');
    const sides = [x, y].map((side) => shared.apply(inner.apply(side)) as Output);
    const outer = tf.layers.add().apply(sides) as Output;
    return tf.model({inputs: [x, y], outputs: [dense(CLASSES).apply(outer) as Output, sides[0] as Output]});
  },

  'regularizers and frozen layers': () =>
    chain(
      [4],
      tf.layers.dense({
        units: 5,
        kernelRegularizer: tf.regularizers.l1l2({l1: 0.01, l2: 0.02}),
        biasRegularizer: tf.regularizers.l2({l2: 0.02}),
        activation: 'selu',
      }),
      tf.layers.dense({units: 4, trainable: false, kernelInitializer: 'leCunNormal'}),
      tf.layers.prelu({alphaInitializer: 'ones'}),
      tf.layers.dense({units: CLASSES}),
    ),
};

tf.enableProdMode();
await tf.setBackend('cpu');
const [folder = ''] = process.argv.slice(2);
for (const [name, make] of Object.entries(MODELS)) {
  // TensorFlow.js draws weights and their seeds from here. With weights of chance, rounding grows in some runs and not in others.
  Math.random = mulberry32(0);
  await make().save(inFolder(path.join(folder, name)));
}
