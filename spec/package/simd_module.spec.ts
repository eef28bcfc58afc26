import {readFile} from 'node:fs/promises';
import {basename} from 'node:path';
import {simdBinary} from '../../lib/kernels/wasm_simd.js';
import {compile, compileSimdModule, FOR_SHARED_MEMORY, SIMD_MODULES} from '../../scripts/simd_module.js';
import type {SimdModule} from '../../scripts/simd_module.js';

/** The compiler alone takes a second or two, on a busy machine several. */
const MINUTE = 60_000;
const NAMED = SIMD_MODULES.map((simdModule) => ({name: basename(simdModule.source), simdModule}));

describe.each(NAMED)('The compiled loops of $name', ({simdModule}) => {
  it(
    'are what `npm run build:simd` makes of their source',
    async () => {
      expect(await readFile(simdModule.binary, 'utf8')).toBe(await compileSimdModule(simdModule));
    },
    MINUTE,
  );

  it('are less than the 4 KiB that browsers compile at once', async () => {
    const [, base64 = ''] = /'(.*)'/.exec(await readFile(simdModule.binary, 'utf8')) ?? [];
    const {length} = Buffer.from(base64, 'base64');
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThan(4096);
  });
});

describe('The loops of the kernels', () => {
  it(
    'are for shared memory what the compiler makes of their source for shared memory',
    async () => {
      const [{source}] = SIMD_MODULES as [SimdModule];
      const compiled = await compile(source, FOR_SHARED_MEMORY);
      expect(Buffer.from(simdBinary(true)).equals(compiled)).toBe(true);
      expect(Buffer.from(simdBinary(false)).equals(compiled)).toBe(false);
    },
    MINUTE,
  );
});
