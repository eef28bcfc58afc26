import {block, button, canvas, cssValue, element, input} from '../../pages/elements.js';
import type {Sign} from '../protocol.js';
import {MAX_DRAWINGS, MAX_SIGNS} from '../saved_network.js';
import {MAX_NAME, signName} from '../sign_name.js';
import {MARKS} from './marks.js';
import {drawPicture} from './picture.js';

/** Drawings of a sign: their mean is its center. */
const MIN_DRAWINGS = 3;

/** Teaches signs of the visitor's own: drawn some times, named, and known at once. */
export class Teaching {
  private readonly onSigns: (signs: readonly Sign[]) => void;
  private readonly onKept: () => void;
  private known: readonly Sign[] = [];
  private picture: Uint8Array | undefined;
  private kept: Uint8Array[] = [];

  /**
   * @param onSigns Is told all signs after every change.
   * @param onKept A drawing has been taken from the pad.
   */
  constructor(onSigns: (signs: readonly Sign[]) => void, onKept: () => void) {
    this.onSigns = onSigns;
    this.onKept = onKept;
    button('keep').addEventListener('click', () => {
      this.keep();
    });
    button('forget-drawings').addEventListener('click', () => {
      this.kept = [];
      this.showSteps();
    });
    element('teach-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      this.teach();
    });
    input('sign-name').maxLength = MAX_NAME;
    this.showSteps();
  }

  get signs(): readonly Sign[] {
    return this.known;
  }

  /** The drawing of the moment. */
  look(picture: Uint8Array | undefined): void {
    this.picture = picture;
    this.showSteps();
  }

  /** Shows these signs, which are known already. */
  take(signs: readonly Sign[]): void {
    this.known = signs;
    this.showSigns();
    this.showSteps();
  }

  private keep(): void {
    if (this.picture && this.kept.length < MAX_DRAWINGS) {
      this.kept.push(this.picture);
      this.onKept();
      this.showSteps();
      if (this.kept.length === MAX_DRAWINGS) {
        input('sign-name').focus();
      }
    }
  }

  private teach(): void {
    const name = signName(input('sign-name').value);
    const mark = MARKS.findIndex((_, i) => this.known.every((sign) => sign.mark !== i));
    if (name !== '' && mark >= 0 && this.kept.length >= MIN_DRAWINGS) {
      this.change([...this.known, {name, mark, pictures: this.kept}]);
      this.kept = [];
      input('sign-name').value = '';
      this.showSteps();
      block('teaching-said').textContent = `“${name}” is known now. Draw it once more, and see.`;
    }
  }

  private change(signs: readonly Sign[]): void {
    this.known = signs;
    this.showSigns();
    this.onSigns(signs);
  }

  /** The one step that is next stands out, and says how to take it. */
  private showSteps(): void {
    const count = this.kept.length;
    const enough = count >= MIN_DRAWINGS;
    const full = this.known.length >= MAX_SIGNS;
    const steps = ['step-draw', 'step-again', 'step-name'] as const;
    const next = enough ? 2 : Math.min(count, 1);
    steps.forEach((id, i) => {
      if (i === next) {
        block(id).setAttribute('aria-current', 'step');
      } else {
        block(id).removeAttribute('aria-current');
      }
    });
    const left = MIN_DRAWINGS - count;
    block('again-text').textContent = enough
      ? `Drawn ${count} times: enough. More is better.`
      : `Draw it ${count > 0 && left === 1 ? 'once' : 'twice'} more, and keep it again.`;
    button('keep').disabled = !this.picture || count === MAX_DRAWINGS || full;
    button('forget-drawings').disabled = count === 0;
    input('sign-name').disabled = !enough;
    button('teach').disabled = !enough;
    for (let i = 0; i < MAX_DRAWINGS; i++) {
      const picture = this.kept[i];
      const target = canvas(`kept-${i}`);
      target.classList.toggle('filled', picture !== undefined);
      drawPicture(target, picture ?? new Uint8Array(target.width * target.height), cssValue('--ink'));
    }
    block('kept').setAttribute('aria-label', `${count} drawings kept`);
    if (full) {
      block('teaching-said').textContent = `${MAX_SIGNS} signs are all that it learns: remove one to teach another.`;
    } else if (count > 0) {
      block('teaching-said').textContent = '';
    }
  }

  private showSigns(): void {
    block('signs').replaceChildren(
      ...this.known.map((sign) => {
        const item = document.createElement('li');
        const mark = document.createElement('span');
        mark.textContent = MARKS[sign.mark]?.glyph ?? '';
        mark.className = 'mark';
        mark.style.setProperty('--color', MARKS[sign.mark]?.color ?? '');
        mark.setAttribute('aria-hidden', 'true');
        const name = document.createElement('input');
        name.value = sign.name;
        name.maxLength = MAX_NAME;
        name.setAttribute('aria-label', `Name of the sign “${sign.name}”`);
        name.addEventListener('change', () => {
          const renamed = signName(name.value) || sign.name;
          this.change(this.known.map((one) => (one === sign ? {...sign, name: renamed} : one)));
        });
        const remove = document.createElement('button');
        remove.type = 'button';
        remove.textContent = '✕';
        remove.setAttribute('aria-label', `Remove “${sign.name}”`);
        remove.addEventListener('click', () => {
          this.change(this.known.filter((one) => one !== sign));
          this.showSteps();
          button('keep').focus();
        });
        item.append(mark, name, remove);
        return item;
      }),
    );
  }
}
