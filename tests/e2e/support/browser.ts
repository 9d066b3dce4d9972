import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContext, type BrowserServer, chromium } from 'playwright-core';
import { chromePath } from '../../support/env.ts';
import { sharedStack } from './shared-stack.ts';

// The last three switch off Chromium's own network traffic, which would only fail.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Launches the browser that all spec files share: the one that `CHROME_PATH` names, else the one that comes with
 * @sparticuz/chromium, else an installed Chromium or Chrome.
 *
 * @throws Error that says what to install if no browser starts
 */
export function launchBrowserServer(): Promise<BrowserServer> {
  return launchFirst((executablePath) => chromium.launchServer({ executablePath, args: FLAGS, host: '127.0.0.1' }));
}

/** Connects a spec file to the shared browser. `close()` ends this file's contexts only. */
export async function connectBrowser(): Promise<Browser> {
  const { browserUrl } = await sharedStack();
  return chromium.connect(browserUrl);
}

/** Launches a browser for one caller only. It is chosen as in {@link launchBrowserServer}. */
export function launchBrowser(): Promise<Browser> {
  return launchFirst((executablePath) => chromium.launch({ executablePath, args: FLAGS }));
}

/** Launches a separate browser for a spec file that uses the clipboard, which all contexts of a browser share. */
export async function launchBrowserWithClipboard(): Promise<Browser> {
  // Once the shared stack runs, the bundled browser is unpacked.
  await sharedStack();
  return launchBrowser();
}

/** Launches a separate browser with a profile folder and further flags. */
export function launchPersistent(userDataDir: string, flags: string[]): Promise<BrowserContext> {
  return launchFirst((executablePath) =>
    chromium.launchPersistentContext(userDataDir, { executablePath, args: [...FLAGS, ...flags] }),
  );
}

/** Starts the first browser that can be started. */
async function launchFirst<T>(launch: (executablePath: string) => Promise<T>): Promise<T> {
  const causes: unknown[] = [];
  for (const find of await browsers()) {
    try {
      return await launch(await find());
    } catch (cause) {
      causes.push(cause);
    }
  }
  const cure =
    'install Chromium (Debian: apt-get install chromium) or set CHROME_PATH to a Chromium or Chrome. ' +
    `Where ${path.join(tmpdir(), 'chromium')} was not unpacked to its end, remove it`;
  const reasons = causes.map((cause) => `\n${cause instanceof Error ? cause.message : String(cause)}`).join('');
  throw new Error(`No browser could be started for the browser tests: ${cure}.${reasons}`);
}

/**
 * The browsers to try, in order. The bundled one is a headless shell, whose contexts have no window: it takes a third of
 * the processor time of an installed browser. It is unpacked to the temporary folder on first use. Its package's
 * arguments are for AWS Lambda and are not used: with a single process, pages hang, and without web security, tests
 * prove nothing.
 */
async function browsers(): Promise<(() => Promise<string>)[]> {
  const named = chromePath();
  if (named !== undefined) return [() => Promise.resolve(named)];
  const installed = INSTALLED.filter((file) => existsSync(file)).map((file) => () => Promise.resolve(file));
  if (process.platform !== 'linux' || process.arch !== 'x64') return installed;
  const { default: bundled } = await import('@sparticuz/chromium');
  return [() => bundled.executablePath(), ...installed];
}
