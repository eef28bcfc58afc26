import {firefox} from 'playwright-core';
import type {Browser} from 'playwright-core';
import {missing, onWindows, pathOf} from './installed_program.js';

const PROGRAM = {
  nameIs: 'Firefox is not',
  variable: 'FIREFOX_PATH',
  usualPlaces: {
    linux: ['firefox-esr', 'firefox'].map((name) => `/usr/bin/${name}`),
    darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    win32: onWindows('Mozilla Firefox\\firefox.exe'),
  },
  debianPackage: 'firefox-esr',
};

/** What Playwright has of a browser within this process. */
interface Internals {
  _connection: {toImpl: (browser: Browser) => {_browserSession: Session}};
}

interface Session {
  send: (method: string, parameters: object) => Promise<unknown>;
}

/** Why Firefox cannot run, or undefined. */
export function missingFirefox(): string | undefined {
  return missing(PROGRAM);
}

/**
 * A Firefox as anybody has it, headless, by WebDriver BiDi. It has WebGL where there is a display, which in CI `xvfb-run` makes.
 */
export async function launchFirefox(): Promise<Browser> {
  const browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath: pathOf(PROGRAM),
    headless: true,
    // Above the page, as those of phones and of a headless Chromium, and not beside it.
    firefoxUserPrefs: {'ui.useOverlayScrollbars': 1},
  });
  // Playwright begins each context by this command, which Firefox 153 does not know yet.
  const session = (browser as unknown as Internals)._connection.toImpl(browser)._browserSession;
  const send = session.send.bind(session);
  session.send = (method, parameters) =>
    method === 'emulation.setMediaFeaturesOverride' ? Promise.resolve({}) : send(method, parameters);
  return browser;
}
