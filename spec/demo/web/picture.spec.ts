import {findInk, placeInk} from '../../../demo/web/page/picture.js';

/** Alpha of a drawing of 8 x 8. */
const drawing = (...inked: (readonly [x: number, y: number, alpha: number])[]) => {
  const alpha = new Uint8Array(64);
  for (const [x, y, value] of inked) {
    alpha[y * 8 + x] = value;
  }
  return alpha;
};

describe('findInk', () => {
  test('gives the box around the ink and its center of mass', () => {
    expect(findInk(drawing([2, 1, 200], [2, 5, 100], [4, 1, 100]), 8)).toEqual({
      left: 2,
      top: 1,
      width: 3,
      height: 5,
      x: 3,
      y: 2.5,
    });
  });

  test('finds none on paper, nor in what is hardly to be seen', () => {
    expect(findInk(drawing(), 8)).toBeUndefined();
    expect(findInk(drawing([3, 3, 5]), 8)).toBeUndefined();
  });
});

describe('placeInk', () => {
  test('makes the longer side 20 pixels and puts the center of mass into the middle of 28', () => {
    // Twice as high as wide, its mass in the upper half.
    const placed = placeInk({left: 10, top: 40, width: 50, height: 100, x: 35, y: 65});
    expect(placed).toEqual({x: 9, y: 9, width: 10, height: 20});
  });
});
