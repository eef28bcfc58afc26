import {LabelIndex} from '../../lib/recognition/label_index.js';
import {mulberry32} from '../support/random.js';

describe('The index of labels', () => {
  it('finds what was added, and nothing else, as a Map does', () => {
    const random = mulberry32(3);
    const labels: (string | undefined)[] = [];
    const index = new LabelIndex(labels);
    const expected = new Map<string, number>();
    for (let step = 0; step < 20_000; step++) {
      const label = String(Math.floor(3000 * random()));
      const known = expected.get(label);
      expect(index.rowOf(label)).toBe(known);
      if (known === undefined) {
        index.reserveMore(1);
        labels.push(label);
        expect(index.add(label, labels.length - 1)).toBeUndefined();
        expected.set(label, labels.length - 1);
      } else if (random() < 0.5) {
        index.delete(label);
        labels[known] = undefined;
        expected.delete(label);
      } else {
        expect(index.add(label, 7)).toBe(known);
      }
      if (step % 5000 === 4999) {
        // All move together.
        const left = labels.filter((one) => one !== undefined);
        labels.splice(0, labels.length, ...left);
        left.forEach((one, row) => expected.set(one, row));
        index.rebuild();
      }
    }
    expect(expected.size).toBeGreaterThan(500);
    for (const [label, row] of expected) {
      expect(index.rowOf(label)).toBe(row);
    }
  });

  it('tells labels apart that no object would', () => {
    const labels = ['__proto__', 'constructor', 'toString', '', '\0', '\ud800', 'ab', 'ba', 'x'.repeat(100_000)];
    const index = new LabelIndex(labels);
    index.reserveMore(labels.length);
    labels.forEach((label, row) => index.add(label, row));
    expect(labels.map((label) => index.rowOf(label))).toEqual(labels.map((_, row) => row));
    expect(index.rowOf('hasOwnProperty')).toBeUndefined();
  });

  it('looks at few labels for one, however many there are', () => {
    const count = 100_000;
    let looks = 0;
    const own: string[] = [];
    const labels = new Proxy(own, {
      get(target, key) {
        looks++;
        return Reflect.get(target, key) as unknown;
      },
    });
    const index = new LabelIndex(labels);
    index.reserveMore(count);
    looks = 0;
    for (let row = 0; row < count; row++) {
      own.push(`class ${row}`);
      index.add(`class ${row}`, row);
    }
    // About a half: so often one stands where a new label is looked for, while the table fills to a half.
    expect(looks).toBeLessThan(count);
  });
});
