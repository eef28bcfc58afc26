/** The answer to: who is it? */
export interface Identification {
  /** The label of the nearest class, if the sample is accepted as one of it; undefined: none of these. */
  label: string | undefined;
  accepted: boolean;
  /** The k nearest classes, the nearest first; of equally near ones the one enrolled first. */
  nearest: {label: string; score: number}[];
}

/** The answer to: are these two the same? */
export interface Verification {
  same: boolean;
  /** Higher means more alike. */
  score: number;
}
