const Table = require('cli-table3');

/**
 * @typedef {object} FileResult
 * @property {{name: string}} [displayName]
 * @property {number} numPassingTests
 * @property {number} numFailingTests
 * @property {number} numPendingTests
 * @property {unknown} [testExecError]
 */

const INSTALL = 'apt-get update && apt-get install --yes chromium';

/** Shows for each backend how many of the behaviour specs have run on it. */
module.exports = class BackendTableReporter {
  /**
   * @param {unknown} _globalConfig
   * @param {{backends: string[]}} options The names of the projects that run on a backend.
   */
  constructor(_globalConfig, {backends}) {
    this.backends = backends;
  }

  /**
   * @param {unknown} _contexts
   * @param {{testResults: FileResult[]}} results
   */
  onRunComplete(_contexts, {testResults}) {
    const rows = this.backends
      .map((backend) => ({backend, files: testResults.filter(({displayName}) => displayName?.name === backend)}))
      .filter(({files}) => files.length > 0)
      .map(({backend, files}) => ({backend, ...countsOf(files)}));
    if (rows.length === 0) {
      return;
    }
    const table = new Table({
      head: ['backend', 'specs run', 'passed', 'failed', 'skipped'],
      colAligns: ['left', 'right', 'right', 'right', 'right'],
      style: {head: [], border: []},
    });
    for (const {backend, passed, failed, skipped} of rows) {
      table.push([backend, passed + failed, passed, failed, skipped]);
    }
    console.log(`\n${table.toString()}`);
    const missing = rows.filter(({passed, skipped}) => passed === 0 && skipped > 0).map(({backend}) => backend);
    if (missing.length > 0) {
      console.log(`Skipped: ${missing.join(', ')}. Debian's Chromium brings what they need: ${INSTALL}`);
    }
  }
};

/** @param {FileResult[]} files */
function countsOf(files) {
  const counts = {passed: 0, failed: 0, skipped: 0};
  for (const {numPassingTests, numFailingTests, numPendingTests, testExecError} of files) {
    counts.passed += numPassingTests;
    // A file that could not run at all has no specs to count.
    counts.failed += numFailingTests + (testExecError ? 1 : 0);
    counts.skipped += numPendingTests;
  }
  return counts;
}
