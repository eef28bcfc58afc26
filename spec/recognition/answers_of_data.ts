import type {ClassData, Recognizer, RecognizerData} from '../../lib/recognition/index.js';

const QUERIES = [
  [0, 0, 0],
  [8, 0.5, 1],
  [0, 8, 3],
  [-60, -60, 3],
];

/** Of weights that the recognizer takes from distances in float32. */
const TOLERANCE = 1e-4;

/**
 * Compares a recognizer with what plain data says that it should be. Written on its own, without anything of the library.
 *
 * @returns What differs; undefined if nothing does.
 */
export async function answersOf(data: RecognizerData, recognizer: Recognizer): Promise<string | undefined> {
  // All that the data says is there, and nothing else.
  if (canonical(recognizer.toJSON()) !== canonical(data)) {
    return `it became ${JSON.stringify(recognizer.toJSON())}`;
  }
  if (data.classes.length === 0) {
    return undefined;
  }
  const labels = [...new Set(data.classes.map(({label}) => label))];
  const centers = labels.map((label) =>
    data.classes.filter((one) => one.label === label).map((one) => valuesOf(one.center)),
  );
  const width = centers[0]?.[0]?.length ?? NaN;
  const queries = QUERIES.map((query) => Array.from({length: width}, (_, d) => query[d] ?? 0));
  const answers = await recognizer.identify(queries, {k: centers.length});
  for (const [i, {label, nearest}] of answers.entries()) {
    const scores = scoresOf(queries[i] ?? [], centers, data.score);
    const expected = [...scores].sort((a, b) => b - a);
    const best = nearest[0];
    const own = data.classes.find((one) => one.label === best?.label && one.threshold !== undefined);
    const threshold = own?.threshold ?? data.threshold ?? -Infinity;
    if (nearest.length !== centers.length || new Set(nearest.map((one) => one.label)).size !== centers.length) {
      return `query ${i} finds ${JSON.stringify(nearest)}`;
    }
    for (const [rank, one] of nearest.entries()) {
      const said = scores[labels.indexOf(one.label)] ?? NaN;
      if (!near(one.score, expected[rank] ?? NaN) || !near(one.score, said)) {
        return `query ${i} scores ${JSON.stringify(nearest)}, and not ${JSON.stringify(expected)}`;
      }
    }
    if (label !== ((best?.score ?? NaN) >= threshold ? best?.label : undefined)) {
      return `query ${i} is ${label}, with ${best?.score} beside ${threshold}`;
    }
  }
  return undefined;
}

function near(score: number, expected: number): boolean {
  return Math.abs(score - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
}

/** The score of each class: that of the best of its templates. */
export function scoresOf(query: number[], classes: number[][][], score: string): number[] {
  const norm = (vector: number[]) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (score === 'cosine') {
    const cosineOf = (center: number[]) => {
      const product = center.reduce((sum, value, d) => sum + value * (query[d] ?? NaN), 0);
      return norm(center) < 1e-15 || norm(query) < 1e-15 ? 0 : product / norm(center) / norm(query);
    };
    return classes.map((centers) => Math.max(...centers.map(cosineOf)));
  }
  const distanceOf = (center: number[]) => norm(center.map((value, d) => value - (query[d] ?? NaN)));
  const distances = classes.map((centers) => Math.min(...centers.map(distanceOf)));
  if (score === 'distance') {
    return distances.map((value) => -value);
  }
  const shortest = Math.min(...distances);
  const total = distances.reduce((sum, value) => sum + Math.exp(shortest - value), 0);
  return distances.map((value) => -value * (1 - Math.exp(shortest - value) / total));
}

function valuesOf(center: string): number[] {
  const bytes = Buffer.from(center, 'base64');
  return Array.from({length: bytes.length / 4}, (_, d) => bytes.readFloatLE(4 * d));
}

/** All that plain data says, in one order. */
function canonical(data: RecognizerData): string {
  const {format, score, width, threshold, pairThreshold, templates = 'mean', classes, ...others} = data;
  const own = classes.map(({label, template = '1', samples, center, ...rest}: ClassData) => [
    label,
    template,
    samples,
    valuesOf(center).map((value) => (Object.is(value, -0) ? '-0' : value)),
    {...rest, threshold: undefined},
  ]);
  // A class has one threshold, at whichever of its templates.
  const thresholds = classes.flatMap((one) => (one.threshold === undefined ? [] : [[one.label, one.threshold]])).sort();
  const [first] = classes;
  // Without the width it is that of the centers. The format says no more than the rest does.
  const known = [score, width ?? (first && valuesOf(first.center).length), threshold, pairThreshold, templates];
  return JSON.stringify([(format ?? 1) <= 2, known, own, thresholds, others]);
}
