import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';

import {writePicture} from '../figures.js';
import {percent} from '../numbers.js';
import {writeSections} from '../sections.js';
import {toMarkdown} from '../tables.js';
import {drawScores} from './figures.js';
import {SETTINGS} from './protocol.js';
import type {Run} from './results.js';
import {BEST, PLAIN, sparedBy} from './summary.js';
import type {How, Measure} from './summary.js';
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
${trials.length} trainings, seeds ${seeds.join(', ')}; ${PLAIN.looks}, score '${PLAIN.score}'. Measured on ${date}: ${machine}, backend
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

/** How much center loss helps, in two sentences. */
function helpText(trials: readonly TrialResults[]): string {
  const said = (measure: Measure, how: How) => {
    const share = sparedBy(trials, measure, how);
    return `${percent(Math.abs(share), 0)} ${share < 0 ? 'more' : 'fewer'}`;
  };
  return `As means of both sets and all seeds, center loss makes ${said('oneShotErrors', PLAIN)} one-shot errors, ${said('equalErrorRate', PLAIN)} errors of pairs where both
kinds are equal, and ${said('falseRejectAt1', PLAIN)} false rejects. With ${BEST.looks} it is ${said('oneShotErrors', BEST)},
${said('equalErrorRate', BEST)} and ${said('falseRejectAt1', BEST)}.`;
}
