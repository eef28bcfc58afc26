import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

import {format, resolveConfig} from 'prettier';

import {toMarkdown} from '../benchmark/tables.js';
import {svgToPng} from '../../demo/node/figure.js';
import {drawHistograms, drawRocCurves} from './figures.js';
import {CHOOSING_SEED} from './protocol.js';
import {FEATURE_DIM, NETWORKS} from './networks.js';
import type {NetworkName} from './networks.js';
import type {Results, Run} from './results.js';
import {TARGET_SCORE, RECOGNIZER_SCORES, SCORE_TITLES} from './scores.js';
import {measureOf, trialsOf} from './summary.js';
import {calibrationRows, choiceRows, fewSamplesRows, qualityRows, targetRows} from './tables.js';
import {targetsOf} from './targets.js';
import type {TrialResults} from './trial.js';

/**
 * Writes what was measured into recognition.md, and the pictures: each kind of run of a network has a section of its own between
 * two comments, and what was not measured stays.
 */
export async function writeDocs(folder: string, {comparison, choice}: Results): Promise<void> {
  const pictures = join(folder, 'pictures');
  await mkdir(pictures, {recursive: true});
  const file = join(folder, 'recognition.md');
  let page = await readFile(file, 'utf8');
  for (const [network, run] of Object.entries(comparison) as [NetworkName, Run][]) {
    await writePicture(join(pictures, `openset_${network}_roc`), await drawRocCurves(run));
    await writePicture(join(pictures, `openset_${network}_scores`), await drawHistograms(run));
    page = replaceSection(page, `${network} comparison`, comparisonText(network, run));
  }
  for (const [network, run] of Object.entries(choice)) {
    page = replaceSection(page, `${network} choice`, choiceText(run));
  }
  await writeFile(file, await format(page, {...(await resolveConfig(file)), parser: 'markdown'}));
}

async function writePicture(name: string, svg: string): Promise<void> {
  await writeFile(`${name}.svg`, svg);
  await writeFile(`${name}.png`, svgToPng(svg));
}

/** Puts text in the place of what stands between the two comments of a section. */
export function replaceSection(page: string, name: string, text: string): string {
  const [before, after] = [`<!-- openset ${name} -->`, `<!-- /openset ${name} -->`];
  const begin = page.indexOf(before);
  const end = page.indexOf(after);
  if (begin < 0 || end < begin) {
    throw new Error(`Expected a page with the comments ${before} and ${after}, one after the other.`);
  }
  return `${page.slice(0, begin + before.length)}\n\n${text}\n\n${page.slice(end)}`;
}

/** In Markdown. */
function comparisonText(network: NetworkName, run: Run): string {
  const {pictureSize} = NETWORKS[network];
  const [{epochs, lossWeight, draws}] = trialsOf(run.trials, 'center loss') as [TrialResults];
  const splits = new Set(run.trials.map(({known}) => known.join(''))).size;
  const seeds = [...new Set(run.trials.map(({seed}) => seed))];
  return [
    `Features of width ${FEATURE_DIM}, pictures of ${pictureSize} × ${pictureSize} pixels, ${epochs} epochs, \`lossWeight: ${lossWeight}, reduction: 'mean'\`; ${run.trials.length} trainings on ${splits} of the
five splits, seeds ${seeds.join(', ')}. Measured on ${run.date}: ${run.machine}, backend ${run.backend}, ${minutes(run.wallSeconds)} with ${run.workers} at a time, ${minutes(run.cpuSeconds)} of processor time; the load of the
machine was ${run.load.toFixed(1)}.`,
    toMarkdown(targetRows(targetsOf(network, run))),
    toMarkdown(qualityRows(run)),
    bestScoreText(run),
    `![ROC curves](pictures/openset_${network}_roc.png)`,
    `![Scores of known and unknown digits](pictures/openset_${network}_scores.png)`,
    `**A few samples.** Nothing is trained: one or five training pictures of each unknown digit are enrolled beside the six known
ones; then one in ten test pictures of all ten digits is named. ${draws} draws for each training. The nearest
picture is searched among all training pictures of the known digits and the enrolled ones.`,
    toMarkdown(fewSamplesRows(run)),
    `**Calibration.** \`calibrate\` got the pictures held back and a share to accept; the test pictures of known digits tell
which share is accepted of new ones. *Farthest*: over all trainings, and all digits of them. About 1,000 test pictures of a digit alone
make ${(100 * sampling(0.95)).toFixed(2)} points of standard deviation at 95 %.`,
    toMarkdown(calibrationRows(run)),
  ].join('\n\n');
}

/** In Markdown. */
function choiceText(run: Run): string {
  return [
    `**The weight** was chosen on other splits and with another seed (${CHOOSING_SEED}), by \`npm run openset -- --choose-weight\`, so
that no number above took part in it: the one whose mean AUROC over the recognizer's scores is the highest. The columns of
scores are AUROC:`,
    toMarkdown(choiceRows(run)),
  ].join('\n\n');
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
