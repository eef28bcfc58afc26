import {fileURLToPath} from 'node:url';

import type {UserConfig} from 'vite';
import {VitePWA} from 'vite-plugin-pwa';

import {contentPolicy} from './content_policy.js';
import {noteLicenses, writeLicenses} from './licenses.js';
import type {Besides} from './licenses.js';

/** What a page says of itself to Vite. */
export interface PageArgs {
  /** The address of its vite.config.ts. */
  config: string;
  name: string;
  shortName: string;
  description: string;
  /** The folder of the build, below `output`. */
  output: string;
  /** More endings of files that are kept for visits without a line. */
  keep: readonly string[];
  besides: Besides;
  /** Packages found late, in the worker and behind choices; a late find would reload the page under the visitor. */
  foundLate: readonly string[];
}

/** What the pages have in common: the package's sources, the policy, the licences, and a service worker. */
export function pageConfig(args: PageArgs): UserConfig {
  const source = (file: string) => fileURLToPath(new URL(`../../lib/${file}`, import.meta.url));
  return {
    root: fileURLToPath(new URL('.', args.config)),
    publicDir: fileURLToPath(new URL('./public', import.meta.url)),
    // Relative addresses: the build works from any folder of any server.
    base: './',
    plugins: [
      contentPolicy(),
      noteLicenses(),
      writeLicenses('licenses.txt', args.besides),
      // Once loaded, the page works without a line.
      VitePWA({
        // A new version waits until the visitor wants it: it must not end what goes on.
        registerType: 'prompt',
        // The page registers it, once it works: what it needs comes first.
        injectRegister: false,
        manifest: {
          name: args.name,
          short_name: args.shortName,
          description: args.description,
          display: 'standalone',
          background_color: '#f4f5f7',
          theme_color: '#f4f5f7',
          icons: [{src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any maskable'}],
        },
        workbox: {
          globPatterns: [`**/*.{${['html', 'js', 'css', 'svg', 'wasm', ...args.keep].join(',')}}`],
          // The largest is the network that describes faces.
          maximumFileSizeToCacheInBytes: 8_000_000,
          // `?epochs=3` and the like are for the page.
          ignoreURLParametersMatching: [/./],
        },
      }),
    ],
    resolve: {
      alias: [
        {find: /^tfjs-center-loss$/, replacement: source('index.ts')},
        {find: /^tfjs-center-loss\/recognition$/, replacement: source('recognition/index.ts')},
      ],
    },
    worker: {format: 'es', plugins: () => [noteLicenses()]},
    optimizeDeps: {include: [...args.foundLate]},
    build: {
      outDir: fileURLToPath(new URL(`../../output/${args.output}`, import.meta.url)),
      emptyOutDir: true,
      // TensorFlow.js, one chunk in the worker.
      chunkSizeWarningLimit: 2500,
    },
  };
}
