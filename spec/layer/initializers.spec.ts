import * as tf from '@tensorflow/tfjs';
import {CenterLossLayer} from '../../lib/index.js';
import type {Initializer, InitializerIdentifier} from '../../lib/index.js';
import {save} from '../support/saving.js';
import {errorOf, expectError, throwIfTensorsRemain} from '../support/tensors.js';
import {expectClose} from '../support/tolerance.js';

/** As many classes as features: `identity` makes square matrices only. */
const SIZE = 3;

type CentersInitializer = InitializerIdentifier | Initializer;

const layerWith = (centersInitializer: CentersInitializer) =>
  new CenterLossLayer({numClasses: SIZE, name: 'center_loss', centersInitializer});

const configOf = (layer: tf.layers.Layer) => layer.getConfig()['centersInitializer'];

/** What tf.layers' own layers store for an initializer. */
const stored = (initializer: Initializer) => ({
  className: initializer.getClassName(),
  config: initializer.getConfig(),
});

function modelWith(layer: tf.layers.Layer): tf.LayersModel {
  const x = tf.input({shape: [SIZE]});
  return tf.model({inputs: x, outputs: layer.apply(x) as tf.SymbolicTensor});
}

async function centersOf(model: tf.LayersModel): Promise<number[]> {
  return Array.from(await (model.getLayer('center_loss') as CenterLossLayer).centers.data());
}

/** The model of a topology alone: its centers come from the initializer, not from saved weights. */
function fromTopology(modelTopology: object): Promise<tf.LayersModel> {
  return tf.loadLayersModel(tf.io.fromMemory({modelTopology}));
}

/** All initializers by the names that users write; those that draw at random with a seed. */
const INITIALIZERS: Record<string, () => Initializer> = {
  zeros: () => tf.initializers.zeros(),
  ones: () => tf.initializers.ones(),
  constant: () => tf.initializers.constant({value: -2.5}),
  identity: () => tf.initializers.identity({gain: 3}),
  randomUniform: () => tf.initializers.randomUniform({minval: 1, maxval: 2, seed: 5}),
  randomNormal: () => tf.initializers.randomNormal({mean: 1, stddev: 2, seed: 5}),
  truncatedNormal: () => tf.initializers.truncatedNormal({mean: 1, stddev: 2, seed: 5}),
  varianceScaling: () => tf.initializers.varianceScaling({scale: 2, mode: 'fanAvg', distribution: 'uniform', seed: 5}),
  glorotUniform: () => tf.initializers.glorotUniform({seed: 5}),
  glorotNormal: () => tf.initializers.glorotNormal({seed: 5}),
  heUniform: () => tf.initializers.heUniform({seed: 5}),
  heNormal: () => tf.initializers.heNormal({seed: 5}),
  leCunUniform: () => tf.initializers.leCunUniform({seed: 5}),
  leCunNormal: () => tf.initializers.leCunNormal({seed: 5}),
  orthogonal: () => tf.initializers.orthogonal({gain: 2, seed: 5}),
};

let tensorsBefore = 0;
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => {
  throwIfTensorsRemain(tensorsBefore);
});

describe('centersInitializer', () => {
  it('is specified here for every initializer of tf.initializers', () => {
    expect(Object.keys(INITIALIZERS).sort()).toEqual(Object.keys(tf.initializers).sort());
  });

  for (const [name, make] of Object.entries(INITIALIZERS)) {
    describe(name, () => {
      it('is taken as an instance, and as the configuration that describes it', async () => {
        for (const initializer of [make(), stored(make())]) {
          const layer = layerWith(initializer);
          expect(configOf(layer)).toEqual(stored(make()));
          const model = modelWith(layer);
          const values = make().apply([SIZE, SIZE]);
          expectClose(await centersOf(model), await values.data());
          values.dispose();
          model.dispose();
        }
      });

      it('keeps its arguments when a model is saved and loaded', async () => {
        const model = modelWith(layerWith(make()));
        const {modelTopology} = await save(model);
        const loaded = await fromTopology(JSON.parse(JSON.stringify(modelTopology)) as object);
        expect(configOf(loaded.getLayer('center_loss'))).toEqual(stored(make()));
        expectClose(await centersOf(loaded), await centersOf(model));
        model.dispose();
        loaded.dispose();
      });

      // A constant has no value by default.
      if (name !== 'constant') {
        it('is taken by its name, with the default arguments', () => {
          const byDefault = tf.initializers[name as 'glorotUniform']({});
          expect(configOf(layerWith(name))).toEqual(stored(byDefault));
        });
      }
    });
  }

  it('is taken by the name of its class as well', () => {
    expect(configOf(layerWith('GlorotUniform'))).toEqual(stored(tf.initializers.glorotUniform({})));
    expect(configOf(layerWith('Ones'))).toEqual(stored(tf.initializers.ones()));
  });

  it('is taken without a config where that has defaults', () => {
    expect(configOf(layerWith({className: 'RandomNormal'}))).toEqual(stored(tf.initializers.randomNormal({})));
  });

  it('is zeros if there is none, or a saved model says null', () => {
    expect(configOf(new CenterLossLayer({numClasses: SIZE}))).toEqual({className: 'Zeros', config: {}});
    const nullInitializer = null as unknown as string;
    expect(configOf(layerWith(nullInitializer))).toEqual({className: 'Zeros', config: {}});
  });

  it('may be a class that the application registered', async () => {
    // tf.layers does not export the class that its initializers extend.
    const Base = Object.getPrototypeOf(tf.initializers.ones().constructor) as new () => Initializer;
    class Countdown extends Base {
      static readonly className = 'CountdownOfSpec';
      override apply(shape: number[]): tf.Tensor {
        return tf.tidy(() => tf.range(tf.util.sizeFromShape(shape), 0, -1).reshape(shape));
      }
    }
    tf.serialization.registerClass(Countdown as unknown as tf.serialization.SerializableConstructor<Initializer>);
    for (const initializer of [new Countdown(), 'CountdownOfSpec', {className: 'CountdownOfSpec', config: {}}]) {
      const model = modelWith(layerWith(initializer));
      expect(await centersOf(model)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
      model.dispose();
    }
  });

  it('may not be of another copy of TensorFlow.js, which is what such an error says', () => {
    const initializer = {apply: () => tf.zeros([3, 3]), getConfig: () => ({})};
    expectError(
      () => layerWith(initializer as unknown as Initializer),
      'ValueError',
      "CenterLossLayer: expected centersInitializer to be an initializer or the name of one, such as 'zeros', but got " +
        'one of another copy of @tensorflow/tfjs-layers. Let the program have one copy.',
    );
  });

  it('may not be a name that another copy of TensorFlow.js has taken over, which is what such an error says', () => {
    // As when a page loads the script of TensorFlow.js a second time, after that of this package.
    const {classNameMap} = tf.serialization.SerializationMap.getMap();
    const own = classNameMap['Zeros'];
    class Zeros extends tf.serialization.Serializable {
      static readonly className = 'Zeros';
      getConfig(): tf.serialization.ConfigDict {
        return {};
      }
    }
    tf.serialization.registerClass(Zeros);
    try {
      for (const make of [() => layerWith('zeros'), () => new CenterLossLayer({numClasses: SIZE})]) {
        expectError(
          make,
          'ValueError',
          "CenterLossLayer: expected centersInitializer to be an initializer or the name of one, such as 'zeros', but " +
            'got "zeros" of another copy of @tensorflow/tfjs-layers. Let the program have one copy.',
        );
      }
    } finally {
      classNameMap['Zeros'] = own as NonNullable<typeof own>;
    }
    expect(configOf(layerWith('zeros'))).toEqual({className: 'Zeros', config: {}});
  });

  describe('refuses', () => {
    const json = (text: string) => JSON.parse(text) as unknown;
    const refused: [what: string, value: unknown, quoted: string][] = [
      ['a name that there is not', 'zeroes', '"zeroes"'],
      ['an empty name', '', '""'],
      ['names that every object has', '__proto__', '"__proto__"'],
      ['such as constructor', 'constructor', '"constructor"'],
      ['or toString, in a configuration as well', {className: 'toString'}, '{"className":"toString"}'],
      ['or __proto__', json('{"className": "__proto__"}'), '{"className":"__proto__"}'],
      ['a layer for an initializer', 'Dense', '"Dense"'],
      [
        'which a model file may name',
        {className: 'Dense', config: {units: 2}},
        '{"className":"Dense","config":{"units":2}}',
      ],
      ['itself', {className: 'CenterLossLayer', config: {}}, '{"className":"CenterLossLayer","config":{}}'],
      ['a constraint, which is registered as well', 'NonNeg', '"NonNeg"'],
      ['a configuration without a class', {}, '{}'],
      ['a class that is no name', {className: 5}, '{"className":5}'],
      ['a number', 0, '0'],
      ['a boolean', true, 'true'],
      ['a list', ['zeros'], '["zeros"]'],
      ['a function', () => tf.zeros([1]), 'function'],
    ];
    for (const [what, value, quoted] of refused) {
      it(`${what}: ${quoted}`, () => {
        expectError(
          () => layerWith(value as string),
          'ValueError',
          'CenterLossLayer: expected centersInitializer to be an initializer or the name of one, such as ' +
            `'zeros', but got ${quoted}.`,
        );
      });
    }

    it('a constant without a value', () => {
      expect(errorOf(() => layerWith('constant'))?.message).toMatch(/value/);
      expect(errorOf(() => layerWith({className: 'Constant', config: {}}))?.message).toMatch(/value/);
    });

    it('what a model file makes of it: a layer, with the name of the argument', async () => {
      const model = modelWith(layerWith('zeros'));
      const {modelTopology} = await save(model);
      model.dispose();
      const text = JSON.stringify(modelTopology);
      const edited = text.replace('"class_name":"Zeros"', '"class_name":"Dense"');
      expect(edited).not.toBe(text);
      let message = '';
      try {
        await fromTopology(JSON.parse(edited) as object);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toContain('expected centersInitializer to be an initializer or the name of one');
    });
  });

  it('cannot reach the prototype of all objects from a file', () => {
    const initializer = JSON.parse('{"className": "Ones", "config": {"__proto__": {"polluted": true}}}') as {
      className: string;
    };
    expect(configOf(layerWith(initializer))).toEqual({className: 'Ones', config: {}});
    expect('polluted' in {}).toBe(false);
  });
});
