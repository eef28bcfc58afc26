import {registerSW} from 'virtual:pwa-register';

/** Keeps the page for visits without a line. Where there are no service workers, it needs one as before. */
export function keepOffline(): void {
  if ('serviceWorker' in navigator) {
    registerSW({immediate: true});
  }
}
