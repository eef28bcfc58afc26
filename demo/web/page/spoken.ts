import {SIDES} from '../protocol.js';
import type {Frame, LayerSettings} from '../protocol.js';
import {block, canvas} from './elements.js';

const TITLES = {softmax: 'softmax alone', 'center-loss': 'softmax and center loss'};

/** The numbers of a frame, beside the planes and as the planes' description. */
export function saySides({sides}: Frame): void {
  SIDES.forEach((side, i) => {
    const {accuracy = NaN, ratio = NaN} = sides[i] ?? {};
    const numbers = {accuracy: `${(100 * accuracy).toFixed(1)} %`, ratio: ratio.toFixed(3)};
    block(`accuracy-${side}`).textContent = numbers.accuracy;
    block(`ratio-${side}`).textContent = numbers.ratio;
    canvas(`plane-${side}`).setAttribute(
      'aria-label',
      `Points of the network with ${TITLES[side]}: accuracy ${numbers.accuracy}, spread ${numbers.ratio}`,
    );
  });
}

/** What the layers work with, in a corner of each plane. */
export function sayLayers(layers: readonly LayerSettings[]): void {
  SIDES.forEach((side, i) => {
    const {lossWeight = NaN, alpha = NaN} = layers[i] ?? {};
    block(`layer-${side}`).textContent = `λ ${lossWeight}, α ${alpha}`;
  });
}
