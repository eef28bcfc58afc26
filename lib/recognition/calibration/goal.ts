import {quote, ValueError} from '../../errors.js';
import {checkOptions} from '../../options.js';
import type {Features} from '../features.js';
import type {Wish} from './promise.js';

/** What a recognizer is calibrated to: how many known samples it accepts, or how few unknown ones it lets in. */
export type CalibrationGoal = {
  /**
   * How likely it shall be, over the draw of the samples, that the share of new ones is kept: above 0 and below 1. Without it, the
   * share is kept on average over calibrations, and missed by nearly half of them.
   */
  readonly confidence?: number;
  /**
   * Whether the known samples are those that were enrolled; false by default. Each is then compared with its class as it would be
   * without it. So none has to be held out, and each class has to have two samples at least. The scores then share centers, and
   * what `confidence` promises is nearly kept, but not proven.
   */
  readonly leaveOneOut?: boolean;
} & (
  | {
      /** The share of known samples to accept, above 0 and at most 1; 0.95 by default. */
      readonly accept?: number;
      /**
       * Whether each class gets a threshold of its own; false by default. Of the samples of a class that are named rightly, a
       * share of at least `accept` is then accepted, for each class by itself, whatever the mixture of the classes is. What is
       * named wrongly, and accepted less often, is not counted: the share of all that is accepted can be smaller. With
       * `confidence`, the promise is that of each class by itself: that it is kept for all of them at once is less likely.
       */
      readonly perClass?: boolean;
      /** Samples of no known class, to learn how many of them are let in. */
      readonly unknown?: Features;
      readonly falseAccept?: never;
    }
  | {
      /** The share of unknown samples to let in at most, at least 0 and below 1. */
      readonly falseAccept: number;
      /** Samples of no known class. */
      readonly unknown: Features;
      readonly accept?: never;
      readonly perClass?: never;
    }
);

const GOAL_NAMES = ['accept', 'perClass', 'unknown', 'falseAccept', 'confidence', 'leaveOneOut'];

/** @throws ValueError for other names, shares out of range, and both goals or unknown samples where they are missing. */
export function checkGoal(goal: CalibrationGoal, caller: string): void {
  checkOptions(goal, GOAL_NAMES, caller);
  // Whoever writes JavaScript may combine them otherwise.
  const given: {[Key in keyof CalibrationGoal]: CalibrationGoal[Key] | undefined} = goal;
  const check = (name: keyof CalibrationGoal, expected: string, isRight: (value: unknown) => boolean) => {
    if (given[name] !== undefined && !isRight(given[name])) {
      throw new ValueError(`${caller}: expected ${name} to be ${expected}, but got ${quote(given[name])}.`);
    }
  };
  const isBoolean = (value: unknown) => typeof value === 'boolean';
  const isNumber = (value: unknown): value is number => typeof value === 'number';
  check('accept', 'above 0 and at most 1', (value) => isNumber(value) && value > 0 && value <= 1);
  check('perClass', 'true or false', isBoolean);
  check('leaveOneOut', 'true or false', isBoolean);
  check('confidence', 'above 0 and below 1', (value) => isNumber(value) && value > 0 && value < 1);
  check('falseAccept', 'at least 0 and below 1', (value) => isNumber(value) && value >= 0 && value < 1);
  if (given.falseAccept === undefined) {
    return;
  }
  if (given.accept !== undefined || given.perClass !== undefined) {
    throw new ValueError(`${caller}: expected falseAccept alone, but got ${quote(Object.keys(goal))}.`);
  }
  if (given.unknown === undefined) {
    throw new ValueError(`${caller}: expected unknown samples beside falseAccept, but got none.`);
  }
}

/** What a goal asks of a threshold: of known samples to accept a share, or of unknown ones to refuse the rest. */
export function wishOf({accept = 0.95, falseAccept, confidence}: CalibrationGoal): Wish {
  return {share: falseAccept === undefined ? accept : 1 - falseAccept, confidence};
}
