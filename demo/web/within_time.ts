/** What was waited for did not come in time. */
export class TooLate extends Error {}

/** Rejects with the sentence if the action takes longer. The action itself goes on: nothing can stop it. */
export async function withinTime<T>(action: Promise<T>, milliseconds: number, sentence: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TooLate(sentence));
    }, milliseconds);
  });
  try {
    return await Promise.race([action, late]);
  } finally {
    clearTimeout(timer);
  }
}
