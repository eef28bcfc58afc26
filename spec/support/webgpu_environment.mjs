import {existsSync} from 'node:fs';
import {createRequire} from 'node:module';
import {constants} from 'node:os';
import process from 'node:process';
import {TestEnvironment} from 'jest-environment-node';

/** What Debian's chromium package ships: a Vulkan loader, and a driver for it that needs no GPU. */
const VULKAN_LOADER = '/usr/lib/chromium/libvulkan.so.1';
const VULKAN_DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** From the C library's dlfcn.h; Node.js does not name it. */
const RTLD_NODELETE = 0x1000;

function loadVulkan() {
  process.env['VK_ICD_FILENAMES'] ??= VULKAN_DRIVER;
  try {
    process.dlopen({exports: {}}, VULKAN_LOADER, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch {
    // It is no addon of Node.js, which says so, but it is loaded now, and there for WebGPU to find.
  }
}

// With ON_GPU it is the driver of this machine's GPU that WebGPU finds.
if (process.env['ON_GPU'] === undefined && existsSync(VULKAN_LOADER) && existsSync(VULKAN_DRIVER)) {
  loadVulkan();
}

/** `npm run install:webgpu` brings it, beside the development dependencies. Undefined where that has not been done. */
function webgpuPackage() {
  const packages = new URL('webgpu/', import.meta.url);
  return existsSync(new URL('node_modules/webgpu/', packages)) ? createRequire(packages)('webgpu') : undefined;
}

const webgpu = webgpuPackage();
// One for all files that this process runs: devices do not outlive their instance.
const gpu = webgpu?.create([]);

/** Node.js with the `navigator.gpu` of a browser, where there is a driver. */
// Jest wants a default export.
// eslint-disable-next-line no-restricted-exports
export default class WebGpuEnvironment extends TestEnvironment {
  /** @override */
  async setup() {
    await super.setup();
    Object.assign(this.global, webgpu?.globals);
    if (await gpu?.requestAdapter()) {
      Object.defineProperty(this.global, 'navigator', {value: {gpu}, configurable: true});
    }
  }
}
