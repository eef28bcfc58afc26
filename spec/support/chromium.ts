import {existsSync} from 'node:fs';
import {chromium} from 'playwright-core';
import type {Browser} from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Why no browser can run, or undefined. */
export function missingBrowser(): string | undefined {
  return existsSync(CHROMIUM)
    ? undefined
    : `${CHROMIUM} is missing. Install it: apt-get update && apt-get install --yes chromium`;
}

/** For measurements: WebGL and WebGPU compute on the GPU, or in software where there is none. */
export const ON_ANY_DEVICE = [
  // As root, as in containers, its sandbox does not start.
  '--no-sandbox',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  // Nothing but servers on this machine is asked for anything.
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** For specs: in software, GPU or not, so that they give the same everywhere. */
const IN_SOFTWARE = [
  ...ON_ANY_DEVICE,
  '--use-angle=swiftshader',
  '--use-webgpu-adapter=swiftshader',
  // Canvases through which WebGPU's values are read synchronously; without it they end the GPU process.
  '--use-vulkan=swiftshader',
];

/** Headless; with other arguments, for instance to see what a page does without a GPU, these alone. */
export function launchChromium(args: string[] = IN_SOFTWARE): Promise<Browser> {
  return chromium.launch({executablePath: CHROMIUM, headless: true, args});
}
