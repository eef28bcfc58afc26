const Table = require('cli-table3');

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

const {HOW_TO_BUILD} = require('../../scripts/native_tensorflow.cjs');

const CHROMIUM = "Debian's Chromium brings what it needs: apt-get update && apt-get install --yes chromium";
const FIREFOX =
  "Debian's Firefox brings what it needs: apt-get update && apt-get install --yes firefox-esr. " +
  'It has WebGL where there is a display: xvfb-run of the package xvfb makes one.';
const WEBGPU = `npm run install:webgpu brings it. ${CHROMIUM}`;

/** Shows for each backend how many of the behaviour specs have run on it. */
module.exports = class BackendTableReporter {
  /**
   * @param {unknown} _globalConfig
   * @param {{backends: string[]}} options The names of the projects that run on a backend.
   */
  constructor(_globalConfig, {backends}) {
    this.backends = backends;
    /** @type {Map<string | undefined, Counts>} */
    this.counts = new Map();
  }

  /**
   * @param {import('@jest/test-result').Test} test
   * @param {import('@jest/test-result').TestResult} result
   */
  onTestResult({context}, {numPassingTests, numFailingTests, numPendingTests, testExecError}) {
    const backend = context.config.displayName?.name;
    const before = this.counts.get(backend) ?? {passed: 0, failed: 0, skipped: 0};
    this.counts.set(backend, {
      passed: before.passed + numPassingTests,
      // A file that could not run at all has no specs to count.
      failed: before.failed + numFailingTests + (testExecError ? 1 : 0),
      skipped: before.skipped + numPendingTests,
    });
  }

  onRunComplete() {
    const table = new Table({
      head: ['backend', 'specs run', 'passed', 'failed', 'skipped'],
      colAligns: ['left', 'right', 'right', 'right', 'right'],
      style: {head: [], border: []},
    });
    const missing = [];
    for (const backend of this.backends) {
      const {passed, failed, skipped} = this.counts.get(backend) ?? {passed: 0, failed: 0, skipped: 0};
      if (passed + failed + skipped > 0) {
        table.push([backend, passed + failed, passed, failed, skipped]);
      }
      if (passed + failed === 0 && skipped > 0) {
        missing.push(backend);
      }
    }
    if (table.length > 0) {
      console.log(`\n${table.toString()}`);
    }
    for (const backend of missing) {
      const advice =
        {tensorflow: HOW_TO_BUILD, webgpu: WEBGPU}[backend] ?? (backend.endsWith('Firefox') ? FIREFOX : CHROMIUM);
      console.log(`Skipped: ${backend}. ${advice}`);
    }
  }
};
