/** What real engines give goes into the recognizer as it is. */
import {Tensor} from '@huggingface/transformers';
import {TextEmbedder} from '@mediapipe/tasks-text';
import type {TextEmbedderResult} from '@mediapipe/tasks-text';
import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-web';
import {Recognizer} from '../../lib/recognition/index.js';
import type {Features} from '../../lib/recognition/index.js';
import {onnxModel} from '../support/onnx_model.js';

ort.env.wasm.numThreads = 1;

const ROWS = [
  [1, -2, 0.5],
  [64, 3, -0.25],
];

/** The samples as a recognizer has read them: each is the center of a class. */
async function readBy(samples: Features, count: number): Promise<number[][]> {
  const labels = Array.from({length: count}, (_, i) => `class ${i}`);
  const {classes} = (await Recognizer.fromCenters(samples, labels)).toJSON();
  return classes.map(({center}) => [...new Float32Array(Uint8Array.from(Buffer.from(center, 'base64')).buffer)]);
}

describe('ONNX Runtime', () => {
  const ofType = async (type: Parameters<typeof onnxModel>[1]) => {
    const session = await ort.InferenceSession.create(onnxModel(ROWS, type));
    const {features} = await session.run({input: new ort.Tensor('float32', Float32Array.of(1, 0, 0, 1), [2, 2])});
    return features as ort.Tensor;
  };

  it.each(['float32', 'float16'] as const)('gives numbers of the type %s, all of them exact', async (type) => {
    const features = await ofType(type);
    expect(features.type).toBe(type);
    expect(await readBy(features, 2)).toEqual(ROWS);
    expect(await readBy([features, features], 4)).toEqual([...ROWS, ...ROWS]);
  });

  it.each(['int8', 'uint8'] as const)('gives quantised numbers of the type %s', async (type) => {
    const features = await ofType(type);
    expect(features.type).toBe(type);
    expect(await readBy(features, 2)).toEqual([
      [...features.data].slice(0, 3).map(Number),
      [...features.data].slice(3).map(Number),
    ]);
    expect((await readBy(features, 2))[1]?.slice(0, 2)).toEqual([64, 3]);
  });

  it('gives half floats of every size and sign', async () => {
    const bits = Array.from({length: 2 ** 16}, (_, i) => i).filter((i) => (i & 0x7c00) !== 0x7c00);
    const features = new ort.Tensor('float16', Uint16Array.from(bits), [1, bits.length]);
    const view = new DataView(new ArrayBuffer(4));
    const [row] = await readBy(features, 1);
    // The same number in float32: the exponent counts from 127 in place of 15.
    const expected = bits.map((half) => {
      view.setUint32(0, ((half & 0x7fff) << 13) | ((half & 0x8000) << 16));
      return view.getFloat32(0) * 2 ** (127 - 15);
    });
    expect(row).toEqual(expected);
  });

  it.each([0x7c00, 0xfc00, 0x7e00])('gives half floats that are not finite, which are refused: %d', async (bits) => {
    const features = new ort.Tensor('float16', Uint16Array.of(0, bits), [1, 2]);
    await expect(readBy(features, 1)).rejects.toThrow(/got NaN in sample 0 at feature 1\.$/);
  });

  it('may keep the numbers on a device, from where they are fetched', async () => {
    const onDevice = ort.Tensor.fromGpuBuffer({} as ort.Tensor.GpuBufferType, {
      dataType: 'float32',
      dims: [2, 3],
      download: () => Promise.resolve(Float32Array.from(ROWS.flat())),
    });
    expect(onDevice.location).toBe('gpu-buffer');
    expect(await readBy(onDevice, 2)).toEqual(ROWS);
  });

  it('may use its memory again right after the call', async () => {
    const features = new ort.Tensor('float32', Float32Array.from(ROWS.flat()), [2, 3]);
    const read = readBy([features, [7, 8, 9]], 3);
    features.data.fill(NaN);
    expect(await read).toEqual([...ROWS, [7, 8, 9]]);
  });
});

describe('Transformers.js', () => {
  it('gives a tensor of samples, or one of them', async () => {
    const tensor = new Tensor('float32', Float32Array.from(ROWS.flat()), [2, 3]);
    expect(await readBy(tensor, 2)).toEqual(ROWS);
    expect(await readBy(tensor.slice(1), 1)).toEqual([ROWS[1]]);
    expect(await readBy([...tensor] as Tensor[], 2)).toEqual(ROWS);
  });

  it('gives half floats, or loses the numbers where the engine has none, which is refused', async () => {
    const rows = [
      [0.5, 0.25],
      [0.125, 0.75],
    ];
    const halves = new Tensor('float32', Float32Array.from(rows.flat()), [2, 2]).to('float16');
    if (halves.data instanceof Uint16Array) {
      await expect(readBy(halves, 2)).rejects.toThrow(
        'fromCenters: expected half floats, but got a Uint16Array of 8 bytes, all below 2^-14: pass the tensor as it was in float32.',
      );
    } else {
      expect(await readBy(halves, 2)).toEqual(rows);
    }
  });

  it('gives one sample a token where nothing was pooled, which is refused', async () => {
    const tokens = new Tensor('float32', new Float32Array(2 * 7 * 3), [2, 7, 3]);
    await expect(readBy(tokens, 2)).rejects.toThrow('but got shape [2,7,3]. Take the mean over tokens');
    expect(await readBy(tokens.mean(1), 2)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});

describe('MediaPipe', () => {
  it('gives embeddings of floats', async () => {
    const {embeddings}: TextEmbedderResult = {
      embeddings: ROWS.map((floatEmbedding) => ({floatEmbedding, headIndex: 0, headName: 'pooled'})),
    };
    expect(await readBy(embeddings, 2)).toEqual(ROWS);
    expect(await readBy(embeddings.slice(1), 1)).toEqual([ROWS[1]]);
    const [first] = embeddings;
    expect(first && (await readBy(first, 1))).toEqual([ROWS[0]]);
  });

  it('gives quantised ones, which are as alike to the recognizer as to MediaPipe', async () => {
    const [ada, bo] = [
      [250, 3, 120],
      [4, 200, 100],
    ].map((bytes) => ({
      quantizedEmbedding: Uint8Array.from(bytes),
      headIndex: 0,
      headName: '',
    })) as [TextEmbedderResult['embeddings'][0], TextEmbedderResult['embeddings'][0]];
    const recognizer = new Recognizer({score: 'cosine'});
    await recognizer.enroll('Ada', ada);
    const [answer] = await recognizer.identify(bo);
    expect(answer?.nearest[0]?.score).toBeCloseTo(TextEmbedder.cosineSimilarity(ada, bo), 6);
  });
});

describe('TensorFlow.js', () => {
  it('gives a tensor of samples, of one, or of the places of a map that was pooled', async () => {
    await tf.setBackend('cpu');
    const tensor = tf.tensor2d(ROWS);
    expect(await readBy(tensor, 2)).toEqual(ROWS);
    expect(await readBy(tf.unstack(tensor), 2)).toEqual(ROWS);
    expect(await readBy(tensor.reshape([2, 1, 1, 3]), 2)).toEqual(ROWS);
  });
});
