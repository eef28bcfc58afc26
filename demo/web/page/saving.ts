import {block, button, input} from '../../pages/elements.js';
import {attempt, onClick} from '../../pages/messages.js';
import type {Artifacts} from '../protocol.js';
import {downloadNetworks, readNetworks} from './model_files.js';
import {savedNetworks, saveNetworks} from './storage.js';

export interface SavingListener {
  networks: () => Promise<Artifacts[]>;
  open: (networks: Artifacts[]) => Promise<void>;
}

/** Saves and opens networks, here and as files. Where this browser keeps nothing, files are left. */
export function listenToSaving({networks, open}: SavingListener): void {
  onClick('save-browser', async () => {
    await saveNetworks(await networks());
    button('load-browser').disabled = false;
    say('Saved in this browser.');
  });
  onClick('load-browser', async () => {
    const saved = await savedNetworks();
    if (!saved) {
      throw new Error('Nothing has been saved in this browser.');
    }
    await open(saved);
  });
  onClick('save-files', async () => {
    await downloadNetworks(await networks());
  });
  const chooser = input('files');
  button('load-files').addEventListener('click', () => {
    chooser.click();
  });
  chooser.addEventListener('change', () => {
    const files = [...(chooser.files ?? [])];
    // The same files may be chosen again.
    chooser.value = '';
    attempt(async () => {
      await open(await readNetworks(files));
    });
  });
}

/** Once the other controls are there. */
export async function offerSaved(): Promise<void> {
  button('load-browser').disabled = true;
  try {
    button('load-browser').disabled = (await savedNetworks()) === undefined;
  } catch {
    button('save-browser').disabled = true;
    say('This browser keeps no data for this page: save files instead.');
  }
}

function say(sentence: string): void {
  block('saved').textContent = sentence;
}
