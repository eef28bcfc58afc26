import {env, nets, tf} from '@vladmandic/face-api/dist/face-api.esm-nobundle.js';
import type {Environment, NeuralNetwork} from '@vladmandic/face-api/dist/face-api.esm-nobundle.js';
import landmarks from '@vladmandic/face-api/model/face_landmark_68_model-weights_manifest.json' with {type: 'json'};
import landmarksFile from '@vladmandic/face-api/model/face_landmark_68_model.bin?url';
import descriptors from '@vladmandic/face-api/model/face_recognition_model-weights_manifest.json' with {type: 'json'};
import descriptorsFile from '@vladmandic/face-api/model/face_recognition_model.bin?url';
import detector from '@vladmandic/face-api/model/ssd_mobilenetv1_model-weights_manifest.json' with {type: 'json'};
import detectorFile from '@vladmandic/face-api/model/ssd_mobilenetv1_model.bin?url';

/** Loads the three networks: where faces are, where their eyes and mouths are, and 128 numbers of each. */
export async function loadNetworks(): Promise<void> {
  useInWorker();
  await Promise.all([
    load(nets.ssdMobilenetv1, detector, detectorFile),
    load(nets.faceLandmark68Net, landmarks, landmarksFile),
    load(nets.faceRecognitionNet, descriptors, descriptorsFile),
  ]);
}

/** face-api looks for the elements of a page, which a worker has not. It is given tensors, which are of none of these. */
function useInWorker(): void {
  env.setEnv({Canvas: ImageBitmap, Image: ImageBitmap, Video: ImageBitmap} as unknown as Environment);
}

/** The build gives the files of weights names of its own, so that face-api would not find them. */
async function load(network: NeuralNetwork<unknown>, [group]: Manifest, file: string): Promise<void> {
  const response = await fetch(file);
  if (!response.ok || !group) {
    throw new Error(`A network could not be loaded: ${String(response.status)} ${response.statusText}`);
  }
  network.loadFromWeightMap(
    tf.io.decodeWeights(await response.arrayBuffer(), group.weights as tf.io.WeightsManifestEntry[]),
  );
}

/** TypeScript takes the types of numbers in it for any text. */
type Manifest = readonly {readonly weights: readonly object[]}[];
