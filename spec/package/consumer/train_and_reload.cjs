/**
 * A user's first program: train a step, save, reload. Prints what the spec wants to know.
 *
 * @param {typeof import('@tensorflow/tfjs')} tf
 * @param {typeof import('tfjs-center-loss')} library
 */
module.exports = async (tf, library) => {
  const {CenterLossLayer, attachCenterLoss, categoricalAccuracy, softmaxCrossEntropy} = library;
  const classifier = tf.sequential({
    layers: [tf.layers.dense({units: 2, inputShape: [4], name: 'embedding'}), tf.layers.dense({units: 3})],
  });
  const model = attachCenterLoss(classifier, {featureLayer: 'embedding', numClasses: 3});
  model.compile({optimizer: 'sgd', loss: softmaxCrossEntropy, metrics: [categoricalAccuracy]});
  const labels = tf.tensor1d([0, 1, 2, 0], 'int32');
  const trained = await model.trainOnBatch([tf.ones([4, 4]), labels], tf.oneHot(labels, 3));

  /** @type {import('@tensorflow/tfjs').io.ModelArtifacts | undefined} */
  let saved;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return {modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'}};
    }),
  );
  const reloaded = await tf.loadLayersModel(tf.io.fromMemory(saved ?? {}));

  /** @param {import('@tensorflow/tfjs').LayersModel} from */
  const centersOf = (from) => {
    const layer = from.layers.find((candidate) => candidate instanceof CenterLossLayer);
    return layer && Array.from(layer.centers.dataSync());
  };
  // The others tell a version of Node.js as well.
  const runtime = ['deno', 'bun'].find((name) => name in process.versions) ?? 'node';
  console.log(
    JSON.stringify({
      runtime,
      version: Number.parseInt(process.versions[runtime] ?? ''),
      exports: Object.keys(library).sort(),
      trained,
      centers: centersOf(model),
      reloadedCenters: centersOf(reloaded),
    }),
  );
};
