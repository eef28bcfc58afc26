import {Recognizer} from '../../lib/recognition/index.js';
import type {Score} from '../../lib/recognition/index.js';
import {memories} from '../../lib/recognition/search/memories.js';
import type {RowStore} from '../../lib/recognition/search/row_store.js';
import {SimdMemory} from '../../lib/recognition/search/simd_memory.js';
import {scoresOf} from './answers_of_data.js';
import {mulberry32, normalNumbers, toRows} from '../support/random.js';

beforeEach(() => {
  memories.living = 0;
});

describe('A class with several templates', () => {
  async function faces(): Promise<Recognizer> {
    const recognizer = new Recognizer();
    await recognizer.enroll('Ada', [[0, 0]]);
    await recognizer.enroll('Bo', [[9, 9]]);
    await recognizer.enroll('Ada', [[5, 0], [7, 0]], {template: 'with glasses'}); // prettier-ignore
    return recognizer;
  }

  it('scores what its best template scores, and says which that is', async () => {
    const recognizer = await faces();
    const [bare, glasses] = await recognizer.identify([[1, 0], [6, 1]], {k: 5}); // prettier-ignore
    expect(bare?.nearest).toEqual([
      {label: 'Ada', score: -1, template: '1'},
      {label: 'Bo', score: -Math.sqrt(64 + 81)},
    ]);
    expect(glasses?.nearest[0]).toEqual({label: 'Ada', score: -1, template: 'with glasses'});
    expect(recognizer.labels).toEqual(['Ada', 'Bo']);
    expect(recognizer.templates('Ada')).toEqual(['1', 'with glasses']);
    expect(recognizer.templates('Bo')).toEqual(['1']);
    expect(recognizer.templates('Cid')).toEqual([]);
  });

  it('has the mean of its own samples for each', async () => {
    const recognizer = await faces();
    await recognizer.enroll('Ada', [[0, 4]]);
    await recognizer.enroll('Ada', [[6, 9]], {template: 'with glasses'});
    const found = await recognizer.identify([[0, 2], [6, 3]]); // prettier-ignore
    expect(found.map(({nearest}) => nearest[0]?.score)).toEqual([-0, -0].map((zero) => 0 - zero));
    expect(found.map(({nearest}) => nearest[0]?.template)).toEqual(['1', 'with glasses']);
  });

  it('may begin with a named one', async () => {
    const recognizer = new Recognizer();
    await recognizer.enroll('Ada', [[5, 0]], {template: 'with glasses'});
    expect((await recognizer.identify([[5, 0]]))[0]?.nearest).toEqual([{label: 'Ada', score: 0}]);
    await recognizer.enroll('Ada', [[0, 0]]);
    expect(recognizer.templates('Ada')).toEqual(['with glasses', '1']);
    expect(Recognizer.fromJSON(recognizer.toJSON()).templates('Ada')).toEqual(['with glasses', '1']);
  });

  it('forgets one, and goes with the last', async () => {
    const recognizer = await faces();
    expect(recognizer.remove('Ada', 'with a hat')).toBe(false);
    expect(recognizer.remove('Cid', '1')).toBe(false);
    expect(recognizer.remove('Ada', '1')).toBe(true);
    expect(recognizer.templates('Ada')).toEqual(['with glasses']);
    // It was enrolled first, and stays so.
    expect(recognizer.labels).toEqual(['Ada', 'Bo']);
    expect((await recognizer.identify([[6, 0]]))[0]?.nearest).toEqual([{label: 'Ada', score: 0}]);
    expect(recognizer.remove('Ada', 'with glasses')).toBe(true);
    expect(recognizer.labels).toEqual(['Bo']);
    expect(recognizer.remove('Ada', 'with glasses')).toBe(false);
    expect((await recognizer.identify([[6, 0]], {k: 2}))[0]?.nearest).toHaveLength(1);
  });

  it('keeps its threshold until it goes', async () => {
    const recognizer = await faces();
    const samples = Array.from({length: 60}, (_, i) => [0, i / 60]);
    await recognizer.calibrate(samples, samples.map(() => 'Ada'), {perClass: true}); // prettier-ignore
    const thresholdOf = () => recognizer.toJSON().classes.map(({threshold}) => threshold);
    const [own] = thresholdOf();
    expect(own).toBeLessThan(0);
    expect(thresholdOf()).toEqual([own, undefined, undefined]);
    recognizer.remove('Ada', '1');
    expect(thresholdOf()).toEqual([own, undefined]);
    recognizer.remove('Ada', 'with glasses');
    await recognizer.enroll('Ada', [[0, 0]]);
    expect(thresholdOf()).toEqual([undefined, undefined]);
  });

  it('has names of any kind', async () => {
    const recognizer = new Recognizer();
    const names = ['__proto__', 'constructor', 'toString', '', '\0', '2', '\ud800', '1'];
    for (const [i, template] of names.entries()) {
      await recognizer.enroll('__proto__', [[i, 0]], {template});
    }
    for (const same of [
      recognizer,
      Recognizer.fromJSON(recognizer.toJSON()),
      Recognizer.fromBytes(recognizer.toBytes()),
    ]) {
      expect(same.templates('__proto__')).toEqual(names);
      const found = await same.identify(names.map((_, i) => [i, 0]));
      expect(found.map(({nearest}) => nearest[0]?.template)).toEqual(names);
    }
    expect(recognizer.remove('__proto__', '__proto__')).toBe(true);
    expect(recognizer.templates('__proto__')).toEqual(names.slice(1));
  });

  it('takes no names that are no strings', async () => {
    const recognizer = await faces();
    await expect(recognizer.enroll('Ada', [[0, 0]], {template: 1 as unknown as string})).rejects.toThrow(
      'enroll: expected template to be a string, but got 1.',
    );
    expect(() => recognizer.remove('Ada', null as unknown as string)).toThrow(
      'remove: expected template to be a string',
    );
    expect(() => new Recognizer({templates: 'all' as 'each'})).toThrow(
      "Recognizer: expected templates to be 'mean' or 'each', but got \"all\".",
    );
  });

  it('loads in version 0.2 no more, which would take each template for a class', async () => {
    const recognizer = await faces();
    expect(recognizer.toJSON().format).toBe(2);
    recognizer.remove('Ada', 'with glasses');
    expect(recognizer.toJSON().format).toBe(1);
  });
});

describe('A recognizer with a template for each sample', () => {
  it('numbers them, and forgets one picture', async () => {
    const recognizer = new Recognizer({templates: 'each'});
    await recognizer.enroll('Ada', [[0, 0], [4, 0], [8, 0]]); // prettier-ignore
    await recognizer.enroll('Ada', [[0, 9]], {template: 'holiday.jpg'});
    await recognizer.enroll('Ada', [[0, 5]]);
    expect(recognizer.templates('Ada')).toEqual(['1', '2', '3', 'holiday.jpg', '5']);
    expect(recognizer.remove('Ada', '2')).toBe(true);
    expect((await recognizer.identify([[4.1, 0]]))[0]?.nearest[0]).toMatchObject({template: '3'});
    // The number of what is there is never given to another one.
    await recognizer.enroll('Ada', [[4, 0], [5, 0]]); // prettier-ignore
    expect(recognizer.templates('Ada')).toEqual(['1', '3', 'holiday.jpg', '5', '6', '7']);
    const same = Recognizer.fromBytes(recognizer.toBytes());
    await same.enroll('Ada', [[6, 0]]);
    expect(same.templates('Ada').at(-1)).toBe('8');
  });

  it('is as one with means where each class has one sample', async () => {
    const centers = toRows(normalNumbers(40 * 6, 1), 6);
    const labels = centers.map((_, i) => `c${i}`);
    const [each, mean] = [
      await Recognizer.fromCenters(centers, labels, {templates: 'each'}),
      await Recognizer.fromCenters(centers, labels),
    ];
    const queries = toRows(normalNumbers(5 * 6, 2), 6);
    expect(await each.identify(queries, {k: 40})).toEqual(await mean.identify(queries, {k: 40}));
    expect(each.toJSON()).toEqual({...mean.toJSON(), format: 2, templates: 'each'});
  });
});

/** What a recognizer should know, in the order of enrolment. */
type Model = Map<string, Map<string, number[][]>>;

/** In float32, as centers are kept; with `'cosine'` of unit vectors, but for a single sample. */
function meanOf(samples: number[][], score: Score): number[] {
  const unit = (row: number[]) =>
    score === 'cosine' && samples.length > 1 ? row.map((value) => value / Math.hypot(...row)) : row;
  const rows = samples.map(unit);
  return (rows[0] ?? []).map((_, d) => Math.fround(rows.reduce((sum, row) => sum + (row[d] ?? NaN), 0) / rows.length));
}

async function expectModel(recognizer: Recognizer, model: Model, score: Score, queries: number[][], k: number) {
  const labels = [...model.keys()];
  expect(recognizer.labels).toEqual(labels);
  if (labels.length === 0) {
    return;
  }
  const classes = [...model.values()].map((templates) =>
    [...templates.values()].map((samples) => meanOf(samples, score)),
  );
  for (const [q, {nearest}] of (await recognizer.identify(queries, {k})).entries()) {
    const scores = scoresOf(queries[q] ?? [], classes, score);
    const order = scores.map((_, i) => i).sort((a, b) => (scores[b] ?? NaN) - (scores[a] ?? NaN) || a - b);
    expect(nearest).toHaveLength(Math.min(k, labels.length));
    nearest.forEach((one, rank) => {
      const own = order[rank] ?? NaN;
      const names = [...(model.get(one.label)?.keys() ?? [])];
      const centers = classes[labels.indexOf(one.label)] ?? [];
      const said = centers[names.indexOf(one.template ?? names[0] ?? '')] ?? [];
      const tolerance = 1e-4 * Math.max(1, Math.abs(scores[own] ?? NaN));
      expect(Math.abs(one.score - (scores[own] ?? NaN))).toBeLessThan(tolerance);
      // Of scores that rounding does not tell apart any may come first; the relative one is made of them.
      expect(Math.abs((scores[labels.indexOf(one.label)] ?? NaN) - one.score)).toBeLessThan(tolerance);
      expect('template' in one).toBe(names.length > 1);
      const measure = score === 'cosine' ? 'cosine' : 'distance';
      const [best] = scoresOf(queries[q] ?? [], [centers], measure);
      expect(scoresOf(queries[q] ?? [], [[said]], measure)[0]).toBeCloseTo(best ?? NaN, 4);
    });
  }
}

function memoryOf(recognizer: Recognizer): unknown {
  return (recognizer as unknown as {classes: {centers: RowStore}}).classes.centers.memory;
}

const MEMORIES: [string, number, boolean][] = [
  ['plain loops', 5, false],
  ['the memory of a module', 400, true],
  ['plain loops for wide rows', 160, false],
];

describe.each(MEMORIES)('Templates that come and go, with %s,', (_, width, isSimd) => {
  const create = SimdMemory.create.bind(SimdMemory);
  beforeEach(() => {
    SimdMemory.create = isSimd ? create : () => undefined;
  });
  afterEach(() => {
    SimdMemory.create = create;
  });

  it.each<[Score, 'mean' | 'each']>([
    ['distance', 'mean'],
    ['distance', 'each'],
    ['cosine', 'mean'],
    ['cosine', 'each'],
    ['relative', 'mean'],
    ['relative', 'each'],
  ])('are found as by comparing with each one: %s, %s', async (score, templates) => {
    const random = mulberry32(7);
    const below = (end: number) => Math.floor(end * random());
    const recognizer = new Recognizer({score, templates});
    const model: Model = new Map();
    const steps = 450;
    const rows = toRows(normalNumbers(2 * steps * width, 3), width);
    for (let step = 0; step < steps; step++) {
      const label = `c${below(320)}`;
      const own = model.get(label) ?? new Map<string, number[][]>();
      const kind = step % 225 < 200 ? below(7) : 7 + below(2);
      if (kind < 6) {
        const samples = rows.splice(0, 1 + below(2));
        const template = kind < 2 ? ['hat', 'glasses', '2'][below(3)] : undefined;
        await recognizer.enroll(label, samples, template === undefined ? {} : {template});
        if (template === undefined && templates === 'each') {
          const first = own.size;
          let number = first;
          for (const sample of samples) {
            do {
              number++;
            } while (own.has(String(number)));
            own.set(String(number), [sample]);
          }
        } else {
          own.set(template ?? '1', [...(own.get(template ?? '1') ?? []), ...samples]);
        }
        model.set(label, own);
      } else if (kind < 8 && own.size > 0) {
        const name = [...own.keys()][below(own.size)];
        expect(recognizer.remove(label, name ?? 'none')).toBe(name !== undefined);
        own.delete(name ?? '');
        if (own.size === 0) {
          model.delete(label);
        }
      } else {
        const label2 = [...model.keys()][below(model.size)] ?? label;
        expect(recognizer.remove(label2)).toBe(model.delete(label2));
      }
      if (step % 150 === 149) {
        const queries = [...toRows(normalNumbers(2 * width, step), width), [...model.values()][0]?.values().next().value?.[0] ?? []].filter(({length}) => length > 0); // prettier-ignore
        for (const k of [1, 3, 1000]) {
          await expectModel(recognizer, model, score, queries, k);
        }
        for (const [known, names] of model) {
          expect(recognizer.templates(known)).toEqual([...names.keys()]);
        }
      }
    }
    expect(model.size).toBeGreaterThan(50);
    expect(memoryOf(recognizer) instanceof SimdMemory).toBe(isSimd);
    for (const same of [Recognizer.fromJSON(recognizer.toJSON()), Recognizer.fromBytes(recognizer.toBytes())]) {
      expect(same.toJSON()).toEqual(recognizer.toJSON());
      const queries = toRows(normalNumbers(3 * width, 5), width);
      const [found, expected] = [await same.identify(queries, {k: 30}), await recognizer.identify(queries, {k: 30})];
      const flat = (all: typeof found) =>
        all.flatMap(({nearest}) => nearest.map(({label, template}) => [label, template]));
      expect(flat(found)).toEqual(flat(expected));
      // The weights of relative scores are added up in the order of the rows.
      found.forEach(({nearest}, q) => {
        nearest.forEach((one, rank) => {
          expect(one.score).toBeCloseTo(expected[q]?.nearest[rank]?.score ?? NaN, score === 'relative' ? 4 : 15);
        });
      });
    }
  });
});

it('Of equally near classes the one enrolled first comes first, whichever of its templates is near', async () => {
  const recognizer = new Recognizer();
  for (const label of ['a', 'b', 'c', 'd']) {
    await recognizer.enroll(label, [[100, label.charCodeAt(0)]]);
  }
  for (const label of ['d', 'b', 'c', 'a']) {
    await recognizer.enroll(label, [[0, 1]], {template: 'near'});
    await recognizer.enroll(label, [[0, -1]], {template: 'as near'});
  }
  for (const k of [1, 2, 3, 4]) {
    const [found] = await recognizer.identify([[0, 0]], {k});
    expect(found?.nearest).toEqual(
      ['a', 'b', 'c', 'd'].slice(0, k).map((label) => ({label, score: -1, template: 'near'})),
    );
  }
});
