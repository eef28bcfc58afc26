import {createStore, del, get, set} from 'idb-keyval';

import {keyOf, seal, unseal} from './sealing.js';
import type {Key, Sealed} from './sealing.js';

const KEY = 'people';
const STORE = 'center-loss-faces';
/** A tab that is just closing still holds its lock. */
const PATIENCE_MS = 2000;

/** Keeps a text in this browser, sealed where there is a passphrase. */
export class Keeping {
  private readonly store = createStore(STORE, KEY);
  private key: Key | undefined;
  /** Whether each change is to be kept. */
  private isOn = false;
  private claimed: Promise<void> | undefined;
  private last: Promise<unknown> = Promise.resolve();

  get isKeeping(): boolean {
    return this.isOn;
  }

  get isSealed(): boolean {
    return this.key !== undefined;
  }

  /** Until this tab is closed no other one gets the people: each would overwrite what the other keeps. */
  claim(): Promise<void> {
    this.claimed ??= lockUntilClosed().catch((error: unknown) => {
      this.claimed = undefined;
      throw new Error('The people are open in another tab of this browser. Close it, then begin here.', {cause: error});
    });
    return this.claimed;
  }

  /** What has been kept; undefined if nothing has. */
  kept(): Promise<string | Sealed | undefined> {
    return get(KEY, this.store);
  }

  /** Reads what has been kept, and keeps each change from now on. */
  async open(kept: string | Sealed, passphrase: string): Promise<string> {
    this.key = typeof kept === 'string' ? undefined : await keyOf(passphrase, kept.salt);
    const text = typeof kept === 'string' || !this.key ? kept : await unseal(kept, this.key);
    this.isOn = true;
    return text as string;
  }

  /** Keeps this, and each change from now on. Without a passphrase, anyone who uses this browser can read it. */
  async begin(text: string, passphrase: string): Promise<void> {
    this.key = passphrase === '' ? undefined : await keyOf(passphrase);
    this.isOn = true;
    await this.change(text);
  }

  /** Replaces what is kept, if anything is: nothing of the old is left in the store. */
  change(text: string): Promise<void> {
    return this.inTurn(async () => {
      if (this.isOn) {
        await set(KEY, this.key ? await seal(text, this.key) : text, this.store);
      }
    });
  }

  /** Deletes what is kept, and keeps nothing from now on. */
  forget(): Promise<void> {
    this.isOn = false;
    this.key = undefined;
    return this.inTurn(() => del(KEY, this.store));
  }

  /** One after another: sealing takes time, and the last change has to be the last that is written. */
  private inTurn(action: () => Promise<void>): Promise<void> {
    const next = this.last.then(action);
    this.last = next.catch(() => undefined);
    return next;
  }
}

async function lockUntilClosed(): Promise<void> {
  // On plain http there are no locks.
  const locks = (navigator as Partial<Navigator>).locks;
  await new Promise<void>((resolve, reject) => {
    const hold = () => {
      resolve();
      return new Promise(() => undefined);
    };
    if (locks) {
      locks.request(STORE, {signal: AbortSignal.timeout(PATIENCE_MS)}, hold).catch(reject);
    } else {
      resolve();
    }
  });
}
