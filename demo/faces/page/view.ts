import {block, select} from '../../pages/elements.js';
import type {People} from './people.js';
import type {Said} from './sentences.js';

const NO_FACE = 'No face is seen.';

/** Shows what is said of the faces that are seen. */
export function showAnswers(answers: readonly Said[]): void {
  const items = answers.map(({title, isRefused, details}) => {
    const name = made('strong', title);
    name.classList.toggle('refused', isRefused);
    const item = document.createElement('li');
    item.append(name, made('span', details, 'fine'));
    return item;
  });
  block('answers').replaceChildren(...(items.length > 0 ? items : [made('li', NO_FACE, 'fine')]));
  const said = answers.length === 0 ? NO_FACE : answers.map(({title}) => title).join(', ');
  // A screen reader reads what changes: not every frame.
  if (block('answer-said').textContent !== said) {
    block('answer-said').textContent = said;
  }
}

/** Nothing is looked at any more. */
export function clearAnswers(): void {
  block('answers').replaceChildren();
  block('answer-said').textContent = '';
}

/** The people with their pictures. A press on a picture forgets it. */
export function showPeople(
  people: People,
  {forgetPicture, forget}: {forgetPicture: (name: string, template: string) => void; forget: (name: string) => void},
): void {
  block('people').replaceChildren(
    ...people.names.map((name) => {
      const row = made('div', '', 'row');
      row.append(
        made('h3', name),
        pressed(`Forget ${name}`, () => {
          forget(name);
        }),
      );
      const pictures = made('ul', '', 'pictures');
      pictures.append(
        ...people.picturesOf(name).map(([template, picture], i) => {
          const button = pressed('', () => {
            forgetPicture(name, template);
          });
          const image = document.createElement('img');
          image.src = picture;
          image.alt = `Forget picture ${String(i + 1)} of ${name}`;
          const mark = made('span', '✕');
          mark.ariaHidden = 'true';
          button.append(image, mark);
          const item = document.createElement('li');
          item.append(button);
          return item;
        }),
      );
      const item = made('li', '', 'person');
      item.append(row, pictures);
      return item;
    }),
  );
  const names = select('true-name');
  const {value} = names;
  names.replaceChildren(...people.names.map((name) => new Option(name)));
  names.value = people.names.includes(value) ? value : (people.names[0] ?? '');
}

function pressed(text: string, action: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = text;
  button.addEventListener('click', action);
  return button;
}

function made(tag: string, text: string, className = ''): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}
