import {execFile} from 'node:child_process';
import {copyFile, mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

const COMPILER = fileURLToPath(new URL('../node_modules/.bin/asc', import.meta.url));
const SOURCE = fileURLToPath(new URL('../lib/kernels/wasm_simd.as', import.meta.url));

export const SIMD_MODULE = fileURLToPath(new URL('../lib/kernels/wasm_simd_binary.ts', import.meta.url));

/** Compiles the loops into the text of the TypeScript module that carries them. */
export async function compileSimdModule(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'simd-'));
  try {
    // AssemblyScript's compiler takes no other extension, and TypeScript's would take the file for its own.
    const source = join(folder, 'wasm_simd.ts');
    const binary = join(folder, 'wasm_simd.wasm');
    await copyFile(SOURCE, source);
    const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];
    await promisify(execFile)(COMPILER, [source, '--outFile', binary, ...options]);
    const base64 = (await readFile(binary)).toString('base64');
    return `/** wasm_simd.as as \`npm run build:simd\` compiles it, in Base64. */\nexport const WASM_SIMD_BINARY =\n  '${base64}';\n`;
  } finally {
    await rm(folder, {recursive: true});
  }
}
