import {encode, MAX_ROW_CODE, maxQueryCode} from '../../../lib/recognition/search/codes.js';
import {normalNumbers} from '../../support/random.js';

function encoded(values: readonly number[], maxCode = MAX_ROW_CODE) {
  const codes = new Int16Array(values.length + 2).fill(-1);
  const coding = encode(Float32Array.of(NaN, ...values), 1, values.length, maxCode, codes, 1);
  return {...coding, codes: [...codes.subarray(1, -1)], beside: [codes[0], codes.at(-1)]};
}

describe('Codes of numbers', () => {
  it('are whole numbers up to the largest code, which stand for themselves times a factor', () => {
    const {codes, factor, beside} = encoded([0.5, -1, 0.25, 0]);
    expect(codes).toEqual([64, -127, 32, 0]);
    expect(factor).toBe(Math.fround(1 / 127));
    expect(beside).toEqual([-1, -1]);
  });

  it.each([127, 3382, 32_767])(
    'leave out what is told, and at most half a code of each number, with codes up to %d',
    (most) => {
      const values = [...Float32Array.from(normalNumbers(300, 1))];
      const {codes, factor, error} = encoded(values, most);
      const left = values.map((value, d) => value - (codes[d] ?? NaN) * factor);
      expect(Math.max(...codes.map(Math.abs))).toBe(most);
      expect(Math.max(...left.map(Math.abs))).toBeLessThanOrEqual(0.5001 * factor);
      expect(error).toBeCloseTo(Math.hypot(...left), 12);
      expect(error).toBeGreaterThan(0);
    },
  );

  it.each([
    ['nothing but zeros', [0, 0, 0], 0],
    ['numbers too small for a factor in float32', [1e-40, 0, -2e-40], Math.hypot(1e-40, 2e-40)],
  ])('are zeros for %s', (_, values, left) => {
    const {codes, error} = encoded(values);
    expect(codes).toEqual([0, 0, 0]);
    expect(Math.abs(error - left)).toBeLessThan(1e-44);
  });

  it.each([1, 128, 515, 516, 10_000])(
    'of rows and queries of width %d have products that fit into 32 bits',
    (width) => {
      const largestSum = MAX_ROW_CODE * maxQueryCode(width) * width;
      expect(largestSum).toBeLessThan(2 ** 31);
      // As large as they can be, since what queries leave out costs time.
      expect(maxQueryCode(width) === 32_767 || largestSum > 0.99 * 2 ** 31).toBe(true);
    },
  );
});
