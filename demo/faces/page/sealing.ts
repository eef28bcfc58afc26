/** What a passphrase has made unreadable. */
export interface Sealed {
  salt: Uint8Array<ArrayBuffer>;
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

/** A key, and the salt that it takes to make it of the passphrase again. */
export interface Key {
  salt: Uint8Array<ArrayBuffer>;
  key: CryptoKey;
}

/** Rounds of PBKDF2 with SHA-256, as OWASP advises: a guess costs so much work. */
const ITERATIONS = 600_000;

/** @param salt Of something sealed, to open it; a new one otherwise. */
export async function keyOf(passphrase: string, salt = crypto.getRandomValues(new Uint8Array(16))): Promise<Key> {
  const secret = new TextEncoder().encode(passphrase.normalize());
  const material = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey']);
  const how = {name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ITERATIONS};
  const key = await crypto.subtle.deriveKey(how, material, {name: 'AES-GCM', length: 256}, false, [
    'encrypt',
    'decrypt',
  ]);
  return {salt, key};
}

export async function seal(text: string, {salt, key}: Key): Promise<Sealed> {
  // Never twice the same with one key.
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = await crypto.subtle.encrypt({name: 'AES-GCM', iv}, key, new TextEncoder().encode(text));
  return {salt, iv, bytes};
}

/** Rejects for another key, and for what has been changed since it was sealed. */
export async function unseal({iv, bytes}: Sealed, {key}: Key): Promise<string> {
  const text = await crypto.subtle.decrypt({name: 'AES-GCM', iv}, key, bytes).catch((error: unknown) => {
    throw new Error('This is not the passphrase, or what was kept has been damaged.', {cause: error});
  });
  return new TextDecoder().decode(text);
}
