import {readFile} from 'node:fs/promises';
import {compileSimdModule, SIMD_MODULE} from '../../scripts/simd_module.js';

describe('The compiled loops in lib', () => {
  it('are what `npm run build:simd` makes of their source', async () => {
    expect(await readFile(SIMD_MODULE, 'utf8')).toBe(await compileSimdModule());
  });

  it('are less than the 4 KiB that browsers compile at once', async () => {
    const [, base64 = ''] = /'(.*)'/.exec(await compileSimdModule()) ?? [];
    expect(Buffer.from(base64, 'base64').length).toBeLessThan(4096);
  });
});
