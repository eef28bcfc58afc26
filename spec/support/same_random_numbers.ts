import {mulberry32} from './random.js';

/**
 * TensorFlow.js draws weights from `Math.random` where nobody gave a seed. Each spec, and each file as it is read, gets the
 * same numbers in each run: what fails once fails again.
 */
function startAgain(): void {
  Math.random = mulberry32(0);
}

startAgain();
beforeEach(startAgain);
