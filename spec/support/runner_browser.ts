import {createServer} from 'node:http';
import type {Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {extname} from 'node:path';
import type {Browser, Page} from 'playwright-core';
import type {DrivenBrowser} from './browsers.js';
import {bundle, mappedToSources, PAGE_SCRIPT, PAGES, urlOf} from './runner_bundle.js';
import type {ServedFiles} from './runner_bundle.js';
import type * as pageScript from './runner_page.js';
import type {FileResult, Place} from './runner_results.js';

/** Far above what the slowest file takes. */
const FILE_TIMEOUT_MS = 10 * 60_000;

const CONTENT_TYPES: Record<string, string> = {'.js': 'text/javascript', '.wasm': 'application/wasm'};
const ISOLATION = {'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp'};

/** What running a spec file gave. */
export interface Run extends FileResult {
  /** What the page wrote to its console as errors and warnings. */
  messages: {type: 'error' | 'warn'; text: string}[];
}

interface Parts {
  rootDir: string;
  files: ServedFiles;
  server: Server;
  browser: Browser;
}

/** A browser, and a server on this machine with the bundled specs. */
export class BrowserSession {
  private readonly parts: Parts;

  private constructor(parts: Parts) {
    this.parts = parts;
  }

  static async open({launch}: DrivenBrowser, rootDir: string, specFiles: string[]): Promise<BrowserSession> {
    const files = await bundle(rootDir, specFiles);
    const server = createServer(({url = ''}, response) => {
      const content = files.get(url);
      response.writeHead(content ? 200 : 404, {
        'Content-Type': CONTENT_TYPES[extname(url)] ?? 'text/html',
        ...(url === PAGES.isolated ? ISOLATION : {}),
      });
      response.end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const browser = await launch();
    return new BrowserSession({rootDir, files, server, browser});
  }

  /** Runs a spec file in a page of its own; undefined if the browser does not have the backend. */
  async run(specFile: string, place: Place, namePattern = ''): Promise<Run | undefined> {
    const {rootDir, files, server, browser} = this.parts;
    const toSources = (text: string) => mappedToSources(text, files, rootDir);
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      const messages: Run['messages'] = [];
      page.on('console', (message) => {
        const type = message.type();
        // Chromium's software driver wants to be read from less often.
        const isAdvice = message.text().includes('GL Driver Message (OpenGL, Performance');
        if ((type === 'error' || type === 'warning') && !isAdvice) {
          messages.push({type: type === 'error' ? 'error' : 'warn', text: message.text()});
        }
      });
      const {port} = server.address() as AddressInfo;
      await page.goto(`http://localhost:${port}${place.isIsolated ? PAGES.isolated : PAGES.plain}`);
      const result = await withTimeout(
        runInPage(page, urlOf(rootDir, specFile), place, namePattern),
        `Waited ${FILE_TIMEOUT_MS / 1000} s for the page to finish ${specFile} on ${place.backend}.`,
      );
      return (
        result && {
          ...result,
          specs: result.specs.map((spec) => ({...spec, failures: spec.failures.map(toSources)})),
          errors: result.errors.map(toSources),
          messages,
        }
      );
    } finally {
      await context.close();
    }
  }

  async close(): Promise<void> {
    await this.parts.browser.close();
    this.parts.server.close();
  }
}

function runInPage(page: Page, url: string, place: Place, namePattern: string): Promise<FileResult | undefined> {
  return page.evaluate(
    async ([script, ...args]) => {
      const {runSpecFile} = (await import(script)) as typeof pageScript;
      return runSpecFile(...args);
    },
    [PAGE_SCRIPT, url, place, namePattern] as const,
  );
}

async function withTimeout<T>(promise: Promise<T>, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(message));
    }, FILE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
