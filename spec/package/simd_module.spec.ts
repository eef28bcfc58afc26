import {readFile} from 'node:fs/promises';
import {basename} from 'node:path';
import {compileSimdModule, SIMD_MODULES} from '../../scripts/simd_module.js';

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

  it(
    'are less than the 4 KiB that browsers compile at once',
    async () => {
      const [, base64 = ''] = /'(.*)'/.exec(await compileSimdModule(simdModule)) ?? [];
      expect(Buffer.from(base64, 'base64').length).toBeLessThan(4096);
    },
    MINUTE,
  );
});
