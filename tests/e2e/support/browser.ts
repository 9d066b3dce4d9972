import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { chromePath } from '../../support/env.ts';

// Chromium's own chatter with the network would only be refused.
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
 * Launches the browser of the tests: the one that `CHROME_PATH` names, else an installed Chromium or Chrome, else the
 * one that @sparticuz/chromium brings along.
 *
 * @throws where there is none, or none that starts; the message names the cure
 */
export function launchBrowser(): Promise<Browser> {
  return withCure(async () => chromium.launch(await findBrowser()));
}

/** The same with a profile of its own, and further flags. */
export function launchPersistent(userDataDir: string, flags: string[]): Promise<BrowserContext> {
  return withCure(async () => {
    const { executablePath, args } = await findBrowser();
    return chromium.launchPersistentContext(userDataDir, { executablePath, args: [...args, ...flags] });
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

async function findBrowser(): Promise<{ executablePath: string; args: string[] }> {
  const installed = [chromePath(), ...INSTALLED].find((path) => path !== undefined && existsSync(path));
  if (installed) return { executablePath: installed, args: FLAGS };
  const { default: bundled } = await import('@sparticuz/chromium');
  return { executablePath: await bundled.executablePath(), args: [...bundled.args, ...FLAGS] };
}
