import {block} from '../../pages/elements.js';
import {ACCEPTED_SHARE, SIDES} from '../protocol.js';
import type {Answer, Sign} from '../protocol.js';
import {nearness, titleOf, verdictOf} from './verdict.js';

const TITLES = {softmax: 'Softmax alone', 'center-loss': 'With center loss'};
const HINT = 'Draw something, or take a picture.';

/** What both networks say to a drawing; a hint where there is none. */
export function showAnswers(answers: readonly Answer[] | undefined, signs: readonly Sign[]): void {
  SIDES.forEach((side, i) => {
    const answer = answers?.[i];
    const title = make('h3', TITLES[side]);
    block(`answer-${side}`).replaceChildren(title, ...(answer ? linesOf(answer, signs) : [make('p', HINT)]));
  });
}

/** For screen readers, which should not hear every change while the networks learn. */
export function sayAnswers(answers: readonly Answer[], signs: readonly Sign[]): void {
  block('answer-said').textContent = SIDES.map((side, i) => {
    const answer = answers[i];
    return answer && `${TITLES[side]}: ${verdictOf(answer, signs, ACCEPTED_SHARE).title}.`;
  }).join(' ');
}

function linesOf(answer: Answer, signs: readonly Sign[]): HTMLElement[] {
  const {kind, title, reason} = verdictOf(answer, signs, ACCEPTED_SHARE);
  const verdict = make('p', title);
  verdict.className = `verdict ${kind}`;
  const softmax = make('p', `Softmax: ${answer.digit}, ${Math.floor(100 * answer.probability)} % sure`);
  softmax.className = 'fine';
  return [verdict, make('p', reason), bars(answer, signs), softmax];
}

/** How near the two nearest classes are: beyond the line in the middle is near enough. */
function bars({nearest, limit}: Answer, signs: readonly Sign[]): HTMLElement {
  const list = document.createElement('ul');
  list.className = 'bars';
  for (const {classId, distance} of nearest) {
    const part = nearness(distance, limit);
    const name = make('span', titleOf(classId, signs));
    name.className = 'class';
    const bar = make('span', '');
    bar.className = 'bar';
    bar.style.setProperty('--part', String(part));
    bar.setAttribute('role', 'img');
    bar.setAttribute('aria-label', `${Math.round(100 * part)} of 100 near; accepted from 50`);
    const item = document.createElement('li');
    item.append(name, bar);
    list.append(item);
  }
  return list;
}

function make<K extends keyof HTMLElementTagNameMap>(tag: K, text: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
