import {auroc, falseAcceptAt, oscr, rocCurve} from 'tfjs-center-loss/recognition';
import type {Scored} from './scores.js';

/** How well a score names known pictures and tells them from unknown ones. */
export interface Quality {
  /** Share of the known pictures that are named rightly when nothing is refused. */
  accuracy: number;
  auroc: number;
  /** Share of unknown pictures let in when 95 % of the known ones are. */
  fpr95: number;
  oscr: number;
}

/** `digits`: what the known pictures show. */
export function measureQuality(known: Scored, digits: readonly number[], unknown: Scored): Quality {
  const isCorrect = known.digits.map((digit, index) => digit === digits[index]);
  return {
    accuracy: isCorrect.filter(Boolean).length / isCorrect.length,
    auroc: auroc(known.values, unknown.values),
    fpr95: falseAcceptAt(known.values, unknown.values),
    oscr: oscr(known.values, isCorrect, unknown.values),
  };
}

/** Shares of unknown pictures let in, at which ROC curves of several trainings are averaged. */
export const ROC_GRID: readonly number[] = Array.from({length: 101}, (_, index) => (index / 100) ** 2);

/** The share of known pictures accepted at each point of `ROC_GRID`. */
export function rocOnGrid(known: Scored, unknown: Scored): number[] {
  const curve = rocCurve(known.values, unknown.values);
  let next = 0;
  let accepted = 0;
  return ROC_GRID.map((share) => {
    for (let point = curve[next]; point && point.falselyAccepted <= share; point = curve[++next]) {
      accepted = point.accepted;
    }
    return accepted;
  });
}
