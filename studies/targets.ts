import {toTerminal} from './tables.js';
import type {Rows} from './tables.js';

/**
 * What the project wants, and what was measured. Targets are for those who develop: a study prints them, and no page of the
 * documentation has them.
 */
export interface Target {
  /** What is measured: a backend, or a network. */
  subject: string;
  text: string;
  measured: string;
  isReached: boolean;
}

export function targetRows(targets: readonly Target[]): Rows {
  return {
    head: ['', 'target', 'measured', ''],
    numeric: [false, false, true, false],
    body: targets.map(({subject, text, measured, isReached}) => [
      subject,
      text,
      measured,
      isReached ? 'reached' : 'missed',
    ]),
  };
}

export function printTargets(targets: readonly Target[]): void {
  console.log(`\nTargets\n${toTerminal(targetRows(targets))}`);
}

/** Throws if one is missed, so that the command fails. Call it last: what was measured is to be saved first. */
export function expectReached(targets: readonly Target[]): void {
  const missed = targets.filter(({isReached}) => !isReached);
  if (missed.length > 0) {
    const lines = missed.map(({subject, text, measured}) => `- ${subject}: ${text}, but measured ${measured}`);
    throw new Error(
      `${missed.length} of ${targets.length} targets are missed; studies/README.md says what is known of that.\n${lines.join('\n')}`,
    );
  }
}
