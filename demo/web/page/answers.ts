import {isKnown, SIDES} from '../protocol.js';
import type {Answer} from '../protocol.js';
import {block} from './elements.js';

const TITLES = {softmax: 'Softmax alone', 'center-loss': 'With center loss'};
const HINT = 'Draw something, or take a picture below the pad.';

/** What both networks say to a drawing; a hint where there is none. */
export function showAnswers(answers: readonly Answer[] | undefined): void {
  SIDES.forEach((side, i) => {
    const answer = answers?.[i];
    const article = block(`answer-${side}`);
    const title = make('h3', TITLES[side]);
    if (answer) {
      const known = isKnown(answer);
      const verdict = make(
        'p',
        known ? `This is ${answer.digit === 8 ? 'an' : 'a'} ${answer.digit}` : 'Unlike any digit',
      );
      verdict.className = known ? 'verdict' : 'verdict unknown';
      const details = known
        ? `${percent(answer.probability)} sure`
        : `softmax would say ${answer.digit}, ${percent(answer.probability)} sure`;
      article.replaceChildren(title, verdict, make('p', details), distance(answer));
    } else {
      article.replaceChildren(title, make('p', HINT));
    }
  });
}

/** For screen readers, which should not hear every change while the networks learn. */
export function sayAnswers(answers: readonly Answer[]): void {
  block('answer-said').textContent = SIDES.map((side, i) => {
    const answer = answers[i];
    return answer && `${TITLES[side]}: ${isKnown(answer) ? answer.digit : 'unlike any digit'}.`;
  }).join(' ');
}

/** The distance to the nearest center against the limit. */
function distance({nearest, distance: value, limits}: Answer): HTMLElement {
  const line = make(
    'p',
    `${decimals(value)} from center ${nearest}; digits: below ${decimals(limits[nearest] ?? NaN)}`,
  );
  line.className = 'fine';
  return line;
}

function make<K extends keyof HTMLElementTagNameMap>(tag: K, text: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function percent(part: number): string {
  return `${Math.floor(100 * part)} %`;
}

function decimals(value: number): string {
  return value.toPrecision(3);
}
