import {block} from '../../pages/elements.js';
import {DIGIT_COLORS} from '../../mnist/colors.js';

/** A button for each digit; pressing one shows its points alone, pressing it again all. */
export function createLegend(onHighlight: (digit: number | undefined) => void): void {
  let highlighted: number | undefined;
  const buttons = DIGIT_COLORS.map((color, digit) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = String(digit);
    button.setAttribute('aria-pressed', 'false');
    button.style.setProperty('--color', color);
    button.addEventListener('click', () => {
      highlighted = highlighted === digit ? undefined : digit;
      buttons.forEach((one, i) => {
        one.setAttribute('aria-pressed', String(i === highlighted));
      });
      onHighlight(highlighted);
    });
    return button;
  });
  block('legend').replaceChildren(...buttons);
}
