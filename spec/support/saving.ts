import * as tf from '@tensorflow/tfjs';

/** What `model.save()` would write to a file or a database. */
export async function save(model: tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}});
    }),
  );
  if (!saved) {
    throw new Error('Expected the model to be saved.');
  }
  return saved;
}
