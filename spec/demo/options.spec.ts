import {parseOptions} from '../../demo/node/options.js';

/** What commander prints, and the error that it throws then. */
function parse(...argv: string[]): {output: string; error: unknown} {
  let output = '';
  const write = (text: string | Uint8Array) => {
    output += String(text);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write').mockImplementation(write));
  try {
    parseOptions(argv);
    return {output, error: undefined};
  } catch (error) {
    return {output, error};
  } finally {
    spies.forEach((spy) => {
      spy.mockRestore();
    });
  }
}

test('the defaults are those of the trial', () => {
  expect(parseOptions([])).toEqual({
    epochs: 8,
    batchSize: 128,
    samples: 60000,
    featureDim: 2,
    alpha: 0.6,
    lossWeight: 0.256,
    seed: 1,
    backend: 'wasm',
    network: 'dense',
    output: 'output',
    baseline: true,
    perClass: false,
  });
});

test('every option is taken', () => {
  const argv =
    '--epochs 3 --batch-size 64 --samples 1000 --feature-dim 16 --alpha 0.25 --loss-weight 1e-3 --seed 7 ' +
    '--backend tensorflow --network convolutional --output elsewhere --no-baseline --per-class';
  expect(parseOptions(argv.split(' '))).toEqual({
    epochs: 3,
    batchSize: 64,
    samples: 1000,
    featureDim: 16,
    alpha: 0.25,
    lossWeight: 0.001,
    seed: 7,
    backend: 'tensorflow',
    network: 'convolutional',
    output: 'elsewhere',
    baseline: false,
    perClass: true,
  });
});

test('--help lists the options', () => {
  const {output, error} = parse('--help');
  expect(error).toMatchObject({exitCode: 0});
  for (const option of [
    '--epochs',
    '--batch-size',
    '--samples',
    '--feature-dim',
    '--alpha',
    '--loss-weight',
    '--seed',
    '--backend',
    '--network',
    '--output',
    '--no-baseline',
    '--per-class',
  ]) {
    expect(output).toContain(option);
  }
});

test.each([
  ['--epochs', '0', 'Expected a whole number of at least 1.'],
  ['--epochs', '1.5', 'Expected a whole number of at least 1.'],
  ['--epochs', '1e99', 'Expected a whole number of at least 1.'],
  ['--batch-size', '-1', 'Expected a whole number of at least 1.'],
  ['--samples', '60001', 'Expected a whole number from 1 to 60000.'],
  ['--feature-dim', '0', 'Expected a whole number from 1 to 1024.'],
  ['--feature-dim', 'two', 'Expected a whole number from 1 to 1024.'],
  ['--alpha', '1.1', 'Expected a number from 0 to 1.'],
  ['--alpha', '', 'Expected a number from 0 to 1.'],
  ['--loss-weight', '-0.1', 'Expected a number of at least 0.'],
  ['--loss-weight', 'Infinity', 'Expected a number of at least 0.'],
  ['--seed', '0', 'Expected a whole number of at least 1.'],
  ['--backend', 'webgl', 'Allowed choices are wasm, cpu, tensorflow.'],
  ['--network', 'recurrent', 'Allowed choices are dense, convolutional.'],
])('%s %p is refused', (option, value, message) => {
  const {output, error} = parse(option, value);
  expect(error).toMatchObject({name: 'CommanderError', exitCode: 1});
  expect(output).toContain(`argument '${value}' is invalid. ${message}`);
});

test.each([
  [['--epoch', '3'], "unknown option '--epoch'"],
  [['--seed'], "option '--seed <n>' argument missing"],
  [['3'], 'too many arguments'],
  [['--network', 'convolutional'], "option '--network convolutional' needs another --backend: wasm has no gradient"],
])('%p is refused', (argv, message) => {
  const {output, error} = parse(...argv);
  expect(error).toMatchObject({name: 'CommanderError', exitCode: 1});
  expect(output).toContain(message);
});
