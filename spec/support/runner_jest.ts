import process from 'node:process';
import {createEmptyTestResult} from '@jest/test-result';
import type {AssertionResult, Test, TestResult} from '@jest/test-result';
import {formatResultsErrors} from 'jest-message-util';
import type {
  CallbackTestRunnerInterface,
  Config,
  OnTestFailure,
  OnTestStart,
  OnTestSuccess,
  TestWatcher,
} from 'jest-runner';
import {CHROMIUM, FIREFOX} from './browsers.js';
import type {DrivenBrowser} from './browsers.js';
import {BrowserSession} from './runner_browser.js';
import type {Run} from './runner_browser.js';
import type {Place, SpecResult} from './runner_results.js';

/**
 * Runs spec files in browsers and hands Jest their results. The place is in the runner's options of the project that a
 * file runs in.
 */
export class BrowserRunner implements CallbackTestRunnerInterface {
  readonly supportsEventEmitters = false;
  /** Keeps Jest from starting workers, which these files do not run in. */
  readonly isSerial = true;
  private readonly globalConfig: Config.GlobalConfig;

  constructor(globalConfig: Config.GlobalConfig) {
    this.globalConfig = globalConfig;
  }

  async runTests(
    tests: Test[],
    watcher: TestWatcher,
    onStart: OnTestStart,
    onResult: OnTestSuccess,
    onFailure: OnTestFailure,
  ): Promise<void> {
    for (const browser of [CHROMIUM, FIREFOX]) {
      const its = tests.filter((test) => placeOf(test).browser === browser.name);
      const missing = browser.missing();
      if (missing) {
        await Promise.all(
          its.map(async (test) => {
            await onStart(test);
            await this.skip(test, missing, onResult, onFailure);
          }),
        );
      } else if (its.length > 0) {
        await this.runIn(browser, its, watcher, onStart, onResult, onFailure);
      }
    }
  }

  private async runIn(
    browser: DrivenBrowser,
    tests: Test[],
    watcher: TestWatcher,
    onStart: OnTestStart,
    onResult: OnTestSuccess,
    onFailure: OnTestFailure,
  ): Promise<void> {
    const files = [...new Set(tests.map(({path}) => path))];
    const session = await BrowserSession.open(browser, this.globalConfig.rootDir, files);
    try {
      const runTest = async (test: Test) => {
        if (watcher.isInterrupted()) {
          return;
        }
        await onStart(test);
        const start = Date.now();
        const place = placeOf(test);
        const run = await session.run(test.path, place, this.globalConfig.testNamePattern);
        if (run?.specs.length === 0 && run.errors.length > 0) {
          // Of a result without specs Jest says no more than that there are none.
          throw new Error(run.errors.join('\n\n'));
        }
        if (run) {
          await onResult(test, this.resultOf(test, run, start));
        } else {
          const reason = `This ${browser.name} does not have the backend ${place.backend}.`;
          await this.skip(test, reason, onResult, onFailure);
        }
      };
      // Each takes the next file from all that are left.
      const left = tests.values();
      const runTests = async () => {
        for (const test of left) {
          await runTest(test).catch((error: unknown) => onFailure(test, serializable(error as Error)));
        }
      };
      await Promise.all(Array.from({length: this.globalConfig.maxWorkers}, runTests));
    } finally {
      await session.close();
    }
  }

  /** Where a backend must be there its absence is a failure; else it is told. */
  private async skip(test: Test, reason: string, onResult: OnTestSuccess, onFailure: OnTestFailure): Promise<void> {
    if (process.env['CI'] === 'true') {
      await onFailure(test, {message: reason, stack: reason, code: undefined, type: 'Error'});
      return;
    }
    const skipped: SpecResult = {ancestorTitles: [], title: reason, status: 'pending', duration: 0, failures: []};
    await onResult(test, this.resultOf(test, {specs: [skipped], errors: [], messages: []}, Date.now()));
  }

  private resultOf(test: Test, {specs, errors, messages}: Run, start: number): TestResult {
    const {config} = test.context;
    const testResults = specs.map(assertionOf);
    const count = (status: SpecResult['status']) => specs.filter((spec) => spec.status === status).length;
    const end = Date.now();
    const empty = createEmptyTestResult();
    const result: TestResult = {
      ...empty,
      testFilePath: test.path,
      numPassingTests: count('passed'),
      numFailingTests: count('failed'),
      numPendingTests: count('pending'),
      skipped: false,
      testResults,
      perfStats: {
        ...empty.perfStats,
        start,
        end,
        runtime: end - start,
        slow: end - start > config.slowTestThreshold * 1000,
      },
      failureMessage: formatResultsErrors(testResults, config, this.globalConfig, test.path),
    };
    if (config.displayName) {
      result.displayName = config.displayName;
    }
    if (messages.length > 0) {
      result.console = messages.map(({type, text}) => ({type, message: text, origin: ''}));
    }
    if (errors.length > 0) {
      const stack = errors.join('\n\n');
      result.testExecError = {message: stack, stack, code: undefined, type: 'Error'};
      result.failureMessage = [result.failureMessage, stack].join('\n');
    }
    return result;
  }
}

function placeOf({context: {config}}: Test): Place {
  const {browser, backend, isIsolated, flags = {}} = config.runnerOptions;
  return {
    browser: String(browser),
    backend: String(backend),
    isIsolated: isIsolated === true,
    flags: flags as Place['flags'],
  };
}

function assertionOf({ancestorTitles, title, status, duration, failures}: SpecResult): AssertionResult {
  return {
    ancestorTitles,
    title,
    fullName: [...ancestorTitles, title].join(' '),
    status,
    duration,
    failureMessages: failures,
    failureDetails: [],
    numPassingAsserts: 0,
    location: null,
  };
}

function serializable({message, stack}: Error): {code: undefined; message: string; stack: string; type: string} {
  return {code: undefined, message, stack: stack ?? message, type: 'Error'};
}
