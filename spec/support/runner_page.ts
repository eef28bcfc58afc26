import * as tf from '@tensorflow/tfjs';
import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import {expect} from 'expect';
import type {FileResult, Place, SpecResult} from './runner_results.js';

/** What is used of jasmine-core, whose published types would claim the globals that are Jest's here. */
interface Jasmine {
  DEFAULT_TIMEOUT_INTERVAL: number;
  getEnv(): {
    configure(options: {random: boolean; specFilter: (spec: {getFullName(): string}) => boolean}): void;
    addReporter(reporter: {
      suiteStarted(suite: Suite): void;
      suiteDone(suite: Suite): void;
      specDone(spec: Spec): void;
      jasmineDone(run: {failedExpectations: Failure[]}): void;
    }): void;
    execute(): Promise<unknown>;
  };
}

interface Suite {
  description: string;
  failedExpectations: Failure[];
}

interface Spec extends Suite {
  status: SpecResult['status'] | 'excluded';
  duration: number | null;
}

interface Failure {
  message: string;
  stack: string;
}

/** Chromium computes WebGL and WebGPU on the CPU where there is no GPU, and then takes its time. */
const SPEC_TIMEOUT_MS = 60_000;

/**
 * Runs a spec file in this page, on this backend with these flags of TensorFlow.js. Jasmine, which the page has loaded, has the globals of Jest, and
 * `expect` is Jest's own, so that the file is the one that runs in Node.
 *
 * @returns Undefined if the browser does not have the backend.
 */
export async function runSpecFile(
  url: string,
  {backend, flags}: Pick<Place, 'backend' | 'flags'>,
  namePattern: string,
): Promise<FileResult | undefined> {
  tf.env().setFlags(flags);
  tf.enableProdMode();
  setWasmPaths('/wasm/');
  if (!(await tf.setBackend(backend).catch(() => false))) {
    return undefined;
  }
  Object.assign(globalThis, {expect});
  failSpecsWithoutAssertions();
  const {jasmine} = globalThis as unknown as {jasmine: Jasmine};
  jasmine.DEFAULT_TIMEOUT_INTERVAL = SPEC_TIMEOUT_MS;

  const specs: SpecResult[] = [];
  const errors: string[] = [];
  const titles: string[] = [];
  const env = jasmine.getEnv();
  env.addReporter({
    suiteStarted: ({description}) => titles.push(description),
    suiteDone: ({failedExpectations}) => {
      titles.pop();
      errors.push(...failedExpectations.map(stackOf));
    },
    specDone: ({description, status, duration, failedExpectations}) => {
      if (status !== 'excluded') {
        const failures = failedExpectations.map(stackOf);
        specs.push({ancestorTitles: [...titles], title: description, status, duration, failures});
      }
    },
    jasmineDone: ({failedExpectations}) => errors.push(...failedExpectations.map(stackOf)),
  });
  const pattern = new RegExp(namePattern, 'i');
  env.configure({random: false, specFilter: (spec) => pattern.test(spec.getFullName())});
  try {
    // By now its `beforeEach` is one of Jasmine's.
    await import('./same_random_numbers.js');
    await import(url);
    await env.execute();
  } catch (error) {
    errors.push(String((error as Error).stack));
  }
  return {specs, errors};
}

/** As assertions.ts does in Node.js, where Jest looks at the count; here nobody else does. */
function failSpecsWithoutAssertions(): void {
  beforeEach(() => {
    expect.hasAssertions();
  });
  // The outermost, and so the last of them to run.
  afterEach(() => {
    for (const {error} of expect.extractExpectedAssertionsErrors()) {
      throw error;
    }
  });
}

function stackOf({message, stack}: Failure): string {
  // Jasmine prints all that an error has: with Jest's the message once more.
  const frames = stack.replace(/^error properties: .*?(?=\n\s+at )/ms, '');
  return frames.includes(message) ? frames : `${message}\n${frames}`;
}
