import {readSavedNetwork, writeMetadata} from '../../../demo/web/saved_network.js';
import type {Artifacts, Sign} from '../../../demo/web/protocol.js';

const SPECS = [
  {name: 'hidden1/kernel', shape: [1, 2], dtype: 'float32'},
  {name: 'embedding/kernel', shape: [1, 3], dtype: 'float32'},
  {name: 'center_loss/centers', shape: [1, 3], dtype: 'float32'},
] as const;
const layer = (config: object) => ({class_name: 'CenterLossLayer', config});
const artifacts = (changes: object = {}): Artifacts =>
  ({
    modelTopology: {
      config: {layers: [{class_name: 'Dense', config: {}}, layer({loss_weight: 0.1, alpha: 0.5, reduction: 'mean'})]},
    },
    weightSpecs: SPECS,
    weightData: Float32Array.from({length: 8}, (_, i) => i).buffer,
    userDefinedMetadata: {samplesSeen: 7},
    ...changes,
  }) as unknown as Artifacts;

describe('readSavedNetwork', () => {
  test('reads what this page has saved', () => {
    expect(readSavedNetwork(artifacts())).toMatchObject({
      network: 'dense',
      featureDim: 3,
      layer: {lossWeight: 0.1, alpha: 0.5},
      reduction: 'mean',
      samplesSeen: 7,
      signs: [],
    });
  });

  test('reads a model that Keras or the Node demo has written: a topology inside model_config, and no metadata', () => {
    const modelTopology = {model_config: {config: {layers: [layer({loss_weight: 0.002, alpha: 0.6})]}}};
    const saved = readSavedNetwork(artifacts({modelTopology, userDefinedMetadata: undefined}));
    expect(saved).toMatchObject({reduction: 'sum', samplesSeen: 0, layer: {lossWeight: 0.002, alpha: 0.6}});
  });

  test('reads weights in parts', () => {
    const [first, rest] = [Float32Array.of(0, 1, 2).buffer, Float32Array.of(3, 4, 5, 6, 7).buffer];
    const {weights} = readSavedNetwork(artifacts({weightData: [first, rest]}));
    expect(weights.map(({values}) => [...values])).toEqual([
      [0, 1],
      [2, 3, 4],
      [5, 6, 7],
    ]);
  });

  test('gives the signs back as they were', () => {
    const signs: Sign[] = [{name: 'star', mark: 2, pictures: [Uint8Array.from({length: 784}, (_, i) => i % 256)]}];
    const userDefinedMetadata = JSON.parse(JSON.stringify(writeMetadata(5, signs))) as object;
    expect(readSavedNetwork(artifacts({userDefinedMetadata})).signs).toEqual(signs);
  });

  test.each([
    ['null', null, 'holds no weights'],
    ['no weights', artifacts({weightSpecs: undefined}), 'holds no weights'],
    ['another model', artifacts({weightSpecs: [{name: 'a', shape: [8], dtype: 'float32'}]}), 'no network of this page'],
    ['a classifier alone', artifacts({weightSpecs: [SPECS[0], SPECS[1], {...SPECS[2], name: 'a'}]}), 'no centers'],
    ['too few weights', artifacts({weightData: new ArrayBuffer(30)}), 'too short'],
    ['too many weights', artifacts({weightData: new ArrayBuffer(40)}), 'should be 32 bytes'],
    ['weights that are NaN', artifacts({weightData: new Float32Array(8).fill(NaN).buffer}), 'are numbers'],
    ['quantized weights', artifacts({weightSpecs: [{...SPECS[0], quantization: {}}]}), 'type float32'],
    ['no center loss layer', artifacts({modelTopology: {}}), 'no center loss layer'],
    ['an impossible α', artifacts({modelTopology: {config: {layers: [layer({loss_weight: 1, alpha: 7})]}}}), 'The α'],
    ['an epoch of 1e297', artifacts({userDefinedMetadata: {samplesSeen: 1e297}}), 'number of pictures'],
    ['a sign without drawings', artifacts({userDefinedMetadata: {signs: [{name: 'a', mark: 0}]}}), '1 to 5 drawings'],
    [
      'a mark between two',
      artifacts({userDefinedMetadata: {signs: [{name: 'a', mark: 0.5, pictures: ['AAA=']}]}}),
      'a whole number',
    ],
    [
      'a name of nothing that is seen',
      artifacts({userDefinedMetadata: {signs: [{name: '\u202e\u0000', mark: 0, pictures: ['AAA=']}]}}),
      'no name',
    ],
    [
      'more drawings than a sign has',
      artifacts({userDefinedMetadata: {signs: [{name: 'a', mark: 0, pictures: new Array(6).fill('AAA=')}]}}),
      '1 to 5 drawings',
    ],
    [
      'a damaged drawing',
      artifacts({userDefinedMetadata: {signs: [{name: 'a', mark: 0, pictures: ['AAA=']}]}}),
      'is damaged',
    ],
  ])('refuses %s with a sentence', (_, saved, sentence) => {
    expect(() => readSavedNetwork(saved)).toThrow(sentence);
  });
});
