import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import {setBackend} from '@tensorflow/tfjs-core';
import {detectAllFaces, tf, SsdMobilenetv1Options} from '@vladmandic/face-api/dist/face-api.esm-nobundle.js';
import {expose} from 'comlink';

import {WASM_FILES} from '../../pages/wasm_files.js';
import {loadNetworks} from './networks.js';

/** A face in a picture. */
export interface Face {
  /** In pixels of the picture. */
  box: {x: number; y: number; width: number; height: number};
  /** What the network says of it: pictures of one person have descriptors that are near each other. */
  descriptor: Float32Array;
}

const OPTIONS = new SsdMobilenetv1Options({minConfidence: 0.5});

const worker = {
  /** Must come first. */
  async start(): Promise<void> {
    setWasmPaths(WASM_FILES);
    await setBackend('wasm');
    await loadNetworks();
  },

  /** The faces of a picture, the largest first. */
  async facesOf(picture: ImageData): Promise<Face[]> {
    const pixels = tf.browser.fromPixels(picture);
    try {
      const found = await detectAllFaces(pixels, OPTIONS).withFaceLandmarks().withFaceDescriptors();
      return found
        .map(({detection: {box}, descriptor}) => ({
          box: {x: box.x, y: box.y, width: box.width, height: box.height},
          descriptor,
        }))
        .sort((one, other) => other.box.width - one.box.width);
    } finally {
      pixels.dispose();
    }
  },
};

export type FaceWorker = typeof worker;

expose(worker);
