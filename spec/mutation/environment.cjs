const StrykerEnvironment = require('@stryker-mutator/jest-runner/jest-env/node');

/**
 * Of what Jest tells, this much is looked at.
 *
 * @typedef {{name: string, test?: {errors: unknown[], mode: unknown}}} TestEvent
 * @typedef {(event: TestEvent, state: object) => Promise<void>} Handler
 */

/** Runs no spec after one has failed: a mutant that is noticed once is noticed. */
module.exports = class FailFastEnvironment extends StrykerEnvironment {
  /** @param {ConstructorParameters<typeof StrykerEnvironment>} args */
  constructor(...args) {
    super(...args);
    const handleAsStryker = /** @type {Handler} */ (this.handleTestEvent);
    let hasFailed = false;
    /** @type {Handler} */
    const handle = async (event, state) => {
      await handleAsStryker(event, state);
      if (event.name === 'test_done') {
        hasFailed ||= Boolean(event.test?.errors.length);
      } else if (event.name === 'test_start' && event.test && hasFailed) {
        event.test.mode = 'skip';
      }
    };
    this.handleTestEvent = handle;
  }
};
