const GIVE_UP_MS = 90_000;
const LOOK_EVERY_MS = 50;

/**
 * Looks again and again until what is seen is as it should be, and gives it. Else it gives up, and the error tells what was
 * waited for, and what was seen last.
 *
 * @param what Completes "Waited ... for ...".
 * @param look May reject only where waiting on makes no sense.
 */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  isRight: (seen: T) => boolean,
  giveUpMs = GIVE_UP_MS,
): Promise<T> {
  const end = performance.now() + giveUpMs;
  for (;;) {
    const seen = await look();
    if (isRight(seen)) {
      return seen;
    }
    if (performance.now() > end) {
      throw new Error(`Waited ${giveUpMs / 1000} s for ${what}, but saw ${JSON.stringify(seen)} last.`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
