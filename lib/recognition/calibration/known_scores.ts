import {quote, ValueError} from '../../errors.js';
import type {Scored} from '../scoring.js';

/** So many scores are kept at most. */
const MAX_SCORES = 1000;

/** What samples of a calibration scored, ascending: at most 1,000 quantiles, so that a share is right to a thousandth. */
export interface KnownScores {
  /** Known samples, for the class that they are nearest to; undefined before calibration. */
  samples: readonly number[] | undefined;
  /** Pairs of them with the same label; undefined if there are none. */
  pairs: readonly number[] | undefined;
}

export function knownScores({known, same}: Scored): KnownScores {
  return {samples: quantilesOf(known.map(({score}) => score)), pairs: quantilesOf(same)};
}

/** All scores ascending, or of more than 1,000 the lowest ones that 0.1, 0.2, ... 100 % do not exceed; undefined without any. */
function quantilesOf(scores: readonly number[]): number[] | undefined {
  const ascending = Float64Array.from(scores).sort();
  const {length} = ascending;
  const count = Math.min(length, MAX_SCORES);
  const quantile = (i: number) => ascending[Math.ceil(((i + 1) * length) / count) - 1] ?? NaN;
  return count > 0 ? Array.from({length: count}, (_, i) => quantile(i)) : undefined;
}

/** Which share of the scores is at most as high; of more than 1,000 rounded down to a thousandth; undefined without any. */
export function shareUpTo(ascending: readonly number[] | undefined, score: number): number | undefined {
  if (!ascending) {
    return undefined;
  }
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? NaN) <= score) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low / ascending.length;
}

/** @throws ValueError for what a saved recognizer has not as scores. */
export function readKnownScores(samples: unknown, pairs: unknown, caller: string): KnownScores {
  return {samples: readScores(samples, 'scores', caller), pairs: readScores(pairs, 'pairScores', caller)};
}

function readScores(scores: unknown, name: string, caller: string): readonly number[] | undefined {
  if (scores === undefined) {
    return undefined;
  }
  const read: unknown[] = Array.isArray(scores) ? scores.slice(0, MAX_SCORES + 1) : [];
  const isAscending = Array.from(read).every(
    (score, i) => Number.isFinite(score) && !(Number(score) < Number(read[i - 1])),
  );
  if (!isAscending || read.length === 0 || read.length > MAX_SCORES) {
    throw new ValueError(
      `${caller}: expected ${name} to be 1 to ${MAX_SCORES} ascending numbers, but got ${quote(scores)}.`,
    );
  }
  return read as number[];
}
