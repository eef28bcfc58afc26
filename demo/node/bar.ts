import process from 'node:process';
import {clearLine, cursorTo} from 'node:readline';

const WIDTH = 16;
const REDRAW_MS = 100;
const [HIDE_CURSOR, SHOW_CURSOR] = ['\x1b[?25l', '\x1b[?25h'];

/** A line of the terminal with a bar. It is written over until it ends. */
export class Bar {
  private isShown = false;
  private lastDrawn = -Infinity;

  /**
   * @param done The part that is done, from 0 to 1.
   * @param line Gives the line around the bar. Called only when the line is drawn, which is a few times a second.
   */
  show(done: number, line: (bar: string) => string): void {
    const now = performance.now();
    if (done < 1 && now < this.lastDrawn + REDRAW_MS) {
      return;
    }
    this.lastDrawn = now;
    if (!this.isShown) {
      this.isShown = true;
      process.stdout.write(HIDE_CURSOR);
    }
    const filled = Math.round(WIDTH * done);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${Math.floor(100 * done)}%`;
    cursorTo(process.stdout, 0);
    // A longer one would go on in the next line, which is not written over.
    process.stdout.write(line(bar).slice(0, process.stdout.columns - 1));
    clearLine(process.stdout, 1);
  }

  /** Leaves the line as it is, and the terminal as it was. */
  end(): void {
    if (this.isShown) {
      this.isShown = false;
      this.lastDrawn = -Infinity;
      process.stdout.write(`${SHOW_CURSOR}\n`);
    }
  }
}

/** Tells from the part that is done, from 0 to 1, how long the rest takes. It begins now. */
export function timeLeft(): (done: number) => string {
  const begin = performance.now();
  return (done) => {
    const seconds = ((performance.now() - begin) / 1000) * (1 / done - 1);
    return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
  };
}
