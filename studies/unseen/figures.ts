import {toSvg} from '../../demo/node/figure.js';
import {CONFIG, figureTitle} from '../figures.js';
import {histogramPanel} from '../histogram.js';
import {METHOD_TITLES, METHODS, ofMethod} from './summary.js';
import type {TrialResults} from './trial.js';

/** How often two pictures of a character, and of two, are how far apart: the first training of each kind. */
export async function drawScores(trials: readonly TrialResults[]): Promise<string> {
  return toSvg({
    title: figureTitle('Pairs of pictures of characters that were never seen'),
    hconcat: METHODS.flatMap((method) =>
      ofMethod(trials, method)
        .slice(0, 1)
        .map(({histogram}) =>
          histogramPanel(METHOD_TITLES[method], histogram, {
            known: 'the same character (genuine)',
            unknown: 'two characters of an alphabet (impostor)',
            score: "score 'distance' (right: more alike)",
            share: 'share of the pairs',
          }),
        ),
    ),
    config: CONFIG,
  });
}
