import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';

import {writePicture} from '../figures.js';
import {writeSections} from '../sections.js';
import {toMarkdown} from '../tables.js';
import {drawHistograms, drawRocCurves} from './figures.js';
import {CHOOSING_SEED} from './protocol.js';
import {COPIES, FEATURE_DIM, NETWORKS} from './networks.js';
import type {NetworkName} from './networks.js';
import type {Results, Run} from './results.js';
import {RECOGNIZER_SCORES, SCORE_TITLES} from './scores.js';
import {measureOf, trialsOf} from './summary.js';
import {calibrationRows, choiceRows, fewSamplesRows, qualityRows} from './tables.js';
import type {TrialResults} from './trial.js';

/** Writes what was measured into openset.md, a section for each kind of run of a network, and the pictures. */
export async function writeDocs(folder: string, {comparison, choice, turned}: Results): Promise<void> {
  const pictures = join(folder, 'pictures');
  await mkdir(pictures, {recursive: true});
  const sections: Record<string, string> = {};
  for (const [network, run] of Object.entries(comparison) as [NetworkName, Run][]) {
    await writePicture(join(pictures, `openset_${network}_roc`), await drawRocCurves(run));
    await writePicture(join(pictures, `openset_${network}_scores`), await drawHistograms(run));
    sections[`openset ${network} comparison`] = comparisonText(network, run);
  }
  for (const [network, run] of Object.entries(turned) as [NetworkName, Run][]) {
    sections[`openset ${network} turned`] = turnedText(run);
  }
  for (const [network, run] of Object.entries(choice)) {
    sections[`openset ${network} choice`] = choiceText(run);
  }
  await writeSections(join(folder, 'openset.md'), sections);
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
function turnedText(run: Run): string {
  const [{known, epochs, lossWeight}] = trialsOf(run.trials, 'center loss') as [TrialResults];
  const splits = new Set(run.trials.map(({known}) => known.join(''))).size;
  const seeds = [...new Set(run.trials.map(({seed}) => seed))];
  return [
    `**Turned and mirrored copies as classes.** The same, but each picture is trained on ${COPIES} times, turned by quarters, as it is and mirrored, and
each of these ways makes a class of its own of a digit: ${COPIES * known.length} classes. Each time a picture is turned by some degrees, sheared, scaled and shifted
a little, and the learning rate falls by a cosine, as in the [study of characters](unseen.md#characters). ${epochs} epochs, \`lossWeight: ${lossWeight}, reduction: 'mean'\`; ${run.trials.length} trainings on ${splits} of the five
splits, seeds ${seeds.join(', ')}. By \`npm run openset -- --turned\` on ${run.date}: ${run.machine}, backend ${run.backend}.`,
    toMarkdown(qualityRows(run)),
    toMarkdown(fewSamplesRows(run)),
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
  return `Of the recognizer's scores, ${best ? named(best) : 'none'} has the highest AUROC with center loss, before ${others.map(named).join(' and ')}.`;
}

function minutes(seconds: number): string {
  return `${(seconds / 60).toFixed(1)} minutes`;
}

/** The standard deviation of a share that is counted on a thousand pictures. */
function sampling(share: number): number {
  return Math.sqrt((share * (1 - share)) / 1000);
}
