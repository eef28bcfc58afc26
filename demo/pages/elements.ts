/** The element with this id, which the page's HTML has. */
export function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`Expected the page to have a ${type.name} '${id}'.`);
  }
  return found;
}

export const button = (id: string) => element(id, HTMLButtonElement);
export const select = (id: string) => element(id, HTMLSelectElement);
export const input = (id: string) => element(id, HTMLInputElement);
export const canvas = (id: string) => element(id, HTMLCanvasElement);
export const block = (id: string) => element(id, HTMLElement);

/** @param isRead Whether its pixels are read often. */
export function context2d(target: HTMLCanvasElement, isRead = target.width <= 280): CanvasRenderingContext2D {
  const context = target.getContext('2d', {willReadFrequently: isRead});
  if (!context) {
    throw new Error('This browser offers no drawing on a canvas.');
  }
  return context;
}

/** A colour or font of the style sheet, which knows light and dark. */
export function cssValue(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Calls back when the visitor changes between light and dark. */
export function onThemeChange(callback: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', callback);
}

/** Calls back when a pixel of the page gets more or fewer pixels of the screen. */
export function onPixelRatioChange(callback: () => void): void {
  const watch = () => {
    matchMedia(`(resolution: ${String(devicePixelRatio)}dppx)`).addEventListener(
      'change',
      () => {
        callback();
        watch();
      },
      {once: true},
    );
  };
  watch();
}
