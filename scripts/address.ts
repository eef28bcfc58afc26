/**
 * The address of the repository, which is left to whoever publishes the package. `npm run address -- https://host/owner/name` writes
 * it to where package.json has it; without an address this fails unless it is there, which npm asks before it publishes.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

interface Manifest {
  repository?: {type: string; url: string};
  homepage?: string;
  bugs?: string;
}

const file = path.resolve('package.json');
const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest & Record<string, unknown>;

/** All that package.json says of an address. */
function fieldsOf(address: string): Manifest {
  return {
    repository: {type: 'git', url: `git+${address}.git`},
    homepage: `${address}#readme`,
    bugs: `${address}/issues`,
  };
}

const [given] = process.argv.slice(2);
const address = given ?? manifest.homepage?.replace(/#readme$/, '') ?? '';
if (!/^https:\/\/[^/\s]+(\/[^/\s#]+)+$/.test(address) || address.endsWith('.git')) {
  throw new Error(
    `Expected the address of the repository, as in npm run address -- https://host/owner/name, but got ${JSON.stringify(address)}.`,
  );
}
const fields = fieldsOf(address);
if (given === undefined) {
  for (const [name, value] of Object.entries(fields)) {
    const came = JSON.stringify(manifest[name]);
    if (came !== JSON.stringify(value)) {
      throw new Error(`Expected ${name} of package.json to be ${JSON.stringify(value)}, but got ${came}.`);
    }
  }
} else {
  writeFileSync(file, `${JSON.stringify({...manifest, ...fields}, null, 2)}\n`);
}
