import {SIDES} from '../protocol.js';
import type {Artifacts} from '../protocol.js';

const FILE_NAMES = SIDES.map((side) => `${side}-network`);

/** Downloads both networks as `tf.loadLayersModel` reads them: a `.json` and a `.weights.bin` each. */
export async function downloadNetworks(networks: readonly Artifacts[]): Promise<void> {
  // Of no use to the page before.
  const {io} = await import('@tensorflow/tfjs-core');
  for (const [i, network] of networks.entries()) {
    const [downloads] = io.getSaveHandlers(`downloads://${FILE_NAMES[i]}`);
    await downloads?.save?.(network);
  }
}

/**
 * Reads models as TensorFlow.js writes them: a JSON file and its weights, of one network or of both. Browsers change the
 * names of files that they download, so those inside the JSON file count only where there is a choice.
 */
export async function readNetworks(files: readonly File[]): Promise<Artifacts[]> {
  const models = files.filter(({name}) => name.endsWith('.json'));
  const weights = files.filter(({name}) => name.endsWith('.bin'));
  if (models.length === 0 || models.length > SIDES.length || weights.length < models.length) {
    throw new Error(
      'Please choose the files of a network together: its .json and its .bin; all four for both networks.',
    );
  }
  // Softmax alone goes first.
  const inOrder = models.sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)));
  return Promise.all(inOrder.map((model) => readNetwork(model, weights)));
}

async function readNetwork(file: File, weights: readonly File[]): Promise<Artifacts> {
  const {modelTopology, weightsManifest, userDefinedMetadata} = await readJson(file);
  if (modelTopology === undefined || !Array.isArray(weightsManifest)) {
    throw new Error(`The file ${file.name} holds no model.`);
  }
  if (!weightsManifest.every(isGroup)) {
    throw new Error(`The file ${file.name} does not name its weights.`);
  }
  const parts = weightsManifest.flatMap(({paths}) => paths.map((path) => weightsFile(path, file, weights)));
  return {
    modelTopology,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightData: await Promise.all(parts.map((part) => part.arrayBuffer())),
    userDefinedMetadata: {...userDefinedMetadata},
  };
}

interface WeightsGroup {
  paths: string[];
  weights: NonNullable<Artifacts['weightSpecs']>;
}

/** What the weights themselves are is looked at when they are read. */
function isGroup(value: unknown): value is WeightsGroup {
  const {paths, weights} = Object(value) as Partial<Record<keyof WeightsGroup, unknown>>;
  return Array.isArray(paths) && paths.every((path) => typeof path === 'string') && Array.isArray(weights);
}

async function readJson(file: File): Promise<Partial<Record<string, object>>> {
  let content: unknown;
  try {
    content = JSON.parse(await file.text());
  } catch {
    throw new Error(`The file ${file.name} is no JSON.`);
  }
  return typeof content === 'object' && content !== null ? content : {};
}

function weightsFile(path: string, model: File, weights: readonly File[]): File {
  const name = path.split('/').at(-1);
  const found =
    weights.find((file) => file.name === name) ??
    weights.find((file) => SIDES.some((side) => file.name.startsWith(side) && model.name.startsWith(side))) ??
    (weights.length === 1 ? weights[0] : undefined);
  if (!found) {
    throw new Error(`Please choose the file ${path} along with ${model.name}.`);
  }
  return found;
}

function isFirst(file: File): boolean {
  return file.name.startsWith(SIDES[0]);
}
