import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

import {format, resolveConfig} from 'prettier';

import {toMarkdown} from '../benchmark/tables.js';
import {svgToPng} from '../node/figure.js';
import {drawHistograms, drawRocCurves} from './figures.js';
import {CHOOSING_SEED} from './protocol.js';
import {FEATURE_DIM, NETWORKS} from './networks.js';
import type {NetworkName} from './networks.js';
import {publishedText} from './published.js';
import type {Results, Run} from './results.js';
import {TARGET_SCORE, RECOGNIZER_SCORES, SCORE_TITLES} from './scores.js';
import {measureOf, trialsOf} from './summary.js';
import {calibrationRows, choiceRows, fewSamplesRows, qualityRows, targetRows} from './tables.js';
import {targetsOf} from './targets.js';
import type {TrialResults} from './trial.js';

const BEGIN = '<!-- openset:begin -->';
const END = '<!-- openset:end -->';

/** Writes the section of recognition.md that stands between two comments, and its pictures. */
export async function writeDocs(folder: string, results: Results): Promise<void> {
  const pictures = join(folder, 'pictures');
  await mkdir(pictures, {recursive: true});
  await writePicture(join(pictures, 'openset_roc'), await drawRocCurves(results.comparison));
  for (const [network, run] of Object.entries(results.comparison)) {
    await writePicture(join(pictures, `openset_${network}_scores`), await drawHistograms(run));
  }
  const file = join(folder, 'recognition.md');
  const page = await readFile(file, 'utf8');
  const text = replaceSection(page, section(results));
  await writeFile(file, await format(text, {...(await resolveConfig(file)), parser: 'markdown'}));
}

async function writePicture(name: string, svg: string): Promise<void> {
  await writeFile(`${name}.svg`, svg);
  await writeFile(`${name}.png`, svgToPng(svg));
}

/** Puts text in the place of what stands between the two comments. */
export function replaceSection(page: string, text: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`Expected a page with the comments ${BEGIN} and ${END}, one after the other.`);
  }
  return `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${page.slice(end)}`;
}

/** The section, in Markdown. */
export function section({comparison, choice}: Results): string {
  const runs = Object.entries(comparison) as [NetworkName, Run][];
  return [
    `Written by \`npm run openset\`. The protocol is that of articles on open-set recognition: of the ten digits of MNIST, six are
known and trained on; the other four are unknown, and seen for the first time in the test. The five splits are those of
[ARPL](https://github.com/iCGY96/ARPL) (\`splits_2020\` in its \`split.py\`). Each network is trained twice, once with softmax
alone and once with softmax + center loss, from the same weights and on the same batches; only the weight of the center
loss differs. The centers of the recognizer are the means of the training pictures in both. One in six training pictures
is held back for the calibration.`,
    `- **accuracy**: known test pictures that are named rightly when nothing is refused;
- **AUROC**: how likely a known picture scores above an unknown one;
- **FPR95**: unknown pictures let in where 95 % of the known ones are;
- **OSCR**: the area under known pictures accepted *and* named rightly, over unknown ones let in.

All tables: mean ± standard deviation of a training.`,
    '![ROC curves](pictures/openset_roc.png)',
    ...runs.flatMap(([network, run]) => networkText(network, run, choice[network])),
    '### Published numbers',
    publishedText(),
  ].join('\n\n');
}

function networkText(network: NetworkName, run: Run, choice: Run | undefined): string[] {
  const {title} = NETWORKS[network];
  const [{epochs, lossWeight, draws}] = trialsOf(run.trials, 'center loss') as [TrialResults];
  const splits = new Set(run.trials.map(({known}) => known.join(''))).size;
  const seeds = [...new Set(run.trials.map(({seed}) => seed))];
  return [
    `### ${title.charAt(0).toUpperCase()}${title.slice(1)}`,
    `Features of width ${FEATURE_DIM}, pictures of ${NETWORKS[network].pictureSize} × ${NETWORKS[network].pictureSize} pixels, ${epochs} epochs, \`lossWeight: ${lossWeight}, reduction: 'mean'\`; ${run.trials.length} trainings on ${splits} of the
five splits, seeds ${seeds.join(', ')}. Measured on ${run.date}: ${run.machine}, backend ${run.backend}, ${minutes(run.wallSeconds)} with ${run.workers} at a time, ${minutes(run.cpuSeconds)} of processor time; the load of the
machine was ${run.load.toFixed(1)}.`,
    toMarkdown(targetRows(targetsOf(network, run))),
    toMarkdown(qualityRows(run)),
    bestScoreText(run),
    `![Scores of known and unknown digits](pictures/openset_${network}_scores.png)`,
    `**A few samples.** Nothing is trained: one or five training pictures of each unknown digit are enrolled beside the six known
ones; then one in ten test pictures of all ten digits is named. ${draws} draws for each training. The nearest
picture is searched among all training pictures of the known digits and the enrolled ones.`,
    toMarkdown(fewSamplesRows(run)),
    `**Calibration.** \`calibrate\` got the pictures held back and a share to accept; the test pictures of known digits tell
which share is accepted of new ones. *Farthest*: over all trainings, and all digits of them. About 1,000 test pictures of a digit alone
make ${(100 * sampling(0.95)).toFixed(2)} points of standard deviation at 95 %.`,
    toMarkdown(calibrationRows(run)),
    ...(choice
      ? [
          `**The weight** was chosen on other splits and with another seed (${CHOOSING_SEED}), by \`npm run openset -- --choose-weight\`, so
that no number above took part in it. The columns of scores are AUROC:`,
          toMarkdown(choiceRows(choice)),
        ]
      : []),
  ];
}

function bestScoreText({trials}: Run): string {
  const byAuroc = RECOGNIZER_SCORES.map((score) => ({score, auroc: measureOf(trials, 'center loss', score, 'auroc')}));
  const [best, ...others] = byAuroc.sort((a, b) => b.auroc - a.auroc);
  const named = ({score, auroc}: (typeof byAuroc)[number]) => `${SCORE_TITLES[score]} (${auroc.toFixed(4)})`;
  return `Of the recognizer's scores, ${best ? named(best) : 'none'} has the highest AUROC with center loss, before ${others.map(named).join(' and ')}.
The targets are measured with ${SCORE_TITLES[TARGET_SCORE]}.`;
}

function minutes(seconds: number): string {
  return `${(seconds / 60).toFixed(1)} minutes`;
}

/** The standard deviation of a share that is counted on a thousand pictures. */
function sampling(share: number): number {
  return Math.sqrt((share * (1 - share)) / 1000);
}
