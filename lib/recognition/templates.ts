import {quote, ValueError} from '../errors.js';

/** Of which samples a template is made: the mean of all that come without a name, or each of them. */
export type TemplatesOption = 'mean' | 'each';

/** @throws ValueError unless it is one of these; `'mean'` if it is undefined. */
export function checkTemplates(templates: unknown, caller: string): TemplatesOption {
  if (templates !== undefined && templates !== 'mean' && templates !== 'each') {
    throw new ValueError(`${caller}: expected templates to be 'mean' or 'each', but got ${quote(templates)}.`);
  }
  return templates ?? 'mean';
}

/** The name of a template that was given none, and is the only one of its class. */
export const ONLY = '1';

/**
 * Which rows are templates of the same class, and their names: kept once a class has several, or one that was given a name.
 *
 * A class is called by its first row, that of its oldest template. So classes keep the order of their enrolment, and of
 * classes with one template each nothing has to be kept.
 */
export class Templates {
  /** How many rows are not the first of their class. */
  more = 0;
  classOf: Uint32Array;
  private readonly names: (string | undefined)[] = [];
  /** The first row of a class leads to its newest one, that to the one before it, and so on; 0 is the end. */
  private next: Uint32Array;

  /** @param rows How many classes there are, each of one template. */
  constructor(rows: number, capacity: number) {
    this.classOf = new Uint32Array(capacity);
    this.next = new Uint32Array(capacity);
    for (let row = 0; row < rows; row++) {
      this.add(row, row, ONLY);
    }
  }

  /** Makes room for so many rows in all. */
  reserve(rows: number): void {
    if (rows > this.next.length) {
      const [classOf, next] = [new Uint32Array(rows), new Uint32Array(rows)];
      classOf.set(this.classOf);
      next.set(this.next);
      [this.classOf, this.next] = [classOf, next];
    }
  }

  /** The rows of a class, in the order of their enrolment. */
  rowsOf(first: number): number[] {
    const rows: number[] = [];
    for (let row = this.next[first] as number; row !== 0; row = this.next[row] as number) {
      rows.push(row);
    }
    return [first, ...rows.reverse()];
  }

  /** Whether a class has more than one. */
  hasSeveral(first: number): boolean {
    return this.next[first] !== 0;
  }

  nameOf(row: number): string {
    return this.names[row] ?? ONLY;
  }

  /** Adds a row to a class, or as the first of its own. */
  add(row: number, first: number, name: string): void {
    this.names[row] = name;
    this.classOf[row] = first;
    this.next[row] = 0;
    if (row !== first) {
      this.next[row] = this.next[first] as number;
      this.next[first] = row;
      this.more++;
    }
  }

  /** Takes away a row that is not the first of its class. */
  remove(row: number): void {
    let before = this.classOf[row] as number;
    while (this.next[before] !== row) {
      before = this.next[before] as number;
    }
    this.next[before] = this.next[row] as number;
    this.names[row] = undefined;
    this.more--;
  }

  /** Gives the first row of a class the name of one that takes its place, or none if the class goes. */
  rename(first: number, name: string | undefined): void {
    this.names[first] = name;
  }

  /** Follows a row that moves, called for each in their order. The links are wrong until `link`. */
  move(from: number, to: number): void {
    const first = this.classOf[from] as number;
    // Where a first row went stands in its place of the links, until they are made anew.
    this.next[from] = to;
    this.classOf[to] = this.next[first] as number;
    this.names[to] = this.names[from];
  }

  /** Makes the links of so many rows anew. */
  link(rows: number): void {
    this.names.length = rows;
    this.next.fill(0);
    this.more = 0;
    for (let row = 0; row < rows; row++) {
      this.add(row, this.classOf[row] as number, this.nameOf(row));
    }
  }
}
