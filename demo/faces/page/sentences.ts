import type {Calibration, Identification} from 'tfjs-center-loss/recognition';

import type {Keeping} from './keeping.js';
import {GOAL, PUBLISHED_LIMIT} from './people.js';
import type {People} from './people.js';

/** What is said of a face. */
export interface Said {
  title: string;
  isRefused: boolean;
  details: string;
}

/** @param answer Undefined if nobody is enrolled. */
export function sayAnswer(answer: Identification | undefined, limit: number): Said {
  const [nearest] = answer?.nearest ?? [];
  if (!answer || !nearest) {
    return {title: 'A face', isRefused: false, details: 'Nobody is enrolled yet.'};
  }
  const {label, typicality} = answer;
  const known = typicality === undefined ? '' : ` ${percent(typicality)} of the known pictures were as far or farther.`;
  return {
    title: label ?? 'None of these',
    isRefused: label === undefined,
    details: `Distance ${distance(-nearest.score)} to ${nearest.label}, limit ${distance(limit)}.${known}`,
  };
}

export function sayLimit({limit, knownCount}: People): string {
  const origin = limit === PUBLISHED_LIMIT ? 'the limit that was published for this network' : 'of your calibration';
  const taken = knownCount === 0 ? '' : ` Taken for a calibration: ${count(knownCount)}.`;
  return `A face is named up to a distance of ${distance(limit)}, ${origin}.${taken}`;
}

export function sayCalibration({assurance, tooFew}: Calibration, limit: number): string {
  const promise = `that ${percent(GOAL.accept)} of new pictures of these people are named`;
  const {samples, needed, confidence} = assurance;
  return (
    `The limit of ${count(samples)} is ${distance(limit)}. It holds with a probability of ${percent(confidence)} ${promise}.` +
    (tooFew ? ` For ${percent(GOAL.confidence)} it takes ${String(needed)}.` : '') +
    ' How many strangers are named, it does not say.'
  );
}

export function sayKeeping({isKeeping, isSealed}: Keeping): string {
  if (!isKeeping) {
    return 'Nobody is kept: with this tab all is gone.';
  }
  return isSealed
    ? 'They are kept in this browser, encrypted: without the passphrase nobody can read them.'
    : 'They are kept in this browser. Whoever uses it can read them.';
}

function distance(value: number): string {
  return value.toFixed(2);
}

/** Rounded down: no more is said than is known. */
function percent(share: number): string {
  return `${String(Math.floor(100 * share + 1e-9))} %`;
}

function count(pictures: number): string {
  return pictures === 1 ? '1 picture' : `${String(pictures)} pictures`;
}
