import {wrap} from 'comlink';
import type {Remote} from 'comlink';

import {block, button, element, input} from '../../pages/elements.js';
import {attempt, onClick, showError} from '../../pages/messages.js';
import {keepOffline} from '../../pages/offline.js';
import type {FaceWorker} from '../worker/main.js';
import {Desk} from './desk.js';
import {Keeping} from './keeping.js';
import {People} from './people.js';
import type {Sealed} from './sealing.js';

/** Asks for consent, and for the passphrase where people are kept here by one; then opens the desk. */
export async function openPage(): Promise<void> {
  const keeping = new Keeping();
  const status = block('status');
  showKept(await keeping.kept());
  button('begin').disabled = false;

  onClick('delete-kept', async () => {
    await keeping.claim();
    await keeping.forget();
    location.reload();
  });
  element('consent', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(async () => {
      await keeping.claim();
      // Another tab may have changed it meanwhile.
      const kept = await keeping.kept();
      showKept(kept);
      const people =
        kept === undefined ? new People() : People.fromText(await keeping.open(kept, input('unlock-passphrase').value));
      button('begin').disabled = true;
      status.textContent = 'Loading three networks, 12 MB…';
      const desk = new Desk(await startedWorker(), keeping, people);
      block('consent').hidden = true;
      await desk.open();
      await keepOffline();
    });
  });
}

function showKept(kept: string | Sealed | undefined): void {
  const isSealed = kept !== undefined && typeof kept !== 'string';
  block('unlock').hidden = !isSealed;
  input('unlock-passphrase').required = isSealed;
  button('delete-kept').hidden = kept === undefined;
  block('status').textContent =
    kept === undefined ? 'Nobody is kept in this browser.' : 'People are kept in this browser.';
}

async function startedWorker(): Promise<Remote<FaceWorker>> {
  const thread = new Worker(new URL('../worker/main.ts', import.meta.url), {type: 'module'});
  thread.addEventListener('error', ({message}) => {
    showError(`The networks do not work here: ${message}`);
  });
  const worker = wrap<FaceWorker>(thread);
  await worker.start();
  return worker;
}
