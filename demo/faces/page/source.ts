import {context2d} from '../../pages/elements.js';

/** Wider pictures are made smaller: the networks see less than that. */
const MAX_WIDTH = 960;
/** Between two pictures of a film that are enrolled, so that they are not all the same. */
const GAP_MS = 500;

/** Where pictures come from. */
export interface Source {
  /** Whether it goes on by itself, in the page's element for films. */
  readonly isFilm: boolean;
  /** The next picture to look at; waits until there is one. */
  frame: () => Promise<HTMLCanvasElement>;
  /** Looks at the same picture again. */
  again: () => void;
  /** Goes on to the next picture; false where there is none after this one. */
  advance: () => Promise<boolean>;
  close: () => void;
}

export async function openCamera(film: HTMLVideoElement): Promise<Source> {
  // Browsers have cameras for pages that came safely alone, which their types do not say.
  const {mediaDevices} = navigator as Partial<Navigator>;
  if (!mediaDevices) {
    throw new Error('A camera needs a page that came by https, or from this machine.');
  }
  const stream = await mediaDevices.getUserMedia({video: {facingMode: 'user', width: 640}, audio: false});
  film.srcObject = stream;
  return playing(film, () => {
    stream.getTracks().forEach((track) => {
      track.stop();
    });
  });
}

/** A film, if the first of these files is one; pictures otherwise. */
export function openFiles(film: HTMLVideoElement, files: readonly File[]): Promise<Source> {
  const [first] = files;
  if (first?.type.startsWith('video/') !== true) {
    return Promise.resolve(pictures(files));
  }
  const url = URL.createObjectURL(first);
  film.src = url;
  return playing(film, () => {
    URL.revokeObjectURL(url);
  });
}

async function playing(film: HTMLVideoElement, release: () => void): Promise<Source> {
  const close = () => {
    release();
    film.srcObject = null;
    film.removeAttribute('src');
  };
  try {
    await film.play();
  } catch (error) {
    close();
    throw new Error('This film cannot be played here.', {cause: error});
  }
  const canvas = document.createElement('canvas');
  return {
    isFilm: true,
    close,
    frame: async () => {
      // A page that nobody sees looks at nothing.
      await new Promise(requestAnimationFrame);
      return drawn(canvas, film, film.videoWidth, film.videoHeight);
    },
    again: () => undefined,
    advance: async () => {
      await new Promise((resolve) => setTimeout(resolve, GAP_MS));
      return true;
    },
  };
}

/** One picture stays until the next one is asked for. */
function pictures(files: readonly File[]): Source {
  const canvas = document.createElement('canvas');
  let index = 0;
  let turn: () => void = () => undefined;
  let due = Promise.resolve();
  return {
    isFilm: false,
    frame: async () => {
      await due;
      due = new Promise((resolve) => {
        turn = resolve;
      });
      const file = files[index];
      const bitmap = file && (await createImageBitmap(file).catch(() => undefined));
      if (!bitmap) {
        throw new Error(`This is no picture that this browser can show: ${file?.name ?? 'nothing'}.`);
      }
      return drawn(canvas, bitmap, bitmap.width, bitmap.height);
    },
    again: () => {
      turn();
    },
    advance: () => {
      index = (index + 1) % files.length;
      turn();
      return Promise.resolve(index > 0);
    },
    close: () => undefined,
  };
}

function drawn(
  canvas: HTMLCanvasElement,
  picture: CanvasImageSource,
  width: number,
  height: number,
): HTMLCanvasElement {
  const scale = Math.min(1, MAX_WIDTH / width);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context2d(canvas, true).drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
