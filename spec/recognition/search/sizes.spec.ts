import {magnitudeOf, Sizes} from '../../../lib/recognition/search/sizes.js';

function sizesOf(...values: number[]): Sizes {
  const sizes = new Sizes();
  values.forEach((value) => {
    sizes.add(value);
  });
  return sizes;
}

describe('Sizes', () => {
  it('have a magnitude, the power of 2 that they reach', () => {
    expect([1, 1.9, 2, 0.5, 0.49, 1e300].map(magnitudeOf)).toEqual([0, 0, 1, -1, -2, 996]);
    expect(magnitudeOf(Number.MIN_VALUE)).toBe(-1074);
    expect(magnitudeOf(0)).toBe(-1075);
  });

  it('know the largest, also when it goes', () => {
    const sizes = sizesOf(3, 100, 70, 0);
    expect(sizes.largestBelow(Infinity)).toBe(100);
    expect(sizes.largestBelow(magnitudeOf(70))).toBe(3);
    sizes.delete(100);
    // 70 is of the same magnitude: an upper bound, less than twice as large.
    expect(sizes.largestBelow(Infinity)).toBe(100);
    sizes.delete(70);
    expect(sizes.largestBelow(Infinity)).toBe(3);
    sizes.delete(3);
    sizes.delete(0);
    expect(sizes.largestBelow(Infinity)).toBe(0);
    sizes.add(2);
    expect(sizes.largestBelow(Infinity)).toBe(2);
  });

  it('count themselves by magnitude', () => {
    const sizes = sizesOf(1, 1.5, 2, 5, 5, 5, 900);
    expect(sizes.countBetween(0, 1)).toBe(2);
    expect(sizes.countBetween(1, 3)).toBe(4);
    expect(sizes.countBetween(3, 3)).toBe(0);
    expect(sizes.countBetween(-Infinity, Infinity)).toBe(7);
  });

  it('tell what more than a few reach', () => {
    const sizes = sizesOf(1, 1.5, 2, 5, 5, 5, 900);
    expect([0, 1, 3, 3.5, 4, 5, 6].map((few) => sizes.magnitudeOfMoreThan(few))).toEqual([9, 2, 2, 2, 1, 0, 0]);
    expect(sizes.magnitudeOfMoreThan(7)).toBe(-Infinity);
  });
});
