import {readFile, rename, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import path from 'node:path';

import type {Browser} from 'playwright-core';

/** A face in one of the photographs that come with face-api: the middle of it, and its height, in pixels. */
interface Sitter {
  photograph: string;
  x: number;
  y: number;
  height: number;
}

/** Three people. */
export const SITTERS = {
  ada: {photograph: 'sample6.jpg', x: 355, y: 655, height: 290},
  bo: {photograph: 'sample6.jpg', x: 765, y: 515, height: 290},
  cy: {photograph: 'sample3.jpg', x: 680, y: 505, height: 280},
} satisfies Record<string, Sitter>;

export type Name = keyof typeof SITTERS;

const DEMO = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
);
const COUNT = 16;

/** A photograph with several people. */
export function groupPhotograph(): Promise<Buffer> {
  return readFile(path.join(DEMO, 'sample3.jpg'));
}

/** Pictures of a person, no two alike: nearer and farther, brighter and darker, mirrored, turned a little. */
export async function picturesOf(browser: Browser, name: Name): Promise<Buffer[]> {
  const sitter: Sitter = SITTERS[name];
  const photograph = await readFile(path.join(DEMO, sitter.photograph), 'base64');
  const page = await browser.newPage();
  try {
    const frames = await page.evaluate(
      async ({photograph, sitter, count}) => {
        const image = new Image();
        image.src = `data:image/jpeg;base64,${photograph}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [640, 480];
        const context = canvas.getContext('2d');
        return Array.from({length: count}, (_, i) => {
          const part = i / count;
          const scale = (220 + 60 * part) / sitter.height;
          context?.reset();
          context?.setTransform(i % 2 === 0 ? scale : -scale, 0, 0, scale, 320 + 30 * Math.sin(7 * part), 240);
          context?.rotate(0.12 * Math.sin(5 * part));
          if (context) {
            context.filter = `brightness(${String(0.8 + 0.4 * part)})`;
          }
          // Without the neighbours.
          const side = 1.8 * sitter.height;
          const [left, top] = [sitter.x - side / 2, sitter.y - side / 2];
          context?.drawImage(image, left, top, side, side, -side / 2, -side / 2, side, side);
          return canvas.toDataURL('image/jpeg', 0.9);
        });
      },
      {photograph, sitter, count: COUNT},
    );
    return frames.map((frame) => Buffer.from(frame.slice(frame.indexOf(',') + 1), 'base64'));
  } finally {
    await page.close();
  }
}

/** Motion JPEG that Chromium's camera shows again and again. It reads the file whenever a page opens the camera. */
export async function showInCamera(file: string, pictures: readonly Buffer[]): Promise<void> {
  await writeFile(`${file}.new`, Buffer.concat(pictures));
  await rename(`${file}.new`, file);
}

/** For a browser whose camera shows this file, and that lets every page use it. */
export function cameraArguments(file: string): string[] {
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${file}`,
  ];
}
