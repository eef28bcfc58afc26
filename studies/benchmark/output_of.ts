import {execFile} from 'node:child_process';
import type {ExecFileOptions} from 'node:child_process';
import {promisify} from 'node:util';

/** What a program prints. Rejects with an error that has its `stderr` if it fails, and when it is aborted. */
export async function outputOf(
  program: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
  options: Pick<ExecFileOptions, 'cwd' | 'env'> = {},
): Promise<string> {
  const {stdout} = await promisify(execFile)(program, args, {...options, ...(signal ? {signal} : {})});
  return stdout;
}
