import {existsSync} from 'node:fs';
import {chromium} from 'playwright-core';
import type {Browser} from 'playwright-core';

/** Where Chromium or Chrome is, unless the environment variable CHROME_PATH names it. */
const USUAL_PLACES: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`),
  darwin: ['Chromium', 'Google Chrome'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((variable) => {
    const folder = process.env[variable];
    return folder === undefined ? [] : [`${folder}\\Google\\Chrome\\Application\\chrome.exe`];
  }),
};

function findBrowser(): string | undefined {
  return process.env['CHROME_PATH'] ?? USUAL_PLACES[process.platform]?.find(existsSync);
}

/** Why no browser can run, or undefined. */
export function missingBrowser(): string | undefined {
  const browser = findBrowser();
  if (browser === undefined) {
    return (
      'Neither Chromium nor Chrome is in its usual place. Install one, on Debian by ' +
      'apt-get update && apt-get install --yes chromium, or name its program in the environment variable CHROME_PATH.'
    );
  }
  return existsSync(browser) ? undefined : `CHROME_PATH names ${browser}, which does not exist.`;
}

/** Whether the environment variable ON_GPU asks for the GPU of this machine, which may have no screen, for specs as well. */
export const ON_GPU = process.env['ON_GPU'] !== undefined;

/** For measurements: WebGL and WebGPU compute on the GPU, or in software where there is none. */
export const ON_ANY_DEVICE = [
  // As root, as in containers, its sandbox does not start.
  '--no-sandbox',
  ...(ON_GPU
    ? ['--ignore-gpu-blocklist', '--use-angle=vulkan', '--disable-vulkan-surface']
    : ['--enable-unsafe-swiftshader']),
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  // Nothing but servers on this machine is asked for anything.
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** For specs: in software, GPU or not, so that they give the same everywhere, unless ON_GPU is set. */
const FOR_SPECS = ON_GPU
  ? ON_ANY_DEVICE
  : [
      ...ON_ANY_DEVICE,
      '--use-angle=swiftshader',
      '--use-webgpu-adapter=swiftshader',
      // Canvases through which WebGPU's values are read synchronously; without it they end the GPU process.
      '--use-vulkan=swiftshader',
    ];

/** Headless; with other arguments, for instance to see what a page does without a GPU, these alone. */
export function launchChromium(args: string[] = FOR_SPECS): Promise<Browser> {
  return chromium.launch({executablePath: findBrowser() ?? '', headless: true, args});
}
