import {threeDigits} from '../numbers.js';

/** A median, and the quartiles as its spread. */
export interface Timing {
  median: number;
  lower: number;
  upper: number;
  samples: number;
}

export interface Subject {
  run: () => void | Promise<void>;
  /** Waits until what has been run is done, on backends that do not wait by themselves. */
  settle?: (() => Promise<unknown>) | undefined;
}

export interface Budget {
  /** Milliseconds for all subjects together, as far as `minRounds` allows. */
  total: number;
  minRounds: number;
  maxRounds: number;
}

/** Milliseconds. What takes less is repeated: neither the clock nor the caches left by others should show. */
const SHORTEST_SAMPLE = 5;
const SHORTEST_SETTLED_SAMPLE = 50;
/** Milliseconds, at least one execution: engines compile only what has run some hundred times. */
const WARM_UP = 120;
/** What does not wait takes more of them to come to its pace: software that computes for a GPU compiles as well. */
const SETTLED_WARM_UP = 1000;

/**
 * Measures subjects in turn, round after round, so that what disturbs the machine disturbs all of them. Gives the
 * milliseconds of one execution, by round.
 */
export async function measure(
  subjects: ReadonlyMap<string, Subject>,
  {total, minRounds, maxRounds}: Budget,
): Promise<Map<string, number[]>> {
  const start = performance.now();
  const samples = new Map<string, number[]>();
  const repeats = new Map<string, number>();
  for (const [name, subject] of subjects) {
    const warm = performance.now() + (subject.settle ? SETTLED_WARM_UP : WARM_UP);
    let duration = await timeOf(subject, 1);
    while (performance.now() < warm) {
      duration = Math.min(duration, await timeOf(subject, 1));
    }
    const shortest = subject.settle ? SHORTEST_SETTLED_SAMPLE : SHORTEST_SAMPLE;
    repeats.set(name, Math.ceil(shortest / Math.max(duration, 1e-3)));
    samples.set(name, []);
  }
  for (let round = 0; round < maxRounds; round++) {
    if (round >= minRounds && performance.now() - start > total) {
      break;
    }
    for (const [name, subject] of subjects) {
      samples.get(name)?.push(await timeOf(subject, repeats.get(name) ?? 1));
    }
  }
  return samples;
}

async function timeOf({run, settle}: Subject, repeats: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) {
    const pending = run();
    if (pending) {
      await pending;
    }
  }
  if (settle) {
    await settle();
  }
  return (performance.now() - start) / repeats;
}

export function timingOf(samples: readonly number[]): Timing {
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    lower: quantile(sorted, 0.25),
    upper: quantile(sorted, 0.75),
    samples: sorted.length,
  };
}

/** The median, as a table has it; nothing where it was not measured. */
export function medianText(timing: Timing | undefined): string {
  return timing ? threeDigits(timing.median) : '';
}

function quantile(sorted: readonly number[], q: number): number {
  const position = q * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position % 1);
}
