import type {Plugin} from 'vite';

/**
 * What the built page may load: its own files. WebAssembly has to be compiled; the wasm backend starts its threads from a
 * script in memory; the mark of a choice in the style sheet is a picture in an address; a film that a visitor opens is in memory.
 */
export const CONTENT_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Writes the policy into the built page. The server of the sources brings scripts of its own, which it would forbid. */
export function contentPolicy(): Plugin {
  return {
    name: 'content-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: {'http-equiv': 'Content-Security-Policy', content: CONTENT_POLICY},
        injectTo: 'head-prepend',
      },
    ],
  };
}
