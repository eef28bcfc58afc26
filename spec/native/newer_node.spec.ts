import {execFileSync} from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import {pathToFileURL} from 'node:url';
import {readPage} from '../docs/page.js';

const ROOT = path.join(__dirname, '../..');

/** Prints what native TensorFlow adds. */
const PROGRAM = `
  import {createRequire} from 'node:module';
  const tf = createRequire('${pathToFileURL(path.join(ROOT, 'output/native/package.json')).href}')('@tensorflow/tfjs-node');
  console.log(tf.getBackend(), tf.add(1, 2).dataSync()[0]);`;

/** All that the program says, in a process of its own, which ends by itself. */
function outputOf(program: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: {...process.env, TF_CPP_MIN_LOG_LEVEL: '1'},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('On any Node.js, of 23 and later as well', () => {
  const {sections} = readPage(path.join(ROOT, 'docs/guide.md'));
  const section = sections.find(({title}) => title === 'Native TensorFlow in Node.js 23 and later');
  const advice = section?.blocks.map(({code}) => code).join('\n') ?? '';

  it('the line of the guide makes native TensorFlow compute', () => {
    expect(advice).toContain('??=');
    expect(outputOf(advice + PROGRAM)).toContain('tensorflow 3');
  });

  it('without it TensorFlow.js misses what Node.js has no longer: when it does not, the guide needs no such line', () => {
    const isNewer = Number.parseInt(process.versions.node) >= 23;
    const bare = () => outputOf(PROGRAM);
    if (isNewer) {
      expect(bare).toThrow('isNullOrUndefined');
    } else {
      expect(bare()).toContain('tensorflow 3');
    }
  });
});
