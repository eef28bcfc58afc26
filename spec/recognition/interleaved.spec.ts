import {Recognizer} from '../../lib/recognition/index.js';
import {mulberry32} from '../support/random.js';

const ORDERS = 1000;
const CALLS = 6;
const LABELS = ['Ada', 'Bo', 'Cy'] as const;

type Point = readonly [number, number];

/** One call of a user, and, once it is over, what came of it. */
type Call =
  | {kind: 'enroll'; label: string; point: Point; refused?: boolean}
  | {kind: 'remove'; label: string; was?: boolean}
  | {kind: 'calibrate'; label: string; point: Point; refused?: boolean}
  | {kind: 'identify'; point: Point; answer?: string};

/** What a recognizer would know, in a form so plain that it can be followed by eye. */
interface Model {
  classes: {label: string; sum: Point; samples: number}[];
  threshold: number;
}

const REFUSED = 'refused';

const center = ({sum, samples}: Model['classes'][number]): Point => [sum[0] / samples, sum[1] / samples];
const distance = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]);

function nearestOf({classes}: Model, point: Point): {label: string; score: number} | undefined {
  return classes
    .map((known) => ({label: known.label, score: -distance(center(known), point)}))
    .reduce<{label: string; score: number} | undefined>(
      (best, next) => (best && best.score >= next.score ? best : next),
      undefined,
    );
}

/** Makes a whole call on the model. False if that would not give what the recognizer gave. */
function agrees(model: Model, call: Call): boolean {
  const known = 'label' in call ? model.classes.find(({label}) => label === call.label) : undefined;
  switch (call.kind) {
    case 'enroll':
      if (known) {
        known.sum = [known.sum[0] + call.point[0], known.sum[1] + call.point[1]];
        known.samples++;
      } else {
        model.classes.push({label: call.label, sum: call.point, samples: 1});
      }
      return call.refused !== true;
    case 'remove':
      model.classes = model.classes.filter((each) => each !== known);
      return call.was === (known !== undefined);
    case 'calibrate':
      // One sample, of which all is to be accepted: its score is the threshold.
      if (known) {
        model.threshold = nearestOf(model, call.point)?.score ?? NaN;
      }
      return call.refused === !known;
    case 'identify': {
      const best = nearestOf(model, call.point);
      const label = best && best.score >= model.threshold - 1e-6 ? best.label : 'none of these';
      return call.answer === (best ? label : REFUSED);
    }
  }
}

/** What the recognizer knows in the end: its classes in their order, each with its distance from a point. */
type Known = readonly {label: string; score: number}[];

const ORIGIN: Point = [0, 0];

function isKnown({classes}: Model, known: Known): boolean {
  return (
    classes.length === known.length &&
    classes.every((each, i) => {
      const {label, score} = known[i] ?? {};
      return label === each.label && Math.abs((score ?? NaN) + distance(center(each), ORIGIN)) < 1e-6;
    })
  );
}

/** Whether some order of whole calls gives what came of them, and what is known in the end. */
function someOrderGives(calls: readonly Call[], model: Model, known: Known): boolean {
  return calls.length === 0
    ? isKnown(model, known)
    : calls.some((call) => {
        const next = structuredClone(model);
        const others = calls.filter((other) => other !== call);
        return agrees(next, call) && someOrderGives(others, next, known);
      });
}

async function knownTo(recognizer: Recognizer): Promise<Known> {
  const {labels} = recognizer;
  if (labels.length === 0) {
    return [];
  }
  const [all] = await recognizer.identify([ORIGIN], {k: labels.length});
  return labels.map((label) => ({label, score: all?.nearest.find((one) => one.label === label)?.score ?? NaN}));
}

/** Features that arrive after so many turns of the queue of promises. */
function arriving(point: Point, turns: number) {
  const data = async () => {
    for (let turn = 0; turn < turns; turn++) {
      await Promise.resolve();
    }
    return [...point];
  };
  return {shape: [1, 2], data};
}

describe('Calls that are not waited for', () => {
  it(`give what some order of whole calls gives, in ${ORDERS} random orders of arrival`, async () => {
    const random = mulberry32(26);
    const below = (end: number) => Math.floor(end * random());
    const aLabel = () => LABELS[below(LABELS.length)] as string;
    const aPoint = (): Point => [random(), random()];
    const counts = {agreed: 0, answers: new Set<string | undefined>()};
    for (let round = 0; round < ORDERS; round++) {
      const recognizer = new Recognizer();
      await recognizer.enroll('Ada', [[0.5, 0.5]]);
      const before: Model = {classes: [{label: 'Ada', sum: [0.5, 0.5], samples: 1}], threshold: -Infinity};
      const make: (() => Call)[] = [
        () => ({kind: 'enroll', label: aLabel(), point: aPoint()}),
        () => ({kind: 'remove', label: aLabel()}),
        () => ({kind: 'calibrate', label: aLabel(), point: aPoint()}),
        () => ({kind: 'identify', point: aPoint()}),
        () => ({kind: 'identify', point: aPoint()}),
      ];
      const calls = Array.from({length: CALLS}, () => (make[below(make.length)] as () => Call)());
      await Promise.all(
        calls.map(async (call) => {
          if (call.kind === 'remove') {
            call.was = recognizer.remove(call.label);
            return;
          }
          const features = arriving(call.point, below(12));
          if (call.kind === 'identify') {
            const answers = recognizer.identify(features);
            call.answer = await answers.then(
              ([first]) => first?.label ?? 'none of these',
              () => REFUSED,
            );
            return;
          }
          const done: Promise<unknown> =
            call.kind === 'enroll'
              ? recognizer.enroll(call.label, features)
              : recognizer.calibrate(features, [call.label], {accept: 1});
          call.refused = await done.then(
            () => false,
            () => true,
          );
        }),
      );
      for (const call of calls) {
        counts.answers.add(call.kind === 'identify' ? call.answer : undefined);
      }
      counts.agreed += someOrderGives(calls, before, await knownTo(recognizer)) ? 1 : 0;
    }
    expect(counts.agreed).toBe(ORDERS);
    // Each kind of answer came, so that none was agreed to for want of any.
    expect([...counts.answers].sort()).toEqual(['Ada', 'Bo', 'Cy', 'none of these', REFUSED, undefined]);
  });
});
