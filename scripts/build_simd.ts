import {writeFile} from 'node:fs/promises';

import {compileSimdModule, SIMD_MODULE} from './simd_module.js';

await writeFile(SIMD_MODULE, await compileSimdModule());
