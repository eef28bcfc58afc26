import type {Recognizer} from 'tfjs-center-loss/recognition';
import {distinct} from './digit_features.js';
import type {DigitFeatures} from './digit_features.js';

/** Shares of known pictures to accept. */
export const ASKED: readonly number[] = [0.9, 0.95, 0.99];

/** What share of new known pictures a calibrated recognizer accepts, for a share asked for. */
export interface AcceptedShare {
  asked: number;
  /** With one threshold for all digits: the share of all pictures. */
  accepted: number;
  /**
   * With a threshold for each digit: of each, in ascending order, the share of the pictures that are named rightly. That is what
   * `perClass` promises.
   */
  acceptedByDigit: number[];
}

/** Calibrates with held-back pictures and counts how many new ones are accepted. The labels are digits. */
export async function measureCalibration(
  recognizer: Recognizer,
  heldBack: DigitFeatures,
  fresh: DigitFeatures,
): Promise<AcceptedShare[]> {
  const calibrate = async (accept: number, perClass: boolean) => {
    await recognizer.calibrate(heldBack.features, heldBack.digits.map(String), {accept, perClass});
    const answers = await recognizer.identify(fresh.features, {k: 1});
    return answers.map(({accepted, nearest}, i) => ({
      accepted,
      isRight: nearest[0]?.label === String(fresh.digits[i]),
    }));
  };
  const shares: AcceptedShare[] = [];
  for (const asked of ASKED) {
    const accepted = share(await calibrate(asked, false));
    const byOwnThreshold = await calibrate(asked, true);
    shares.push({
      asked,
      accepted,
      acceptedByDigit: distinct(fresh.digits).map((digit) =>
        share(byOwnThreshold.filter(({isRight}, index) => isRight && fresh.digits[index] === digit)),
      ),
    });
  }
  return shares;
}

function share(answers: readonly {accepted: boolean}[]): number {
  return answers.filter(({accepted}) => accepted).length / answers.length;
}

/** The largest of some differences, whatever their sign. */
export function farthest(differences: readonly number[]): number {
  return Math.max(...differences.map(Math.abs));
}
