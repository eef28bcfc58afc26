import process from 'node:process';

import {Bar, timeLeft} from '../../demo/node/bar.js';

describe('Bar', () => {
  let written: string;

  beforeEach(() => {
    written = '';
    Object.defineProperty(process.stdout, 'columns', {value: 80, configurable: true, writable: true});
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('writes its line over, and at its end leaves the last one and the cursor', () => {
    const bar = new Bar();
    bar.show(0.25, (drawn) => `epoch 1 ${drawn}`);
    bar.show(1, (drawn) => `epoch 1 ${drawn}`);
    bar.end();
    bar.end();
    const [hide, clear, show] = ['\x1b[?25l', '\x1b[0K', '\x1b[?25h'];
    expect(written).toBe(
      `${hide}\x1b[1Gepoch 1 ████░░░░░░░░░░░░ 25%${clear}\x1b[1Gepoch 1 ████████████████ 100%${clear}${show}\n`,
    );
  });

  test('does not touch the terminal if it was never shown', () => {
    new Bar().end();
    expect(written).toBe('');
  });
});

describe('timeLeft', () => {
  test('takes the rest to be like what is done', () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    const left = timeLeft();
    now.mockReturnValue(10_000);
    expect([left(0.5), left(0.01), left(1)]).toEqual(['10 s', '17 min', '0 s']);
    now.mockRestore();
  });
});
