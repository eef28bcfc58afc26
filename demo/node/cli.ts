import {constants} from 'node:os';

import {CommanderError} from 'commander';

const FAILED = 1;
const WRONG_OPTIONS = 2;

/** Runs a command line program: Ctrl-C aborts the signal, errors become messages and exit codes. */
export async function runCli(main: (argv: readonly string[], signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // Once: a second Ctrl-C ends the process at once.
    process.once(name, () => {
      process.exitCode = 128 + constants.signals[name];
      controller.abort();
    });
  }
  try {
    await main(process.argv.slice(2), controller.signal);
  } catch (error) {
    if (controller.signal.aborted) {
      console.error('Stopped.');
    } else if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : WRONG_OPTIONS;
    } else {
      console.error(error instanceof Error ? `Error: ${error.message}` : error);
      process.exitCode = FAILED;
    }
  }
}
