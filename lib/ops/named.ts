/**
 * Gives a function a name that stays. tf.layers names losses and metrics in the history after the functions' names, which
 * bundlers and minifiers change.
 */
export function named<F extends (...args: never[]) => unknown>(name: string, named: F): F {
  return Object.defineProperty(named, 'name', {value: name});
}
