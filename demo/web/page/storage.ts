import {createStore, get, set} from 'idb-keyval';
import type {UseStore} from 'idb-keyval';

import type {Artifacts} from '../protocol.js';
import {withinTime} from '../within_time.js';

const DATABASE = 'center-loss-page';
const KEY = 'networks';
/** A store that neither opens nor fails. */
const PATIENCE_MS = 4000;

/** All that is saved, in one record: it is written whole or not at all, whatever another tab does. */
interface Saved {
  id: string;
  networks: Artifacts[];
}

let store: UseStore | undefined;

/** What has been saved here; undefined if nothing has. Rejects if this browser keeps nothing. */
export async function savedNetworks(): Promise<Artifacts[] | undefined> {
  const networks: unknown = (await inTime(read()))?.networks;
  if (networks !== undefined && !Array.isArray(networks)) {
    throw new Error('What this browser has kept for this page is damaged: please save again.');
  }
  return networks;
}

/** Resolves when the networks are found in the store, and rejects with a sentence otherwise. */
export async function saveNetworks(networks: Artifacts[]): Promise<void> {
  const id = `${String(Date.now())} ${String(Math.random())}`;
  let found;
  try {
    await inTime(set(KEY, {id, networks} satisfies Saved, opened()));
    found = await inTime(read());
  } catch (error) {
    const reason = error instanceof DOMException && error.name === 'QuotaExceededError' ? 'there is no room left' : '';
    throw new Error(
      `Nothing was saved in this browser${reason && `: ${reason}`}. "Save files" keeps the networks as well.`,
      {cause: error},
    );
  }
  if (found?.id !== id) {
    throw new Error('Another tab of this page has saved its networks at the same moment. Please save again.');
  }
}

function read(): Promise<Saved | undefined> {
  return get<Saved>(KEY, opened());
}

/** Throws where site data are blocked. */
function opened(): UseStore {
  store ??= createStore(DATABASE, KEY);
  return store;
}

function inTime<T>(action: Promise<T>): Promise<T> {
  return withinTime(action, PATIENCE_MS, 'The store of this browser does not answer.');
}
