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

const LAUNCH_ARGUMENTS = [
  // As root, as in containers, its sandbox does not start.
  '--no-sandbox',
  // WebGL and WebGPU without a GPU.
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  // Canvases through which WebGPU's values are read synchronously; without it they end the GPU process.
  '--use-vulkan=swiftshader',
  // Nothing but the server below is asked for anything.
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Headless; with other arguments, for instance to see what a page does without a GPU, these alone. */
export function launchChromium(args: string[] = LAUNCH_ARGUMENTS): Promise<Browser> {
  return chromium.launch({executablePath: CHROMIUM, headless: true, args});
}
