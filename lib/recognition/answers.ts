/** The answer to: who is it? */
export interface Identification {
  /** The label of the nearest class, if the sample is accepted as one of it; undefined: none of these. */
  label: string | undefined;
  accepted: boolean;
  /**
   * How typical this is of what is known, from 0 to 1: of the known samples of the calibration, the share that scores at
   * most as much, each for the class that it is nearest to; of more than 1,000 samples, rounded down to a thousandth. Undefined before
   * calibration.
   */
  typicality: number | undefined;
  /** The k nearest classes, the nearest first; of equally near ones the one enrolled first. */
  nearest: {
    label: string;
    score: number;
    /** The name of the template that scores this, if the class has several. */
    template?: string;
  }[];
}

/** The answer to: are these two the same? */
export interface Verification {
  same: boolean;
  /** Higher means more alike. */
  score: number;
  /**
   * From 0 to 1: of the pairs of the calibration with the same label, the share that scores at most as much; of more than 1,000
   * rounded down to a thousandth. Undefined if there were none.
   */
  typicality: number | undefined;
}
