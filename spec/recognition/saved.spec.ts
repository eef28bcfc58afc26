import {Recognizer} from '../../lib/recognition/index.js';
import type {RecognizerData} from '../../lib/recognition/index.js';
import {changesOf} from './changes.js';
import {answersOf} from './answers_of_data.js';

const base64 = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer).toString('base64');

const A = {label: 'a', samples: 1, center: base64(1, 0)};
const B = {label: 'b', samples: 2, center: base64(0, 1)};
/** As version 0.2 saved it. */
const DATA = {score: 'distance', width: 2, classes: [A, B]};

const load = (data: unknown) => Recognizer.fromJSON(data as RecognizerData);

describe('A saved recognizer', () => {
  it('says its format, and is loaded without one, as version 0.2 saved it', async () => {
    expect(load(DATA).toJSON()).toEqual({format: 1, ...DATA});
    expect(load({...DATA, format: 1}).toJSON()).toEqual({format: 1, ...DATA});
    expect((await load(DATA).identify([[0, 1]]))[0]?.label).toBe('b');
  });

  it('of a later format is refused with what to do', () => {
    expect(() => load({...DATA, format: 3, looks: []})).toThrow(
      'Recognizer.fromJSON: expected format 1 or 2, but got 3: a later version of tfjs-center-loss saved it. Update this one.',
    );
  });

  it('may have labels of any kind', async () => {
    const labels = ['__proto__', 'constructor', 'toString', '', '\0', '\u{1f600}', '\ud800', 'x'.repeat(10_000)];
    const classes = labels.map((label, i) => ({...A, label, center: base64(i, 0)}));
    const recognizer = load(JSON.parse(JSON.stringify({...DATA, classes})));
    expect(recognizer.labels).toEqual(labels);
    const found = await recognizer.identify(labels.map((_, i) => [i, 0]));
    expect(found.map(({label}) => label)).toEqual(labels);
    expect(recognizer.remove('__proto__')).toBe(true);
    expect(recognizer.remove('__proto__')).toBe(false);
  });

  const REFUSED: [string, object, string][] = [
    ['a label twice', {classes: [A, B, A]}, 'expected labels that differ, but got "a" twice.'],
    ['NaN in a center', {classes: [{...A, center: base64(NaN, 0)}]}, 'of class "a" to hold numbers between'],
    ['an infinite center', {classes: [{...A, center: base64(0, Infinity)}]}, 'of class "a" to hold numbers between'],
    ['a center out of range', {classes: [{...A, center: base64(1e30, 0)}]}, 'but got 1.0000000150474662e+30.'],
    ['an empty center', {classes: [{...A, center: ''}]}, 'of class "a" to be 2 float32 numbers in Base64, but got 0.'],
    [
      'a wide center',
      {classes: [A, {...B, center: base64(1, 2, 3)}]},
      'class "b" to be 2 float32 numbers in Base64, but got 3.',
    ],
    ['bytes that are no multiple of 4', {classes: [{...A, center: btoa('123456789')}]}, 'of class "a" to be'],
    [
      'what is no Base64',
      {classes: [{...A, center: '%%%'}]},
      'center of class "a" to be 2 float32 numbers in Base64, but got "%%%".',
    ],
    [
      'a center that is no text',
      {classes: [{...A, center: 3}]},
      'center of class "a" to be 2 float32 numbers in Base64, but got 3.',
    ],
    ['-3 samples', {classes: [{...A, samples: -3}]}, 'samples of class "a" to be a whole number of at least 1'],
    ['0 samples', {classes: [{...A, samples: 0}]}, 'but got 0.'],
    ['1.5 samples', {classes: [{...A, samples: 1.5}]}, 'but got 1.5.'],
    ['more samples than can be counted', {classes: [{...A, samples: 2 ** 53}]}, 'but got 9007199254740992.'],
    ['samples as text', {classes: [{...A, samples: '1'}]}, 'but got "1".'],
    ['a label that is no string', {classes: [{...A, label: 1}]}, 'expected a label to be a string, but got 1.'],
    ['a threshold of NaN', {threshold: NaN}, 'expected threshold to be a number, but got NaN.'],
    ['an infinite threshold', {threshold: -Infinity}, 'expected threshold to be a number, but got -Infinity.'],
    ['null for a threshold', {threshold: null}, 'expected threshold to be a number, but got null.'],
    ['a threshold as text', {threshold: '-1'}, 'expected threshold to be a number, but got "-1".'],
    [
      'a pair threshold of NaN',
      {threshold: 1, pairThreshold: NaN},
      'expected pairThreshold to be a number, but got NaN.',
    ],
    ["NaN as a class's threshold", {threshold: 1, classes: [{...A, threshold: NaN}]}, 'but got NaN.'],
    ...['scores', 'pairScores'].flatMap((name): [string, object, string][] =>
      [[], [2, 1], [1, NaN], [1, null], ['1'], [Infinity], 3, null, Array.from({length: 1001}, (_, i) => i)].map(
        (scores) => [
          `${JSON.stringify(scores).slice(0, 20)} as ${name}`,
          {scores: [1], [name]: scores},
          `expected ${name} to be 1 to 1000 ascending numbers, but got`,
        ],
      ),
    ),
    ["a class's threshold alone", {classes: [{...A, threshold: -1}]}, 'expected a threshold beside'],
    ['a width of 1e300', {width: 1e300}, 'expected width to be a whole number from 1 to 16777216, but got 1e+300.'],
    ['a width of 0', {width: 0}, 'expected width to be a whole number from 1 to 16777216, but got 0.'],
    ['null for a width', {width: null}, 'but got null.'],
    ['another width', {width: 3}, 'to be 3 float32 numbers in Base64, but got 2.'],
    ['empty centers alone', {width: undefined, classes: [{...A, center: ''}]}, 'from 1 to 16777216, but got 0.'],
    ['an unknown score', {score: 'l1'}, "expected score to be 'distance', 'relative' or 'cosine', but got \"l1\"."],
    ['no score', {score: undefined}, 'but got undefined.'],
    ['no classes', {classes: undefined}, 'expected classes to be an array, but got undefined.'],
    ['classes by name', {classes: {a: A}}, 'expected classes to be an array, but got {"a":'],
    ['a class that is none', {classes: [A, null]}, 'but got null.'],
    // eslint-disable-next-line no-sparse-arrays
    ['a class that is missing', {classes: [, A]}, 'but got undefined.'],
    ['a name that nothing reads', {thresholds: -1}, 'but got unknown ["thresholds"].'],
    ['such a name in a class', {classes: [{...A, treshold: -1}]}, 'but got unknown ["treshold"].'],
    ['__proto__ as a name', JSON.parse('{"__proto__": {"threshold": 1}}') as object, 'but got unknown ["__proto__"].'],
    ['a template in format 1', {classes: [{...A, template: 'x'}]}, 'but got unknown ["template"].'],
    ['templates in format 1', {templates: 'each'}, 'but got unknown ["templates"].'],
    ['a template that is no text', {format: 2, classes: [{...A, template: 1}]}, 'expected a template to be a string'],
    ['templates of a kind that is none', {format: 2, templates: 'all'}, "expected templates to be 'mean' or 'each'"],
    ['a label without a template twice', {format: 2, classes: [A, B, A]}, 'that differ, but got ["a","1"] twice.'],
    [
      'a template twice',
      {format: 2, classes: [A, {...A, template: 'x'}, {...A, template: 'x'}]},
      'expected labels and templates that differ, but got ["a","x"] twice.',
    ],
    [
      'two thresholds of a class',
      {
        format: 2,
        threshold: 0,
        classes: [
          {...A, threshold: 1},
          {...A, template: 'x', threshold: 2},
        ],
      },
      'expected one threshold a class, but got 2 for 1.',
    ],
    ['a format that is none', {format: 0}, 'expected format 1 or 2, but got 0'],
    ['a format as text', {format: '1'}, 'expected format 1 or 2, but got "1"'],
    ['null for a format', {format: null}, 'expected format 1 or 2, but got null'],
  ];

  it.each(REFUSED)('is refused with %s', (_, change, message) => {
    const data: unknown = Object.assign(Object.create(null) as object, DATA);
    for (const [key, value] of Object.entries(change)) {
      Object.defineProperty(data, key, {value, enumerable: true, configurable: true});
    }
    expect(() => load(data)).toThrow(message);
    expect(() => load(data)).toThrow(/^Recognizer\.fromJSON: expected /);
    expect(() => load(data)).toThrow(expect.objectContaining({name: 'ValueError'}) as Error);
  });

  it('of two devices put together is refused, so that who is removed is forgotten', async () => {
    const phone = await Recognizer.fromCenters([[0, 0]], ['Ada']);
    const laptop = await Recognizer.fromCenters([[1, 1]], ['Ada']);
    const classes = [...phone.toJSON().classes, ...laptop.toJSON().classes];
    expect(() => load({...phone.toJSON(), classes})).toThrow('expected labels that differ, but got "Ada" twice.');
  });
});

/** `npm test -- --selectProjects recognition --testPathPatterns saved` with CHANGES=1000000 tries more. */
const CHANGES = Number(process.env['CHANGES'] ?? 6000);

const CENTERS = [
  [0, 0, 0],
  [9, 0, 1],
  [0.1, 9, 2],
  [-7, -8, 3],
];

describe('A saved recognizer that was changed anywhere', () => {
  it.each([false, true])(
    'is refused with a ValueError, or answers as what was changed says; templates: %s',
    async (hasTemplates) => {
      const recognizer = await Recognizer.fromCenters(CENTERS, ['Ada', 'Bo', 'Cid', '__proto__']);
      if (hasTemplates) {
        await recognizer.enroll('Ada', [[0, 0, 5]], {template: 'constructor'});
        await recognizer.enroll('__proto__', [[-7, 8, 3]], {template: '__proto__'});
        await recognizer.enroll('Ada', [[0, 6, 5]], {template: 'toString'});
      }
      const known = Array.from({length: 24}, (_, i) => [9 * (i % 2), i / 12, 0]);
      await recognizer.calibrate(
        known,
        known.map(([x]) => (x ? 'Bo' : 'Ada')),
        {perClass: true, accept: 0.9},
      );
      const count = {refused: 0, loaded: 0};
      for (const data of changesOf(recognizer.toJSON(), CHANGES)) {
        let changed: Recognizer;
        try {
          changed = load(data);
        } catch (error) {
          count.refused++;
          if ((error as Error).name !== 'ValueError') {
            throw error;
          }
          continue;
        }
        count.loaded++;
        const expected = await answersOf(data as RecognizerData, changed);
        if (expected !== undefined) {
          throw new Error(`${JSON.stringify(data)}: ${expected}`);
        }
        expect(JSON.stringify(Recognizer.fromBytes(changed.toBytes()))).toBe(JSON.stringify(changed));
      }
      expect(count.refused + count.loaded).toBe(CHANGES);
      expect(count.refused).toBeGreaterThan(CHANGES / 5);
      expect(count.loaded).toBeGreaterThan(CHANGES / 5);
    },
    600_000,
  );
});
