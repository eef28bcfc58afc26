/**
 * The models of github.com/tensorflow/tfjs-examples that train in Node.js, at small size: as nested and with as many
 * inputs, outputs, masks and states as there.
 */
import * as tf from '@tensorflow/tfjs';

export interface RealModel {
  example: string;
  build(): tf.LayersModel;
  /** What is given for the features: the name of a layer, or one of the tensors of the model. */
  featureLayer: string | ((model: tf.LayersModel) => tf.SymbolicTensor);
  /** The shape of the class ids without the batch: that of the features without their last axis. */
  labelShape: number[];
  loss: string | string[];
  /** The inputs hold integers below this, rather than any numbers. */
  vocabulary?: number;
  /** The kernels that its gradients need, which not every backend has. */
  kernels?: string[];
}

const apply = (layer: tf.layers.Layer, inputs: tf.SymbolicTensor | tf.SymbolicTensor[], args?: object) =>
  layer.apply(inputs, {...args}) as tf.SymbolicTensor;

const dense = (units: number, args: object = {}) => tf.layers.dense({units, ...args});

function iris(): tf.LayersModel {
  const model = tf.sequential();
  model.add(dense(10, {activation: 'sigmoid', inputShape: [4], name: 'features'}));
  model.add(dense(3, {activation: 'softmax'}));
  return model;
}

function sentimentCnn(): tf.LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.embedding({inputDim: 20, outputDim: 4, inputLength: 8}));
  model.add(tf.layers.dropout({rate: 0.5}));
  model.add(
    tf.layers.conv1d({filters: 6, kernelSize: 5, strides: 1, padding: 'valid', activation: 'relu', name: 'conv'}),
  );
  model.add(tf.layers.globalMaxPool1d({}));
  model.add(dense(6, {activation: 'tanh', name: 'features'}));
  model.add(dense(1, {activation: 'sigmoid'}));
  return model;
}

function sentimentLstm(): tf.LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.embedding({inputDim: 20, outputDim: 4, inputLength: 6}));
  model.add(
    tf.layers.bidirectional({
      layer: tf.layers.lstm({units: 3}),
      mergeMode: 'concat',
      name: 'features',
    }),
  );
  model.add(dense(1, {activation: 'sigmoid'}));
  return model;
}

function jenaWeather(): tf.LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.gru({units: 4, inputShape: [5, 3], dropout: 0, recurrentDropout: 0, name: 'features'}));
  model.add(dense(1));
  return model;
}

function jenaWeatherMlp(): tf.LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.flatten({inputShape: [5, 3]}));
  model.add(
    dense(4, {kernelRegularizer: tf.regularizers.l2(), activation: 'relu', name: 'features', biasInitializer: 'ones'}),
  );
  model.add(tf.layers.dropout({rate: 0.25}));
  model.add(dense(1));
  return model;
}

/** A class for each digit of the sum. */
function additionRnn(): tf.LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.lstm({units: 4, recurrentInitializer: 'glorotNormal', inputShape: [5, 6]}));
  model.add(tf.layers.repeatVector({n: 3}));
  model.add(tf.layers.lstm({units: 4, recurrentInitializer: 'glorotNormal', returnSequences: true, name: 'features'}));
  model.add(tf.layers.timeDistributed({layer: dense(6)}));
  model.add(tf.layers.activation({activation: 'softmax'}));
  return model;
}

/** The last step of a sequence. */
class GetLastTimestepLayer extends tf.layers.Layer {
  static readonly className = 'GetLastTimestepLayer';

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return [...inputShape.slice(0, -2), ...inputShape.slice(-1)];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const steps = [inputs].flat()[0] as tf.Tensor;
    return tf.tidy(() => tf.squeeze(tf.gather(steps, [(steps.shape[1] as number) - 1], 1), [1]));
  }
}
tf.serialization.registerClass(GetLastTimestepLayer);

/** Attention over an encoder, and a decoder that starts from the encoder's last step; padding is masked. */
function dateConversionAttention(): tf.LayersModel {
  const [encoderInput, decoderInput] = [tf.input({shape: [5]}), tf.input({shape: [4]})];
  const embedding = (inputLength: number) =>
    tf.layers.embedding({inputDim: 8, outputDim: 4, inputLength, maskZero: true});
  const encoder = apply(tf.layers.lstm({units: 4, returnSequences: true}), apply(embedding(5), encoderInput));
  const encoderLast = apply(new GetLastTimestepLayer({name: 'encoderLast'}), encoder);
  const decoder = apply(tf.layers.lstm({units: 4, returnSequences: true}), apply(embedding(4), decoderInput), {
    initialState: [encoderLast, encoderLast],
  });
  const scores = apply(tf.layers.dot({axes: [2, 2]}), [decoder, encoder]);
  const attention = apply(tf.layers.activation({activation: 'softmax', name: 'attention'}), scores);
  const context = apply(tf.layers.dot({axes: [2, 1], name: 'context'}), [attention, encoder]);
  const combined = apply(tf.layers.concatenate(), [context, decoder]);
  const hidden = apply(tf.layers.timeDistributed({layer: dense(4, {activation: 'tanh'}), name: 'features'}), combined);
  const outputs = apply(tf.layers.timeDistributed({layer: dense(8, {activation: 'softmax'})}), hidden);
  return tf.model({inputs: [encoderInput, decoderInput], outputs});
}

/** The decoder starts from the two states of the encoder, whose output is not used; any number of steps. */
function translation(): tf.LayersModel {
  const [encoderInput, decoderInput] = [tf.input({shape: [null, 5]}), tf.input({shape: [null, 6]})];
  const encoder = tf.layers.lstm({units: 4, returnState: true, name: 'encoder'});
  const [, ...states] = encoder.apply(encoderInput) as tf.SymbolicTensor[];
  const decoder = tf.layers.lstm({units: 4, returnSequences: true, returnState: true, name: 'decoder'});
  const [decoded] = decoder.apply(decoderInput, {initialState: states}) as tf.SymbolicTensor[];
  const outputs = apply(dense(6, {activation: 'softmax'}), decoded as tf.SymbolicTensor);
  return tf.model({inputs: [encoderInput, decoderInput], outputs});
}

/** Draws from the distribution that its two inputs describe: always the same, so that predictions can be compared. */
class ZLayer extends tf.layers.Layer {
  static readonly className = 'ZLayer';

  override computeOutputShape(inputShape: tf.Shape[]): tf.Shape {
    return inputShape[0] as tf.Shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [mean, logVariance] = inputs as [tf.Tensor, tf.Tensor];
    return tf.tidy(() => {
      const epsilon = tf.randomNormal(mean.shape, 0, 1, 'float32', 3);
      return tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), epsilon));
    });
  }
}
tf.serialization.registerClass(ZLayer);

/** An encoder of three outputs and a decoder, nested; the outer model has the inputs of the encoder for its own. */
function variationalAutoencoder(): tf.LayersModel {
  const encoderInput = tf.input({shape: [6], name: 'encoder_input'});
  const hidden = apply(dense(5, {activation: 'relu', name: 'encoder_hidden'}), encoderInput);
  const mean = apply(dense(2, {name: 'z_mean'}), hidden);
  const logVariance = apply(dense(2, {name: 'z_log_var'}), hidden);
  const z = apply(new ZLayer({name: 'z'}), [mean, logVariance]);
  const encoder = tf.model({inputs: encoderInput, outputs: [mean, logVariance, z], name: 'encoder'});

  const latent = tf.input({shape: [2]});
  const decoded = apply(dense(6, {activation: 'sigmoid'}), apply(dense(5, {activation: 'relu'}), latent));
  const decoder = tf.model({inputs: latent, outputs: decoded, name: 'decoder'});

  const encoded = encoder.apply(encoder.inputs) as tf.SymbolicTensor[];
  const outputs = [apply(decoder, encoded[2] as tf.SymbolicTensor), ...encoded];
  return tf.model({inputs: encoder.inputs, outputs, name: 'vae_mlp'});
}

/** A nested convolutional network, and two heads on what it gives. */
function acganDiscriminator(): tf.LayersModel {
  const cnn = tf.sequential({name: 'cnn'});
  cnn.add(tf.layers.conv2d({filters: 3, kernelSize: 3, padding: 'same', strides: 2, inputShape: [6, 6, 1]}));
  cnn.add(tf.layers.leakyReLU({alpha: 0.2}));
  cnn.add(tf.layers.dropout({rate: 0.3}));
  cnn.add(tf.layers.flatten({name: 'flatten'}));
  cnn.add(dense(4, {name: 'features'}));
  cnn.add(tf.layers.leakyReLU({alpha: 0.2, name: 'last'}));
  const image = tf.input({shape: [6, 6, 1]});
  const features = apply(cnn, image);
  const realness = apply(dense(1, {activation: 'sigmoid', name: 'realness'}), features);
  const aux = apply(dense(3, {activation: 'softmax', name: 'aux'}), features);
  return tf.model({inputs: image, outputs: [realness, aux]});
}

function mnist(): tf.LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.conv2d({inputShape: [8, 8, 1], kernelSize: 3, filters: 3, activation: 'relu'}));
  model.add(tf.layers.maxPooling2d({poolSize: 2, strides: 2}));
  model.add(tf.layers.conv2d({kernelSize: 3, filters: 4, activation: 'relu'}));
  model.add(tf.layers.flatten({}));
  // With so few units chance may leave none of them alive; then nothing is learned.
  model.add(dense(4, {activation: 'relu', name: 'features', biasInitializer: 'ones'}));
  model.add(dense(3, {activation: 'softmax'}));
  return model;
}

/** The lower part of a network that others have trained, as `tf.loadLayersModel` gives it. */
function truncatedMobileNet(): tf.LayersModel {
  const image = tf.input({shape: [6, 6, 2], name: 'image'});
  const conv = apply(
    tf.layers.depthwiseConv2d({kernelSize: 3, padding: 'same', useBias: false, name: 'conv_dw'}),
    image,
  );
  const normalized = apply(tf.layers.batchNormalization({name: 'conv_dw_bn'}), conv);
  const activated = apply(tf.layers.reLU({maxValue: 6, name: 'conv_dw_relu'}), normalized);
  const mobilenet = tf.model({
    inputs: image,
    outputs: apply(dense(9, {name: 'predictions'}), apply(tf.layers.globalAveragePooling2d({}), activated)),
    name: 'mobilenet',
  });
  return tf.model({
    inputs: mobilenet.inputs,
    outputs: mobilenet.getLayer('conv_dw_relu').output,
    name: 'truncated',
  });
}

const transferHead = (inputShape: tf.Shape) =>
  tf.sequential({
    name: 'head',
    layers: [
      tf.layers.flatten({inputShape}),
      // With so few units chance may leave none of them alive; then nothing is learned.
      dense(5, {
        activation: 'relu',
        kernelInitializer: 'varianceScaling',
        biasInitializer: 'ones',
        name: 'features',
      }),
      dense(3, {kernelInitializer: 'varianceScaling', useBias: false, activation: 'softmax', name: 'predictions'}),
    ],
  });

/** As in the example: a head of its own, on what the frozen base gives. */
function webcamTransferHead(): tf.LayersModel {
  return transferHead([3, 3, 2]);
}

/** As Teachable Machine puts both together. */
function webcamTransferSequential(): tf.LayersModel {
  const base = truncatedMobileNet();
  base.trainable = false;
  return tf.sequential({layers: [base, transferHead([6, 6, 2])]});
}

function webcamTransferNested(): tf.LayersModel {
  const base = truncatedMobileNet();
  base.trainable = false;
  const image = tf.input({shape: [6, 6, 2]});
  return tf.model({inputs: image, outputs: apply(transferHead([6, 6, 2]), apply(base, image))});
}

function webcamTransferFlat(): tf.LayersModel {
  const base = truncatedMobileNet();
  const outputs = transferHead([6, 6, 2]).apply(base.outputs) as tf.SymbolicTensor;
  return tf.model({inputs: base.inputs, outputs});
}

const EMBEDDING = ['UnsortedSegmentSum'];
const CONVOLUTION = ['Conv2DBackpropFilter'];
const DEPTHWISE = ['DepthwiseConv2dNativeBackpropFilter'];

export const REAL_MODELS: RealModel[] = [
  {example: 'iris', build: iris, featureLayer: 'features', labelShape: [], loss: 'categoricalCrossentropy'},
  {
    example: 'sentiment, cnn',
    build: sentimentCnn,
    featureLayer: 'features',
    labelShape: [],
    loss: 'binaryCrossentropy',
    vocabulary: 20,
    kernels: [...EMBEDDING, ...CONVOLUTION],
  },
  {
    example: 'sentiment, bidirectional LSTM',
    build: sentimentLstm,
    featureLayer: 'features',
    labelShape: [],
    loss: 'binaryCrossentropy',
    vocabulary: 20,
    kernels: EMBEDDING,
  },
  {
    example: 'jena-weather, GRU',
    build: jenaWeather,
    featureLayer: 'features',
    labelShape: [],
    loss: 'meanAbsoluteError',
  },
  {
    example: 'jena-weather, MLP with L2 and dropout',
    build: jenaWeatherMlp,
    featureLayer: 'features',
    labelShape: [],
    loss: 'meanAbsoluteError',
  },
  {
    example: 'addition-rnn',
    build: additionRnn,
    featureLayer: 'features',
    labelShape: [3, 1],
    loss: 'categoricalCrossentropy',
  },
  {
    example: 'date-conversion-attention',
    build: dateConversionAttention,
    featureLayer: 'features',
    labelShape: [4],
    loss: 'categoricalCrossentropy',
    vocabulary: 8,
    kernels: EMBEDDING,
  },
  {
    example: 'date-conversion-attention, the last step of the encoder',
    build: dateConversionAttention,
    featureLayer: 'encoderLast',
    labelShape: [],
    loss: 'categoricalCrossentropy',
    vocabulary: 8,
    kernels: EMBEDDING,
  },
  {
    example: 'translation, a state of the encoder',
    build: translation,
    featureLayer: (model) => (model.getLayer('encoder').output as tf.SymbolicTensor[])[1] as tf.SymbolicTensor,
    labelShape: [],
    loss: 'categoricalCrossentropy',
  },
  {
    example: 'translation, every step of the decoder',
    build: translation,
    featureLayer: 'decoder',
    labelShape: [3],
    loss: 'categoricalCrossentropy',
  },
  {
    example: 'fashion-mnist-vae, the mean, an output of the encoder',
    build: variationalAutoencoder,
    featureLayer: 'z_mean',
    labelShape: [],
    loss: 'meanSquaredError',
  },
  {
    example: 'fashion-mnist-vae, the hidden layer of the encoder',
    build: variationalAutoencoder,
    featureLayer: 'encoder_hidden',
    labelShape: [],
    loss: 'meanSquaredError',
  },
  ...['cnn', 'features', 'last'].map((featureLayer) => ({
    example: `mnist-acgan, ${featureLayer} of the discriminator`,
    build: acganDiscriminator,
    featureLayer,
    labelShape: [],
    loss: ['binaryCrossentropy', 'categoricalCrossentropy'],
    kernels: CONVOLUTION,
  })),
  {
    example: 'mnist',
    build: mnist,
    featureLayer: 'features',
    labelShape: [],
    loss: 'categoricalCrossentropy',
    kernels: CONVOLUTION,
  },
  {
    example: 'webcam-transfer-learning, the head alone',
    build: webcamTransferHead,
    featureLayer: 'features',
    labelShape: [],
    loss: 'categoricalCrossentropy',
  },
  {
    example: 'webcam-transfer-learning, a sequential model of two models',
    build: webcamTransferSequential,
    featureLayer: 'features',
    labelShape: [],
    loss: 'categoricalCrossentropy',
    kernels: DEPTHWISE,
  },
  {
    example: 'webcam-transfer-learning, a functional model of two models',
    build: webcamTransferNested,
    featureLayer: 'features',
    labelShape: [],
    loss: 'categoricalCrossentropy',
    kernels: DEPTHWISE,
  },
  {
    example: 'webcam-transfer-learning, a head applied to the output of the base',
    build: webcamTransferFlat,
    featureLayer: 'features',
    labelShape: [],
    loss: 'categoricalCrossentropy',
    kernels: DEPTHWISE,
  },
];

/** Whether the backend has all gradients of the model. */
export function trainsHere({kernels = []}: RealModel): boolean {
  const known = new Set(tf.getKernelsForBackend(tf.getBackend()).map(({kernelName}) => kernelName));
  return kernels.every((kernel) => known.has(kernel));
}
