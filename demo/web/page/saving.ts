import type {Remote} from 'comlink';

import type {Trainer} from '../worker/trainer.js';
import {block, button, input} from './elements.js';
import {onClick} from './messages.js';
import {downloadModels, readModels} from './model_files.js';

/** @param change Runs what ends with other networks and settings. */
export function listenToSaving(trainer: Remote<Trainer>, change: (action: () => Promise<void>) => void): void {
  onClick('save-browser', async () => {
    await trainer.saveInBrowser();
    button('load-browser').disabled = false;
    block('status').textContent = 'Saved in this browser';
  });
  button('load-browser').addEventListener('click', () => {
    change(() => trainer.loadFromBrowser());
  });
  onClick('save-files', async () => {
    await downloadModels(await trainer.artifacts());
  });

  const chooser = input('files');
  button('load-files').addEventListener('click', () => {
    chooser.click();
  });
  chooser.addEventListener('change', () => {
    const files = [...(chooser.files ?? [])];
    // The same files may be chosen again.
    chooser.value = '';
    change(async () => trainer.loadArtifacts(await readModels(files)));
  });
}
