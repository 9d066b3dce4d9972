import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserServer, chromium } from 'playwright-core';
import { chromePath } from '../../support/env.ts';
import { sharedStack } from './shared-stack.ts';

// Chromium's own network traffic would only be refused.
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
 * Launches the browser that all spec files share: the one that `CHROME_PATH` names, else an installed Chromium or
 * Chrome, else the one that comes with @sparticuz/chromium.
 *
 * @throws Error with the cure where no browser is found or none starts
 */
export function launchBrowserServer(): Promise<BrowserServer> {
  return withCure(async () =>
    chromium.launchServer({ executablePath: await findBrowser(), args: FLAGS, host: '127.0.0.1' }),
  );
}

/** Launches a browser for one caller, as {@link launchBrowserServer} does for all. */
export function launchBrowser(): Promise<Browser> {
  return withCure(async () => chromium.launch({ executablePath: await findBrowser(), args: FLAGS }));
}

/** Connects a spec file to the shared browser. `close()` ends this file's contexts only. */
export async function connectBrowser(): Promise<Browser> {
  const { browserUrl } = await sharedStack();
  return chromium.connect(browserUrl);
}

/** Launches a separate browser with a profile folder and further flags. */
export function launchPersistent(userDataDir: string, flags: string[]): Promise<BrowserContext> {
  return withCure(async () => {
    const executablePath = await findBrowser();
    return chromium.launchPersistentContext(userDataDir, { executablePath, args: [...FLAGS, ...flags] });
  });
}

async function withCure<T>(launch: () => Promise<T>): Promise<T> {
  try {
    return await launch();
  } catch (cause) {
    const cure = 'install Chromium (Debian: apt-get install chromium) or set CHROME_PATH to a Chromium or Chrome';
    throw new Error(`No browser could be started for the browser tests: ${cure}.`, { cause });
  }
}

/**
 * Finds a browser. The bundled one is unpacked to the temporary folder on first use. Its package's arguments are for
 * AWS Lambda and are not used: with a single process, pages hang, and without web security, tests prove nothing.
 */
async function findBrowser(): Promise<string> {
  const installed = [chromePath(), ...INSTALLED].find((path) => path !== undefined && existsSync(path));
  if (installed) return installed;
  const { default: bundled } = await import('@sparticuz/chromium');
  return bundled.executablePath();
}
