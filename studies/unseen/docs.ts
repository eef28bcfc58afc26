import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';

import {writePicture} from '../figures.js';
import {percent} from '../numbers.js';
import {writeSections} from '../sections.js';
import {toMarkdown} from '../tables.js';
import {drawScores} from './figures.js';
import {SETTINGS} from './protocol.js';
import type {Run} from './results.js';
import {CHOSEN, meanOfMeasure} from './summary.js';
import type {Measure} from './summary.js';
import {qualityRows, templateRows, waysRows} from './tables.js';
import type {TrialResults} from './trial.js';

/** Writes what was measured into unseen.md, and the picture. */
export async function writeDocs(folder: string, run: Run): Promise<void> {
  const pictures = join(folder, 'pictures');
  await mkdir(pictures, {recursive: true});
  await writePicture(join(pictures, 'unseen_scores'), await drawScores(run.trials));
  await writeSections(join(folder, 'unseen.md'), {'unseen omniglot': omniglotText(run)});
}

/** In Markdown. */
function omniglotText({trials, date, machine}: Run): string {
  const seeds = [...new Set(trials.map(({seed}) => seed))];
  const epochs = [...new Set(trials.map((trial) => trial.epochs))];
  const minutes = trials.reduce((sum, {cpuSeconds}) => sum + cpuSeconds, 0) / 60 / trials.length;
  return [
    `Features of width ${SETTINGS.featureDim}, pictures of 28 × 28 pixels, ${epochs.join(' and ')} epochs, \`lossWeight: ${SETTINGS.lossWeight}, reduction: 'mean'\`;
${trials.length} trainings, seeds ${seeds.join(', ')}; ${CHOSEN.looks}, score '${CHOSEN.score}'. Measured on ${date}: ${machine}, backend
tensorflow; ${minutes.toFixed(1)} minutes of processor time a training.`,
    toMarkdown(qualityRows(trials)),
    helpText(trials),
    `![Scores of genuine and impostor pairs](pictures/unseen_scores.png)`,
    `**Looks and scores.** The same trainings, both sets. _Nine looks_: the features are the mean of those of the picture and of eight copies that
are shifted, turned or scaled a little.`,
    toMarkdown(waysRows(trials)),
    `**Templates.** All characters of an alphabet are enrolled, by one or by five people's samples, and the pictures of the other
people are named: errors. In the last rows a class is two characters: one that has two looks. One look, score 'distance'.`,
    toMarkdown(templateRows(trials)),
  ].join('\n\n');
}

/** How much center loss helps, in one sentence. */
function helpText(trials: readonly TrialResults[]): string {
  const less = (measure: Measure) =>
    1 - meanOfMeasure(trials, 'center loss', measure) / meanOfMeasure(trials, 'softmax', measure);
  const said = (share: number) => `${percent(Math.abs(share), 0)} ${share < 0 ? 'more' : 'fewer'}`;
  return `As means of both sets and all seeds, center loss makes ${said(less('oneShotErrors'))} one-shot errors, ${said(less('equalErrorRate'))} errors of pairs where both
kinds are equal, and ${said(less('falseRejectAt1'))} false rejects.`;
}
