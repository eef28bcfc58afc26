import * as tf from '@tensorflow/tfjs';

const SCHEMES = /^(localstorage|indexeddb|downloads):\/\//;

/** Lets the examples for browsers run in Node: what they save is kept in memory. */
export function fakeBrowserStorage(): void {
  const saved = new Map<string, tf.io.ModelArtifacts>();
  const route = (url: string | string[]) => {
    const name = String(url);
    const handler: tf.io.IOHandler = {
      save: (artifacts) => {
        saved.set(name, artifacts);
        return Promise.resolve({modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts)});
      },
      load: () => {
        const artifacts = saved.get(name);
        return artifacts ? Promise.resolve(artifacts) : Promise.reject(new Error(`Nothing was saved as ${name}.`));
      },
    };
    // TensorFlow.js asks all routers and takes the one that does not answer null.
    return (SCHEMES.test(name) ? handler : null) as tf.io.IOHandler;
  };
  tf.io.registerSaveRouter(route);
  tf.io.registerLoadRouter(route);
}
