import {block, canvas} from '../../pages/elements.js';
import {JUDGED_BY, SIDES} from '../protocol.js';
import type {Frame, LayerSettings} from '../protocol.js';

const JUDGES = {cosine: 'angle', relative: 'distance'};
const TITLES = {softmax: 'softmax alone', 'center-loss': 'softmax and center loss'};

/** The numbers of a frame, beside the planes and as the planes' description. */
export function saySides({sides}: Frame): void {
  SIDES.forEach((side, i) => {
    const {accuracy = NaN, ratio = NaN, refused = NaN, named = NaN} = sides[i] ?? {};
    const numbers = {
      accuracy: `${(100 * accuracy).toFixed(1)} %`,
      ratio: ratio.toFixed(3),
      refused: `${Math.round(100 * refused)} %`,
      named: `${Math.round(100 * named)} %`,
    };
    block(`accuracy-${side}`).textContent = numbers.accuracy;
    block(`ratio-${side}`).textContent = numbers.ratio;
    block(`refused-${side}`).textContent = numbers.refused;
    block(`named-${side}`).textContent = numbers.named;
    canvas(`plane-${side}`).setAttribute(
      'aria-label',
      `Points of the network with ${TITLES[side]}: accuracy ${numbers.accuracy}, spread ${numbers.ratio}, ` +
        `${numbers.refused} of what is no digit refused, ${numbers.named} of drawings of new signs named`,
    );
  });
}

/** What the layers work with and what the planes are, in a corner of each plane. */
export function sayLayers(layers: readonly LayerSettings[], featureDim: number): void {
  const plane = featureDim === 2 ? '2 features' : `principal axes of ${featureDim}`;
  SIDES.forEach((side, i) => {
    const {lossWeight = NaN, alpha = NaN} = layers[i] ?? {};
    block(`layer-${side}`).textContent =
      `λ ${lossWeight}, α ${alpha} · ${plane} · judged by ${JUDGES[JUDGED_BY[side]]}`;
  });
}
