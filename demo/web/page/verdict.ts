import {NUM_CLASSES} from '../../mnist/idx.js';
import type {Answer, Sign} from '../protocol.js';

/** What an answer says, in words. */
export interface Verdict {
  kind: 'known' | 'unsure' | 'unknown';
  title: string;
  reason: string;
}

export function verdictOf(answer: Answer, signs: readonly Sign[], acceptedShare: number): Verdict {
  const {accepted, digit, fartherOut} = answer;
  const classId = answer.nearest[0]?.classId ?? NaN;
  const farther = `${fartherOut} of 100 known digits lie farther out`;
  if (!accepted) {
    const needed = Math.round(100 * (1 - acceptedShare));
    return {kind: 'unknown', title: 'Unlike all it knows', reason: `Only ${farther}; below ${needed} it refuses.`};
  }
  const reason = `${farther} than this.`;
  if (classId < NUM_CLASSES && classId !== digit) {
    return {kind: 'unsure', title: `Between ${classId} and ${digit}: unsure`, reason};
  }
  const name = classId < NUM_CLASSES ? `${classId === 8 ? 'an' : 'a'} ${classId}` : titleOf(classId, signs);
  return {kind: 'known', title: `This is ${name}`, reason};
}

/** A digit, or the name of a sign. */
export function titleOf(classId: number, signs: readonly Sign[]): string {
  return classId < NUM_CLASSES ? String(classId) : `“${signs[classId - NUM_CLASSES]?.name ?? ''}”`;
}

/** From 0, far away, to 1, in the center; one half is the limit. */
export function nearness(distance: number, limit: number): number {
  return limit / (limit + distance);
}
