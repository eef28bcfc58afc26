import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss} from '../../lib/index.js';
import {centeredClassifier, compile, dense, makeBatch, NUM_CLASSES} from '../support/networks.js';
import type {Batch, Network} from '../support/networks.js';

let x: Batch['x'];
let labels: Batch['labels'];
let oneHot: Batch['oneHot'];

// In production TensorFlow.js warns of nothing; so are the specs run.
const isProduction = tf.env().getBool('PROD');
beforeAll(() => {
  tf.env().set('PROD', false);
  ({x, labels, oneHot} = makeBatch(8));
});
afterAll(() => {
  tf.env().set('PROD', isProduction);
});

/** What is said meanwhile; by hand, as no Jest is there in a browser. */
async function warningsOf(run: () => unknown): Promise<string[]> {
  const {warn} = console;
  const messages: string[] = [];
  console.warn = (message: unknown) => {
    messages.push(String(message));
  };
  try {
    await run();
  } finally {
    console.warn = warn;
  }
  return messages;
}

/** What is said while a network is fitted for two epochs of two steps. */
async function saidBy({model}: {model: tf.LayersModel}): Promise<string[]> {
  const messages = await warningsOf(() => model.fit([x, labels], oneHot, {epochs: 2, batchSize: 4, verbose: 0}));
  return messages.filter((message) => message.includes('CenterLossLayer'));
}

function compiled(network: Network, frozen: string[]): Network {
  for (const name of frozen) {
    network.model.getLayer(name).trainable = false;
  }
  compile(network);
  return network;
}

const MESSAGE =
  "CenterLossLayer 'center_loss': nothing that the features are computed from can be trained, so that center loss " +
  'changes nothing but the centers. Let layers before the features learn, or put some there: docs/transfer.md of this package says how.';

describe('Center loss on features that nothing is trained for', () => {
  it('says so, once', async () => {
    const network = compiled(centeredClassifier(), ['embedding']);
    expect(await saidBy(network)).toEqual([MESSAGE]);
    expect(await saidBy(network)).toEqual([]);
  });

  it('says so where the features are the input of a head, and where they are in a nested model', async () => {
    const head = tf.sequential({
      layers: [tf.layers.inputLayer({inputShape: [6], name: 'x'}), dense(NUM_CLASSES, 'logits', 1)],
    });
    const body = tf.sequential({
      layers: [tf.layers.dense({units: 3, inputShape: [6], name: 'embedding'}), dense(3, 'more', 2)],
    });
    body.trainable = false;
    const nested = tf.sequential({layers: [body, dense(NUM_CLASSES, 'logits', 3)]});
    for (const [classifier, featureLayer] of [
      [head, 'x'],
      [nested, 'embedding'],
    ] as const) {
      const model = attachCenterLoss(classifier, {featureLayer, numClasses: NUM_CLASSES, name: 'center_loss'});
      model.compile({optimizer: 'sgd', loss: tf.losses.softmaxCrossEntropy});
      expect(await saidBy({model})).toEqual([MESSAGE]);
    }
  });

  it('is silent where some layer before them learns, frozen as the last one may be', async () => {
    const [first, last, logits] = [dense(5, 'first', 1), dense(3, 'embedding', 2), dense(NUM_CLASSES, 'logits', 3)];
    last.trainable = false;
    const input = tf.input({shape: [6]});
    const outputs = [first, last, logits].reduce((it, layer) => layer.apply(it) as tf.SymbolicTensor, input);
    const model = attachCenterLoss(tf.model({inputs: input, outputs}), {featureLayer: last, numClasses: NUM_CLASSES});
    model.compile({optimizer: 'sgd', loss: tf.losses.softmaxCrossEntropy});
    expect(await saidBy({model})).toEqual([]);
  });

  it('is silent in ordinary training, with a weight of 0 as well', async () => {
    expect(await saidBy(compiled(centeredClassifier({lossWeight: 0}), []))).toEqual([]);
    expect(await saidBy(compiled(centeredClassifier(), ['logits']))).toEqual([]);
  });

  it('is silent without gradients, and where nobody asks for the loss', async () => {
    const {model, layer} = centeredClassifier();
    const said = await warningsOf(() => {
      for (let step = 0; step < 3; step++) {
        tf.tidy(() => {
          model.apply([x, labels], {training: true});
          layer.calculateLosses();
        });
        tf.grad((images) => (model.apply([images, labels], {training: true}) as tf.Tensor).sum())(x).dispose();
      }
    });
    expect(said).toEqual([]);
  });
});
