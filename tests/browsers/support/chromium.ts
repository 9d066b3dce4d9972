import path from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { signInByApi, storedTokens, type TestAccount } from '../../e2e/support/accounts.ts';
import { FLAGS } from '../../e2e/support/browser.ts';
import { DESKTOP } from '../../e2e/support/people.ts';
import { sharedStack } from '../../e2e/support/shared-stack.ts';
import { inheritedEnv } from '../../support/env.ts';
import { type Desktop, startDesktop } from './desktop.ts';
import { storeSession } from './people.ts';
import { createHome } from './program.ts';

const EXECUTABLE = '/usr/bin/chromium';

/** A full Chromium, as people use it. The browser of `tests/e2e` can neither install a page nor show notifications. */
export interface Chromium {
  /** The browser's profile: not a private window, as other contexts are. */
  context: BrowserContext;
  /** Where its notifications are shown. */
  desktop: Desktop;
  /** The folder of all that it writes. */
  home: string;
  close(): Promise<void>;
}

/** Starts Debian's Chromium without windows. Pages have the permission to notify. */
export async function launchChromium(options: BrowserContextOptions = {}): Promise<Chromium> {
  const [{ webUrl }, { home, env, remove }] = await Promise.all([sharedStack(), createHome()]);
  const desktop = await startDesktop(path.join(home, 'bus'));
  try {
    const context = await chromium.launchPersistentContext(path.join(home, 'profile'), {
      executablePath: EXECUTABLE,
      args: FLAGS,
      env: { ...inheritedEnv(), ...env, DBUS_SESSION_BUS_ADDRESS: desktop.busAddress },
      baseURL: webUrl,
      viewport: DESKTOP,
      locale: 'en-GB',
      reducedMotion: 'reduce',
      ...options,
    });
    context.setDefaultTimeout(60_000);
    await context.grantPermissions(['notifications'], { origin: webUrl });
    const close = async () => {
      await context.close();
      await desktop.close();
      await remove();
    };
    return { context, desktop, home, close };
  } catch (error) {
    await desktop.close();
    await remove();
    throw error;
  }
}

/** Puts a session into the browser. Returns a page that shows nothing yet. */
export async function signInAt({ context }: Chromium, account: TestAccount): Promise<Page> {
  const page = await context.newPage();
  // Storage belongs to an address. This one of the page's has no program.
  await page.goto('/config.js');
  await page.evaluate(storeSession, storedTokens(await signInByApi(account)));
  return page;
}
