import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContext, type BrowserServer, chromium } from 'playwright-core';
import { afterAll, beforeEach } from 'vitest';
import { chromePath } from '../../support/env.ts';
import { sharedBrowser } from './shared-stack.ts';

// The last three disable Chromium's background traffic, which would fail.
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A page that hangs is not waited for longer, in milliseconds. */
const DESCRIBE_MS = 5_000;

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
 * Launches the browser that all spec files share: the one at `CHROME_PATH`, else the one of @sparticuz/chromium, else an
 * installed Chromium or Chrome.
 *
 * @throws {Error} if none starts; the message explains what to install
 */
export function launchBrowserServer(): Promise<BrowserServer> {
  return launchFirst((executablePath) => chromium.launchServer({ executablePath, args: FLAGS, host: '127.0.0.1' }));
}

/** Connects a spec file to the shared browser. Call it at the top level; it closes the file's contexts afterwards. */
export async function connectBrowser(): Promise<Browser> {
  const { browserUrl } = await sharedBrowser();
  return closeAfterwards(await chromium.connect(browserUrl));
}

/** Until then, a test that fails prints what its pages show. */
function closeAfterwards(browser: Browser): Browser {
  beforeEach(({ onTestFailed }) => onTestFailed(() => printPages(browser)));
  afterAll(() => browser.close());
  return browser;
}

/** Prints the addresses of all open pages, and what a screen reader finds on them. */
async function printPages(browser: Browser): Promise<void> {
  const pages = browser.contexts().flatMap((context) => context.pages());
  const described = pages.map(async (page) => {
    const found = await page
      .locator('body')
      .ariaSnapshot({ timeout: DESCRIBE_MS })
      .catch((error: unknown) => String(error));
    return `${page.url()}\n${found}`;
  });
  console.error((await Promise.all(described)).join('\n\n'));
}

/** Launches a separate browser, chosen as in {@link launchBrowserServer}. */
export function launchBrowser(): Promise<Browser> {
  return launchFirst((executablePath) => chromium.launch({ executablePath, args: FLAGS }));
}

/** The same with a separate browser, because all contexts of a browser share its clipboard. */
export async function launchBrowserWithClipboard(): Promise<Browser> {
  // Starting the shared one unpacks the bundled browser.
  await sharedBrowser();
  return closeAfterwards(await launchBrowser());
}

/** Launches a separate browser with a profile folder and further flags. */
export function launchPersistent(userDataDir: string, flags: string[]): Promise<BrowserContext> {
  return launchFirst((executablePath) =>
    chromium.launchPersistentContext(userDataDir, { executablePath, args: [...FLAGS, ...flags] }),
  );
}

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
    `If ${path.join(tmpdir(), 'chromium')} was not unpacked completely, remove it`;
  const reasons = causes.map((cause) => `\n${cause instanceof Error ? cause.message : String(cause)}`).join('');
  throw new Error(`No browser could be started for the browser tests: ${cure}.${reasons}`);
}

/**
 * The browsers to try, in order. The bundled one is a headless shell that needs a third of the processor time of an
 * installed browser. It is unpacked to the temporary folder on first use. Its package's arguments are for AWS Lambda and
 * not used: a single process hangs, and tests need web security.
 */
async function browsers(): Promise<(() => Promise<string>)[]> {
  const named = chromePath();
  if (named !== undefined) return [() => Promise.resolve(named)];
  const installed = INSTALLED.filter((file) => existsSync(file)).map((file) => () => Promise.resolve(file));
  if (process.platform !== 'linux' || process.arch !== 'x64') return installed;
  const { default: bundled } = await import('@sparticuz/chromium');
  return [() => bundled.executablePath(), ...installed];
}
