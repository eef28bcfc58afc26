import {SIDES} from '../protocol.js';
import type {Artifacts} from '../protocol.js';

const FILE_NAMES = SIDES.map((side) => `${side}-network`);

/** Downloads both networks as `tf.loadLayersModel` reads them: a `.json` and a `.weights.bin` each. */
export async function downloadModels(models: readonly Artifacts[]): Promise<void> {
  // Of no use to the page before.
  const {io} = await import('@tensorflow/tfjs-core');
  for (const [i, model] of models.entries()) {
    const [downloads] = io.getSaveHandlers(`downloads://${FILE_NAMES[i]}`);
    await downloads?.save?.(model);
  }
}

/** Reads what `downloadModels` has written, whatever the browser has added to the names. */
export async function readModels(files: readonly File[]): Promise<Artifacts[]> {
  const {io} = await import('@tensorflow/tfjs-core');
  return Promise.all(
    FILE_NAMES.map(async (name) => {
      const own = (end: string) => files.find((file) => file.name.startsWith(name) && file.name.endsWith(end));
      const [json, weights] = [own('.json'), own('.bin')];
      if (!json || !weights) {
        throw new Error(`Please choose all four files together: ${name}.json is one, ${name}.weights.bin another.`);
      }
      // The name inside the JSON file, which the browser may have changed outside.
      const renamed = new File([weights], `${name}.weights.bin`);
      const model = await io.browserFiles([json, renamed]).load?.();
      if (!model) {
        throw new Error(`The file ${json.name} holds no model.`);
      }
      return model;
    }),
  );
}
