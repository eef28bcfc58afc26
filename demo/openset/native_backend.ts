import * as tf from '@tensorflow/tfjs';

/** Not among the dependencies: its addon is a download of hundreds of megabytes. */
const ADDON = '@tensorflow/tfjs-node';

/** Native TensorFlow, where it is installed. */
export async function useNativeBackend(): Promise<void> {
  tf.enableProdMode();
  try {
    // The name is in a variable, so that the type check does not look for the package.
    await import(ADDON);
  } catch (error) {
    throw new Error(
      `The backend 'tensorflow' needs the package ${ADDON} with its addon. ` +
        `Install it by \`npm install --no-save ${ADDON}\`.`,
      {cause: error},
    );
  }
  if (!(await tf.setBackend('tensorflow'))) {
    throw new Error("The TensorFlow.js backend 'tensorflow' does not start on this machine.");
  }
}
