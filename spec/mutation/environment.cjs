const {TestEnvironment} = require('jest-environment-node');

/** Runs no spec after one has failed: a mutant that is noticed once is noticed. */
module.exports = class FailFastEnvironment extends TestEnvironment {
  hasFailed = false;

  /**
   * Called by Jest whenever a spec begins or ends. Of what it is told, this much is looked at.
   *
   * @param {{name: string, test?: {errors: unknown[], mode: unknown}}} event
   */
  handleTestEvent({name, test}) {
    if (name === 'test_done') {
      this.hasFailed ||= Boolean(test?.errors.length);
    } else if (name === 'test_start' && test && this.hasFailed) {
      test.mode = 'skip';
    }
  }
};
