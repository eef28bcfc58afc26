import * as tf from '@tensorflow/tfjs';
import {attachCenterLoss} from '../../lib/index.js';
import {layersWithin} from '../../lib/models/model_graph.js';
import {apply, CENTER_LOSS, CLASSIFIERS, freeVariablesAfterEach, xInput} from '../support/classifiers.js';
import {dense, FEATURE_DIM, NUM_CLASSES} from '../support/networks.js';
import {errorOf} from '../support/tensors.js';

freeVariablesAfterEach();

/** Features in a nested model of which two outputs are used: it has to give the features as one more. */
function twoOutputsOfNested(): tf.LayersModel {
  const inner = xInput('inner_x');
  const features = apply(dense(FEATURE_DIM, 'embedding', 1), inner);
  const outputs = [apply(dense(4, 'left', 2), features), apply(dense(4, 'right', 3), features)];
  const body = tf.model({inputs: inner, outputs, name: 'body'});
  const x = xInput();
  const both = body.apply(x) as tf.SymbolicTensor[];
  return tf.model({inputs: x, outputs: apply(dense(NUM_CLASSES, 'logits', 4), apply(tf.layers.add(), both))});
}

/** Fails when the centers are made. */
function noCenters(): ReturnType<typeof tf.initializers.zeros> {
  const initializer = tf.initializers.zeros();
  initializer.apply = () => {
    throw new Error('no centers');
  };
  return initializer;
}

/** How often each layer is used, and by what. */
const usesOf = (model: tf.LayersModel) =>
  layersWithin(model).map((layer) => ({
    name: layer.name,
    users: (layer as unknown as {_refCount: number})._refCount,
    inboundNodes: layer.inboundNodes.length,
    outboundNodes: layer.outboundNodes.length,
  }));

describe('attachCenterLoss() that fails in the midst', () => {
  it.each([...CLASSIFIERS, {kind: 'a model of which two outputs are used', build: twoOutputsOfNested}])(
    'leaves $kind as it was, and no tensor',
    ({build}) => {
      const classifier = build();
      const [uses, {numTensors}] = [usesOf(classifier), tf.memory()];
      const args = {...CENTER_LOSS, centersInitializer: noCenters()};
      expect(errorOf(() => attachCenterLoss(classifier, args))?.message).toBe('no centers');
      expect(usesOf(classifier)).toEqual(uses);
      expect(tf.memory().numTensors).toBe(numTensors);
      expect(attachCenterLoss(classifier, CENTER_LOSS).outputs).toHaveLength(classifier.outputs.length);
    },
  );
});
