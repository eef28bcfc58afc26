import {launchChromium, ON_ANY_DEVICE} from '../../spec/support/chromium.js';

/** Says what WebGL and WebGPU of Chromium compute on, and fails if that is software: for gpu.sh, before it measures. */
const browser = await launchChromium(ON_ANY_DEVICE);
const page = await browser.newPage();
// WebGPU is for secure pages alone.
await page.route('**/*', (route) => route.fulfill({contentType: 'text/html', body: '<!doctype html>'}));
await page.goto('https://localhost/');
const devices = await page.evaluate(async () => {
  const gl = document.createElement('canvas').getContext('webgl2');
  const names = gl?.getExtension('WEBGL_debug_renderer_info');
  const {gpu} = navigator as unknown as {gpu?: {requestAdapter(): Promise<{info: Record<string, string>} | null>}};
  const info = (await gpu?.requestAdapter())?.info;
  return {
    webgl: gl && names ? String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL)) : 'none',
    webgpu: info ? `${info['vendor']} ${info['architecture']} ${info['description']}` : 'none',
  };
});
await browser.close();
console.log(devices);
if (Object.values(devices).some((name) => /none|swiftshader|llvmpipe/i.test(name))) {
  console.log('Expected both to compute on a GPU.');
  process.exitCode = 1;
}
