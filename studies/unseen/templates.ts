import type {Rows} from './embedding.js';
import type {Characters} from './pictures.js';
import {mostAlike} from './quality.js';

/** What a class is compared by: the mean of its samples, each of them, or the mean of each of its looks. */
export const TEMPLATES = ['mean', 'each', 'looks'] as const;
export type Templates = (typeof TEMPLATES)[number];

/** What is enrolled: characters by one or five samples, or pairs of characters as one class, five samples of each. */
export const ENROLMENTS = [
  {samples: 1, looks: 1},
  {samples: 5, looks: 1},
  {samples: 5, looks: 2},
] as const;

export interface TemplateErrors {
  samples: number;
  looks: number;
  templates: Templates;
  /** The share of the pictures that are not enrolled, of the same alphabet, that is named wrongly. */
  errors: number;
}

type Described = Omit<Characters, 'pixels'>;

/**
 * Enrols all characters of an alphabet at a time, and names its other pictures. In each of `draws`, other people drew the
 * samples that are enrolled: in Omniglot the nth picture of every character is by the same person.
 */
export function measureTemplates(features: Rows, characters: Described, draws: number): TemplateErrors[] {
  return ENROLMENTS.flatMap(({samples, looks}) =>
    TEMPLATES.filter((templates) => isDifferent(templates, samples, looks)).map((templates): TemplateErrors => {
      let [wrong, named] = [0, 0];
      for (let draw = 0; draw < draws; draw++) {
        for (const alphabet of new Set(characters.alphabets)) {
          const counts = nameAlphabet(features, characters, alphabet, {samples, looks, templates, draw});
          wrong += counts.wrong;
          named += counts.named;
        }
      }
      return {samples, looks, templates, errors: wrong / named};
    }),
  );
}

/** One sample is its own mean, and one look the mean of all samples. */
function isDifferent(templates: Templates, samples: number, looks: number): boolean {
  return templates === 'mean' || (templates === 'each' ? samples * looks > 1 : looks > 1);
}

interface Enrolment {
  samples: number;
  looks: number;
  templates: Templates;
  draw: number;
}

function nameAlphabet(features: Rows, {labels, alphabets}: Described, alphabet: number, how: Enrolment) {
  const {samples, looks, templates, draw} = how;
  const characters = [...new Set(labels.filter((_, index) => alphabets[index] === alphabet))];
  const enrolled: {classId: number; rows: number[]}[] = [];
  const test: {classId: number; row: number}[] = [];
  characters.forEach((character, nth) => {
    const rows = [...labels.keys()].filter((index) => labels[index] === character);
    const classId = Math.floor(nth / looks);
    const taken = rows.filter((_, person) => isTaken(person, rows.length, samples, draw));
    const groups = templates === 'each' ? taken.map((row) => [row]) : [taken];
    const own = templates === 'mean' ? enrolled.find((one) => one.classId === classId) : undefined;
    if (own) {
      own.rows.push(...taken);
    } else {
      enrolled.push(...groups.map((group) => ({classId, rows: group})));
    }
    test.push(...rows.filter((row) => !taken.includes(row)).map((row) => ({classId, row})));
  });
  const known = meansOf(
    features,
    enrolled.map(({rows}) => rows),
  );
  const wrong = test.filter(({classId, row}) => enrolled[mostAlike(features, row, known)]?.classId !== classId).length;
  return {wrong, named: test.length};
}

/** Whether a person's pictures are enrolled: so many people one after the other, from another one in each draw. */
function isTaken(person: number, people: number, samples: number, draw: number): boolean {
  return (person - ((draw * samples) % people) + people) % people < samples;
}

function meansOf({values, width}: Rows, groups: readonly (readonly number[])[]): Rows {
  const means = new Float32Array(groups.length * width);
  groups.forEach((rows, group) => {
    for (let d = 0; d < width; d++) {
      means[group * width + d] = rows.reduce((sum, row) => sum + (values[row * width + d] ?? NaN), 0) / rows.length;
    }
  });
  return {values: means, width};
}
