import {InvalidArgumentError} from 'commander';

/** Reads a number of an option of commander. */
export function number(min: number, max = Number.MAX_VALUE) {
  return (text: string): number => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!(value >= min && value <= max)) {
      throw new InvalidArgumentError(`Expected a number ${range(min, max)}.`);
    }
    return value;
  };
}

/** Reads a whole number of an option of commander. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) {
      throw new InvalidArgumentError(`Expected a whole number ${range(min, max)}.`);
    }
    return value;
  };
}

function range(min: number, max: number): string {
  return max >= Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
}
