import {chromium} from 'playwright-core';
import type {Browser} from 'playwright-core';
import {missing, onWindows, pathOf} from './installed_program.js';

const PROGRAM = {
  nameIs: 'Neither Chromium nor Chrome is',
  variable: 'CHROME_PATH',
  usualPlaces: {
    linux: ['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`),
    darwin: ['Chromium', 'Google Chrome'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
    win32: onWindows('Google\\Chrome\\Application\\chrome.exe'),
  },
  debianPackage: 'chromium',
};

/** Why Chromium cannot run, or undefined. */
export function missingChromium(): string | undefined {
  return missing(PROGRAM);
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
  return chromium.launch({executablePath: pathOf(PROGRAM), headless: true, args});
}
