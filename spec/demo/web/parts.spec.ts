import {settingsFromAddress, DEFAULTS} from '../../../demo/web/page/address.js';
import {frameView, glide} from '../../../demo/web/page/view.js';
import {sentenceFor} from '../../../demo/web/worker/sentence.js';
import {Turns} from '../../../demo/web/worker/turns.js';

describe('sentenceFor', () => {
  test('says what helps where memory is short', () => {
    expect(sentenceFor(new RangeError('Array buffer allocation failed'), 'webgl')).toBe(
      'The memory did not suffice for training on WebGL. ' +
        'Please choose a smaller batch or another backend, and press Start.',
    );
  });

  test('gives the reason of anything else', () => {
    expect(sentenceFor(new Error('Context lost.'), 'webgpu')).toBe(
      'Training on WebGPU has stopped: Context lost. Another backend may help.',
    );
  });
});

describe('settingsFromAddress', () => {
  test('takes what is usable and leaves the rest at its default', () => {
    expect(settingsFromAddress('?backend=cpu&samples=100&epochs=0&network=deep&batchSize=1.5')).toEqual({
      ...DEFAULTS,
      backend: 'cpu',
      samples: 100,
    });
  });
});

describe('the view', () => {
  const square = new Float32Array([-1, -1, 1, 1, -1, 1, 1, -1]);

  test('holds all points, centers and the drawing, with a margin', () => {
    const centers = new Float32Array([0, 0]);
    expect(frameView(square, centers)).toEqual({x: 0, y: 0, radius: expect.closeTo(1.15, 6)});
    expect(frameView(square, centers, {x: 9, y: 0})).toEqual({x: 4, y: 0, radius: expect.closeTo(5.75, 6)});
  });

  test('never vanishes, and lets points that are no numbers be', () => {
    expect(frameView(new Float32Array([2, 2, NaN, NaN]), new Float32Array([2, 2]))).toEqual({x: 2, y: 2, radius: 1e-3});
  });

  test('glides most of the way in a second', () => {
    const {radius} = glide({x: 0, y: 0, radius: 1}, {x: 0, y: 0, radius: 2}, 1000);
    expect(radius).toBeGreaterThan(1.95);
    expect(radius).toBeLessThan(2);
  });
});

describe('Turns', () => {
  test('are taken in the order in which they were asked for, each after the one before has ended', async () => {
    const turns = new Turns();
    const done: string[] = [];
    const slow = turns.take(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      done.push('slow');
    });
    const broken = turns.take(() => {
      done.push('broken');
      throw new Error('Broken.');
    });
    const last = turns.take(() => done.push('last'));
    await expect(broken).rejects.toThrow('Broken.');
    expect(await last).toBe(3);
    await slow;
    expect(done).toEqual(['slow', 'broken', 'last']);
  });
});
