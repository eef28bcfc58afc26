import {button, block} from './elements.js';

/** Keeps the page for visits without a line. Where there are no service workers, it needs one as before. */
export async function keepOffline(): Promise<void> {
  // Vite's server of the sources has no service worker.
  if (import.meta.env.MODE !== 'production' || !('serviceWorker' in navigator)) {
    return;
  }
  const registration = await navigator.serviceWorker.register(new URL('./sw.js', document.baseURI));
  const offer = () => {
    const {waiting} = registration;
    if (waiting && navigator.serviceWorker.controller) {
      offerReload(() => {
        // Of this tab alone: whatever trains in another one goes on.
        navigator.serviceWorker.addEventListener('controllerchange', reload, {once: true});
        waiting.postMessage({type: 'SKIP_WAITING'});
      });
    }
  };
  offer();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer);
  });
}

/**
 * A part of the page that is loaded late may be gone by then, since a new version has taken the place of this one. Whoever
 * asked for it is told so in place of the browser's own words.
 */
export function watchForMissingParts(): void {
  addEventListener('vite:preloadError', ({payload}) => {
    payload.message =
      'This part of the page could not be loaded: the line is down, or there is a new version of the page.';
    offerReload(reload);
  });
}

/** The tab goes on as it is until the visitor wants the new version. */
function offerReload(action: () => void): void {
  button('reload').addEventListener('click', action, {once: true});
  block('update').hidden = false;
}

function reload(): void {
  location.reload();
}
