import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

import {DEFAULTS} from '../../demo/mnist/defaults.js';
import {writePicture} from '../figures.js';
import {toMarkdown} from '../tables.js';
import type {Rows} from '../tables.js';
import {fitProfileRows} from './fit_profile.js';
import {growthRows} from './growth_tables.js';
import {keepingRows} from './keeping_tables.js';
import {importRows} from './imports.js';
import {kerasRows} from './keras.js';
import {memoryRows} from './memory.js';
import {drawPlot} from './plots.js';
import type {Plot} from './plots.js';
import type {Results} from './results.js';
import {PROFILED} from './run.js';
import {FAISS_8_BITS, WIDTH as SEARCH_WIDTH} from './search.js';
import type {SearchPoint} from './search.js';
import {searchRows} from './search_tables.js';
import {firstStepRows, fitRows, gridRows, profileRows, threadsRows} from './step_tables.js';

const PLOTS: Record<string, Plot> = {
  benchmark_classes: {
    title: 'Against the number of classes (D = 128, B = 128)',
    along: 'numClasses',
    axisTitle: 'classes C',
    where: ({featureDim, batchSize}) => featureDim === 128 && batchSize === 128,
  },
  benchmark_batch: {
    title: 'Against the batch size (D = 128, C = 1,000)',
    along: 'batchSize',
    axisTitle: 'batch size B',
    where: ({featureDim, numClasses}) => featureDim === 128 && numClasses === 1000,
  },
};

/** Writes benchmarks.md and its pictures. */
export async function writeDocs(folder: string, results: Results): Promise<void> {
  const pictures = join(folder, 'pictures');
  await mkdir(pictures, {recursive: true});
  for (const [name, plot] of Object.entries(PLOTS)) {
    await writePicture(join(pictures, name), await drawPlot(plot, results.node));
  }
  await writeFile(join(folder, 'benchmarks.md'), benchmarksPage(results));
}

/** In Markdown. What was not measured has no section. */
export function benchmarksPage(results: Results): string {
  const {date, machine, node, browser, search, keeping, memory, imports, growth, keras} = results;
  const section = (rows: Rows, ...before: string[]) => (rows.body.length > 0 ? [...before, toMarkdown(rows)] : []);
  const pictures = Object.entries(PLOTS).map(([name, {title}]) => `![${title}](pictures/${name}.png)`);
  return `${[
    '# Benchmarks',
    `What a step of center loss costs: loss, gradient and update of the centers. Written by \`npm run benchmark\` on ${date}:
${machine}. The times of a table are of one run, in which the contenders take turns; ratios between them carry over to
other machines better than milliseconds do.`,
    ...pictures,
    '## What it adds to training',
    `A step of \`model.fit\` with and without the layer, batches of ${DEFAULTS.batchSize}, in turn; *added* is the median over the rounds. The
*empty layer* takes the labels, adds a loss and computes nothing: this much is the doing of tf.layers. Both are
compared to the mean of two networks without the layer; the *control* is the second of these compared to the first: how
far it is from 0 % is the measurement's doing.`,
    toMarkdown(fitRows(node)),
    ...section(
      fitProfileRows(node.flatMap((result) => result.fitProfiles ?? [])),
      `The operations of a step on native TensorFlow, as TensorFlow.js's profiler counts and times them: those of which a layer adds
some, and all. What the empty layer adds is done for any layer that has a second input and adds a loss: tf.layers slices the
labels for each batch, feeds them, and adds losses and gradients up.`,
    ),
    ...section(
      firstStepRows(browser),
      '## The first step',
      `The first step of \`model.fit\` of the demo's network in a browser that has just been started, with and without the layer, the
fastest of three; how many programs for a GPU, or modules of WebAssembly, it compiles; and how many programs a later step runs.`,
    ),
    '## Threads',
    `Our step on the wasm backend in Chromium, on a page that is isolated from other origins and so uses threads, and on a
page without threads, in turn: the fastest of many turns of some hundred steps. The *control* is a second page without
threads, compared to the first: how far it is from 1 is the measurement's doing. Our loops run on the calling thread alone.`,
    toMarkdown(threadsRows(browser)),
    '## Search',
    searchText(search),
    toMarkdown(searchRows(search)),
    ...section(
      keepingRows(keeping),
      '## Keeping a recognizer',
      `What it takes to fill, save, load and change a recognizer of C classes of width ${SEARCH_WIDTH}, in milliseconds, beside copying the
memory of the centers, in turn. As JSON more than 100,000 are not measured: the text would be longer than a string can be.`,
    ),
    ...section(
      memoryRows(memory),
      `How much more memory a process takes once it holds a recognizer, without the texts of the labels: centers in float32, their codes,
and what finds a label.`,
    ),
    ...section(
      importRows(imports),
      '## Imports',
      'Importing an entry of the built package in a new process of Node.js, in milliseconds: the fastest of 15.',
    ),
    ...section(
      growthRows(growth),
      '## Growth',
      `What grows with layers, scores and samples, measured at three sizes, ten times as large each. *Beside n log n* is the time at
the largest size as a multiple of that at the smallest, divided by the same of n log n: 1 or less is no worse. The scores are
random numbers, so many known and as many unknown ones; \`calibrate\` takes so many samples of ten classes. Attaching and
detaching make a model by \`tf.model\`, which compares all nodes of a graph with all others: beside it stands what that takes alone.`,
    ),
    ...section(
      kerasRows(keras),
      '## In Keras',
      `A step of \`fit\` of the [twin in Keras](keras.md#a-million-classes) by the number of classes, in milliseconds, with 128 features
and batches of 128: the fastest of 7 times 50 steps, by \`studies/benchmark/keras_step.py\`.`,
    ),
    '## Contenders',
    `The peers are what users of the originals would write in TensorFlow.js (\`studies/benchmark/peers\`): the gather + scatter
function that went round with TensorFlow 1, the one-hot matrix products of Keras tutorials, and the distance matrix of
the most copied PyTorch module. Before anything is measured, all of them must give the same losses, gradients and centers.
Ours is the layer as a model runs it, with labels checked, within a gradient.

The *floor* copies as much memory as no implementation can avoid: features and touched centers read, differences and
touched centers written.`,
    '## All times',
    `Milliseconds a step, the median and half the distance between the quartiles. *time*: not waited for, since it was slow
with fewer classes already. *memory*: does not fit beside the others.`,
    ...node.flatMap((result) => [`### Node.js, ${result.backend}`, toMarkdown(gridRows(result.points))]),
    ...browser.flatMap((result) => [`### Chromium, ${result.backend}`, toMarkdown(gridRows(result.points))]),
    '## Where the time goes',
    `The operations of our step at C = ${PROFILED.numClasses.toLocaleString('en')}, D = ${PROFILED.featureDim}, \
B = ${PROFILED.batchSize}, as TensorFlow.js's profiler times them.`,
    ...node.flatMap((result) => [`### ${result.backend}`, toMarkdown(profileRows(result))]),
  ].join('\n\n')}\n`;
}

/** With FAISS and USearch installed, the search is measured beside more. */
function searchText(points: readonly SearchPoint[]): string {
  const ours = `The five nearest of C classes of width ${SEARCH_WIDTH}, in milliseconds, by the recognizer with SIMD, by its plain loops alone, by
matMul + topk where all scores at once have room`;
  return points.some(({timings}) => FAISS_8_BITS in timings)
    ? `${ours}, by FAISS (\`IndexFlatL2\`, from PyPI's faiss-cpu), by FAISS with codes of 8 bits
(\`IndexScalarQuantizer\`) and by USearch (\`search\` with \`exact=True\`, from PyPI's usearch), each on one thread, in turn. All are
exact but FAISS with codes of 8 bits, which ranks by the codes alone; the recognizer looks up in float32 what its codes leave open.
The *floor* is summing as many bytes as the codes of the recognizer take, by NumPy: they are read once.`
    : `${ours}, and by FAISS (\`IndexFlatL2\` on one thread, from PyPI's faiss-cpu), in turn.`;
}
