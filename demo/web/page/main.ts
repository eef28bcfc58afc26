import {wrap} from 'comlink';

import {FOLDER} from '../mnist_parts.js';
import type {OpenTrainer} from '../worker/main.js';
import {settingsFromAddress} from './address.js';
import {block} from './elements.js';
import {showError} from './messages.js';
import {Page} from './page.js';

async function open(): Promise<void> {
  const worker = new Worker(new URL('../worker/main.ts', import.meta.url), {type: 'module'});
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', () => {
      reject(new Error('This page needs a browser that runs module workers and modern JavaScript.'));
    });
  });
  const settings = settingsFromAddress(location.search);
  const folder = new URL(`./${FOLDER}/`, document.baseURI).href;
  const trainer = await Promise.race([wrap<OpenTrainer>(worker)(settings, folder), broken]);
  await new Page(trainer).open(settings);
}

open().catch((error: unknown) => {
  showError(error);
  block('status').textContent = 'Not started';
});
