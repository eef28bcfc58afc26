import {writeFile} from 'node:fs/promises';

import {compileSimdModule, SIMD_MODULES} from './simd_module.js';

for (const simdModule of SIMD_MODULES) {
  await writeFile(simdModule.binary, await compileSimdModule(simdModule));
}
