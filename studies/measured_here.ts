import {cpus} from 'node:os';
import process from 'node:process';

import * as tf from '@tensorflow/tfjs';

/** When and on what something is measured, as the pages say it. */
export function measuredHere(): {date: string; machine: string} {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), Node.js ${process.versions.node}, TensorFlow.js ${tf.version_core}`,
  };
}
