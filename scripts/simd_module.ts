import {execFile} from 'node:child_process';
import {copyFile, mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

const COMPILER = fileURLToPath(new URL('../node_modules/.bin/asc', import.meta.url));

/** Loops in AssemblyScript, and the TypeScript module that carries what they are compiled to. */
export interface SimdModule {
  source: string;
  binary: string;
}

export const SIMD_MODULES: readonly SimdModule[] = ['kernels/wasm_simd', 'recognition/search/compare_simd'].map(
  (name) => ({source: inLibrary(`${name}.as`), binary: inLibrary(`${name}_binary.ts`)}),
);

/** The compiler's options for a memory that threads share. */
export const FOR_SHARED_MEMORY = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'];

/** Compiles loops into the text of the TypeScript module that carries them. */
export async function compileSimdModule({source}: SimdModule): Promise<string> {
  const file = basename(source);
  const base64 = (await compile(source)).toString('base64');
  return `/** ${file} as \`npm run build:simd\` compiles it, in Base64. */\nexport const ${basename(file, '.as').toUpperCase()}_BINARY =\n  '${base64}';\n`;
}

/** Compiles loops to WebAssembly. */
export async function compile(source: string, moreOptions: readonly string[] = []): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'simd-'));
  try {
    const name = basename(source, '.as');
    // AssemblyScript's compiler takes no other extension, and TypeScript's would take the file for its own.
    const copy = join(folder, `${name}.ts`);
    const binary = join(folder, `${name}.wasm`);
    await copyFile(source, copy);
    const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];
    await promisify(execFile)(COMPILER, [copy, '--outFile', binary, ...options, ...moreOptions]);
    return await readFile(binary);
  } finally {
    await rm(folder, {recursive: true});
  }
}

function inLibrary(file: string): string {
  return fileURLToPath(new URL(`../lib/${file}`, import.meta.url));
}
