import {threeDigits} from '../numbers.js';
import type {Rows} from '../tables.js';
import type {Target} from '../targets.js';
import {MODEL} from './growth.js';
import type {GrowthPoint} from './growth.js';

/** What fits into the caches at the smallest size and not at the largest takes longer to reach. The square of n would have 33 and more. */
const MOST_BESIDE_N_LOG_N = 2;

/** A row for each thing: milliseconds at each size, and the growth beside n log n. */
export function growthRows(points: readonly GrowthPoint[]): Rows {
  return {
    head: ['', 'of', 'milliseconds', 'beside n log n', 'beside tf.model'],
    numeric: [false, false, true, true, true],
    body: byThing(points).map(([what, own]) => {
      const besideModel = own.map((point) => ratioToModel(point, points)).filter(Number.isFinite);
      return [
        what,
        `${own.map(({size}) => size.toLocaleString('en')).join(' / ')} ${own[0]?.unit ?? ''}`,
        own.map(({timing}) => threeDigits(timing.median)).join(' / '),
        `${threeDigits(besideNLogN(own))}×`,
        what === MODEL ? '' : besideModel.map((ratio) => `${threeDigits(ratio)}×`).join(' / '),
      ];
    }),
  };
}

/** As ratios of times of one run. Attaching and detaching make a model by tf.model, whose own growth they cannot be below. */
export function growthTargetsOf(points: readonly GrowthPoint[]): Target[] {
  const things = byThing(points);
  const ofModel = besideNLogN(things.find(([what]) => what === MODEL)?.[1] ?? []);
  return things
    .filter(([what]) => what !== MODEL)
    .map(([what, own]): Target => {
      const growth = besideNLogN(own);
      const isOfModels = own.every((point) => Number.isFinite(ratioToModel(point, points)));
      return {
        subject: 'growth',
        text: `${what}: no worse than n log n${isOfModels ? ', or than tf.model' : ''}`,
        measured: `${threeDigits(growth)}×`,
        isReached: growth <= MOST_BESIDE_N_LOG_N * (isOfModels ? Math.max(1, ofModel) : 1),
      };
    });
}

function byThing(points: readonly GrowthPoint[]): [what: string, own: GrowthPoint[]][] {
  return [...new Set(points.map(({what}) => what))].map((name) => [name, points.filter(({what}) => what === name)]);
}

/** The time at the largest size as a multiple of that at the smallest, divided by the same of n log n. */
function besideNLogN(points: readonly GrowthPoint[]): number {
  const [first, last] = [points[0], points.at(-1)];
  const nLogN = ({size}: GrowthPoint) => size * Math.log(size);
  return first && last ? last.timing.median / first.timing.median / (nLogN(last) / nLogN(first)) : NaN;
}

function ratioToModel({unit, size, timing}: GrowthPoint, points: readonly GrowthPoint[]): number {
  const model = points.find((point) => point.what === MODEL && point.unit === unit && point.size === size);
  return timing.median / (model?.timing.median ?? NaN);
}
