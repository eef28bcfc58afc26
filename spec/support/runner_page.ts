import * as tf from '@tensorflow/tfjs';
import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import {expect} from 'expect';
import {globals, installGlobals} from 'jasmine-core';
import type {Failure} from 'jasmine-core';
import type {FileResult, SpecResult} from './runner_results.js';

/** Chromium computes WebGL and WebGPU on the CPU where there is no GPU, and then takes its time. */
const SPEC_TIMEOUT_MS = 60_000;

/**
 * Runs a spec file in this page, on this backend. Jasmine has the globals of Jest, and `expect` is Jest's own, so that
 * the file is the one that runs in Node.
 */
export async function runSpecFile(url: string, backend: string, namePattern: string): Promise<FileResult | undefined> {
  tf.enableProdMode();
  setWasmPaths('/wasm/');
  if (!(await tf.setBackend(backend).catch(() => false))) {
    return undefined;
  }
  installGlobals();
  Object.assign(globalThis, {expect});
  globals.jasmine.DEFAULT_TIMEOUT_INTERVAL = SPEC_TIMEOUT_MS;

  const specs: SpecResult[] = [];
  const errors: string[] = [];
  const titles: string[] = [];
  const env = globals.jasmine.getEnv();
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
    await import(url);
    await env.execute();
  } catch (error) {
    errors.push(String((error as Error).stack));
  }
  return {specs, errors};
}

function stackOf({message, stack}: Failure): string {
  return stack.includes(message) ? stack : `${message}\n${stack}`;
}
