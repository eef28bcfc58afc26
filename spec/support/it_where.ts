/**
 * `it`, where a condition holds that depends on the backend. Elsewhere the spec is skipped, and its title says why.
 *
 * @param reason Completes "skipped, since ..." where the condition does not hold.
 */
export function itWhere(condition: boolean, reason: string): (title: string, run: () => void | Promise<void>) => void {
  return (title, run) => {
    if (condition) {
      it(title, run);
    } else {
      xit(`${title} (skipped, since ${reason})`, run);
    }
  };
}
