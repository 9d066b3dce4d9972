import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { apiOf, createAccount, signInByApi, storedTokens, type TestAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { keptEntries, readKept, replaceKept, spoilKept } from './support/kept.ts';
import {
  conversation,
  expireToken,
  message,
  sendMessage,
  signIn,
  signOut,
  type TestUser,
  visitAs,
  write,
  writeMany,
} from './support/people.ts';
import { sharedStack } from './support/shared-stack.ts';
import { composer, pressOn } from './support/thread.ts';

const browser = await connectBrowser();
const [ada, grace, carl] = await Promise.all([
  createAccount('Ada Vale'),
  createAccount('Grace Holm'),
  createAccount('Carl Reed'),
]);
const [withGrace, withCarl] = await Promise.all([
  sendMessage(grace, ada.handle, 'Soon deleted'),
  sendMessage(carl, ada.handle, 'From Carl'),
]);
await writeMany(grace, withGrace, ['From Grace']);
const { cognitoUrl } = await sharedStack();
const isApi = ({ pathname }: URL) => pathname.startsWith('/trpc');
const isCognito = ({ origin }: URL) => origin === new URL(cognitoUrl).origin;

/** Waits until what is stored under a key has this text. */
const untilKept = (page: Page, key: string, text: string) =>
  expect.poll(async () => (await readKept(page))[key] ?? '').toContain(text);

/** Ada in a new browser that has both threads, of which Grace's is open, stored. */
async function visitTwice(): Promise<TestUser> {
  const visitor = await visitAs(browser, ada);
  await visitor.page.goto(`/messages/${withCarl}`);
  // Drawn, it is not yet stored: that takes its read markers too, which a thread that is left at once may never have.
  await untilKept(visitor.page, `thread:${withCarl}`, 'From Carl');
  await conversation(visitor, grace.displayName).click();
  await message(visitor, 'From Grace').waitFor();
  await untilKept(visitor.page, `thread:${withGrace}`, 'From Grace');
  await untilKept(visitor.page, 'lists', grace.handle);
  return visitor;
}

/** Cuts a browser off the network, except for what the service worker answers. Returns a function that reconnects it. */
async function goOffline({ context }: { context: BrowserContext }): Promise<() => Promise<void>> {
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'onLine', {
      configurable: true,
      get: () => sessionStorage.getItem('online') !== null,
    });
  });
  for (const url of [isApi, isCognito]) await context.route(url, (route) => route.abort('internetdisconnected'));
  return async () => {
    for (const url of [isApi, isCognito]) await context.unroute(url);
    for (const page of context.pages()) {
      await page.evaluate(() => {
        sessionStorage.setItem('online', 'yes');
        window.dispatchEvent(new Event('online'));
      });
    }
  };
}

/** Holds the API's answers until the returned function is called. */
async function holdAnswers({ context }: { context: BrowserContext }): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await context.route(isApi, async (route) => {
    await released;
    await route.continue().catch(() => undefined);
  });
  return release;
}

describe('a reload without a network', () => {
  it('shows the list, the threads seen last and what waits to be sent, also if the token has expired', async () => {
    const visitor = await visitTwice();
    const { page } = visitor;
    const reconnect = await goOffline(visitor);
    await write(visitor, 'Written offline');
    await expireToken(page);
    await page.reload();
    await page.getByText('You’re offline.').first().waitFor();
    await message(visitor, 'From Grace').waitFor();
    await message(visitor, 'Written offline').waitFor();
    await page.getByRole('button', { name: 'Account' }).waitFor();
    await conversation(visitor, carl.displayName).click();
    await message(visitor, 'From Carl').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/messages/${withCarl}`);

    await sendMessage(carl, ada.handle, 'Missed by Ada');
    await reconnect();
    await message(visitor, 'Missed by Ada').waitFor();
    // Not with the mouse: when the message written offline is sent, the row moves.
    await pressOn(conversation(visitor, grace.displayName), 'Enter');
    await message(visitor, 'Written offline').waitFor();
    await expect
      .poll(() =>
        page
          .getByRole('log')
          .getByRole('img', { name: /Not sent|Sending/ })
          .count(),
      )
      .toBe(0);
    await expect.poll(() => page.getByText('You’re offline.').count()).toBe(0);
    await visitor.context.close();
  });
});

describe('a second visit', () => {
  it('shows the last one until the server has answered, then what was deleted and written meanwhile', async () => {
    const visitor = await visitTwice();
    const { page } = visitor;
    const api = await apiOf(grace);
    const sent = await api.messages.list.query({ messageGroupUuid: withGrace });
    const [first] = sent.items;
    if (!first) throw new Error('Grace’s message is missing');
    const answer = await holdAnswers(visitor);
    await page.goto(`/messages/${withGrace}`);
    await message(visitor, 'Soon deleted').waitFor();
    expect(await page.getByText('You’re offline.').count()).toBe(0);
    await api.messages.delete.mutate({
      messageGroupUuid: withGrace,
      messageUuid: first.uuid,
      createdAt: first.createdAt,
    });
    await writeMany(grace, withGrace, ['One', 'Two', 'Three']);
    answer();
    await message(visitor, 'Three').waitFor();
    await page.getByRole('log').getByText('New messages').waitFor();
    expect(await message(visitor, 'Soon deleted').count()).toBe(0);
    await expect.poll(() => readKept(page).then((kept) => kept[`thread:${withGrace}`])).toContain('Three');
    expect((await readKept(page))[`thread:${withGrace}`]).not.toContain('Soon deleted');
    await visitor.context.close();
  });
});

describe('what is stored', () => {
  it('is deleted by a sign-out, in all tabs, and does not come back by a write that is late', async () => {
    const visitor = await visitTwice();
    const other = await visitor.context.newPage();
    // Its writes wait: as if the browser were slow.
    await other.addInitScript(() => {
      const waiting: (() => void)[] = [];
      Object.assign(window, { waiting, isSlow: false });
      const put = Reflect.get(IDBFactory.prototype, 'open') as IDBFactory['open'];
      IDBFactory.prototype.open = function (...args) {
        const request = put.apply(this, args);
        Object.defineProperty(request, 'onsuccess', {
          set(listener: (event: Event) => void) {
            request.addEventListener('success', (event) => {
              if (Reflect.get(window, 'isSlow')) waiting.push(() => listener.call(request, event));
              else listener.call(request, event);
            });
          },
        });
        return request;
      };
    });
    await other.goto(`/messages/${withCarl}`);
    await message({ ...visitor, page: other }, 'From Carl').waitFor();
    await untilKept(other, 'lists', carl.handle);
    await other.evaluate(() => Object.assign(window, { isSlow: true }));
    await sendMessage(carl, ada.handle, 'Stored too late');
    await message({ ...visitor, page: other }, 'Stored too late').waitFor();
    await expect
      .poll(() => other.evaluate(() => (Reflect.get(window, 'waiting') as unknown[]).length))
      .toBeGreaterThan(0);
    await signOut(visitor);
    await Promise.all([visitor.page.waitForURL('**/signin'), other.waitForURL('**/signin')]);
    await other.evaluate(() => {
      Object.assign(window, { isSlow: false });
      for (const resume of Reflect.get(window, 'waiting') as (() => void)[]) resume();
    });
    await expect.poll(() => readKept(visitor.page)).toEqual({});
    await signIn(visitor, ada.handle, ada.password);
    await message(visitor, 'From Grace').or(visitor.page.getByText('Select a conversation')).waitFor();
    await visitor.context.close();
  });

  it('is shown to no one else, and deleted when another person’s page starts', async () => {
    const visitor = await visitTwice();
    const { page } = visitor;
    await becomeAnother(page, carl);
    const answer = await holdAnswers(visitor);
    await page.goto(`/messages/${withGrace}`);
    // The page has read what is stored before it shows that it waits.
    await page.locator('[aria-busy=true]').waitFor();
    expect(await page.getByText(/Grace/).count()).toBe(0);
    await expect.poll(async () => JSON.stringify(await readKept(page))).not.toContain(grace.handle);
    answer();
    await page.getByText('Conversation not found.').waitFor();
    await untilKept(page, 'lists', ada.handle);
    expect(JSON.stringify(await readKept(page))).not.toContain(grace.handle);
    await visitor.context.close();
  });

  it('is thrown away if it is damaged', async () => {
    const visitor = await visitTwice();
    const { page } = visitor;
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    for (const [key, value] of [
      [`thread:${withGrace}`, { savedAt: Date.now(), page: { items: [{}] } }],
      ['lists', 'lists'],
      ['seen', { length: 3 }],
      ['owner', 7],
    ] as const) {
      // Without the page, which would store into it.
      await page.goto('/early.js');
      await spoilKept(page, key, value);
      await page.goto(`/messages/${withGrace}`);
      await message(visitor, 'Three').waitFor();
      await composer(page).waitFor();
      await untilKept(page, 'lists', grace.handle);
    }
    expect(errors).toEqual([]);
    await visitor.context.close();
  });

  it('is stored again if the database was of another structure', async () => {
    const visitor = await visitTwice();
    const { page } = visitor;
    // Of a later release, and one that lacks the object store.
    for (const version of [7, 1]) {
      await page.goto('/early.js');
      await replaceKept(page, version);
      await page.goto('/messages');
      await untilKept(page, 'lists', grace.handle);
    }
    await visitor.context.close();
  });

  it('is stored again if a test reads it between its deletion and the next write', async () => {
    const visitor = await visitTwice();
    const { page } = visitor;
    await page.addInitScript(`window.keptEntries = ${keptEntries.toString()}`);
    await page.addInitScript(() => {
      const remove = Reflect.get(IDBFactory.prototype, 'deleteDatabase') as IDBFactory['deleteDatabase'];
      IDBFactory.prototype.deleteDatabase = function (name) {
        const reading = Reflect.get(window, 'keptEntries') as typeof keptEntries;
        Object.assign(window, { found: reading() });
        return remove.call(this, name);
      };
    });
    await page.goto('/early.js');
    await replaceKept(page, 7);
    await page.goto('/messages');
    await untilKept(page, 'lists', grace.handle);
    expect(await page.evaluate(() => Reflect.get(window, 'found') as Promise<object>)).toEqual({});
    await visitor.context.close();
  });
});

describe.each([
  [
    'blocks databases',
    () => {
      Object.defineProperty(window, 'indexedDB', {
        get() {
          throw new DOMException('Access is denied for this document.', 'SecurityError');
        },
      });
    },
  ],
  [
    'has no room',
    () => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      };
    },
  ],
])('a browser that %s', (_, prepare) => {
  it('shows, sends and signs out as any other', async () => {
    const visitor = await visitAs(browser, ada);
    const { page } = visitor;
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await visitor.context.addInitScript(prepare);
    for (let visit = 1; visit <= 2; visit++) {
      await page.goto(`/messages/${withGrace}`);
      await message(visitor, 'Three').waitFor();
    }
    await signOut(visitor);
    await page.waitForURL('**/signin');
    expect(errors).toEqual([]);
    await visitor.context.close();
  });
});

/** Replaces the tokens in a browser, as if its first person had signed out while no page was open. */
async function becomeAnother(page: Page, account: TestAccount): Promise<void> {
  const entries = storedTokens(await signInByApi(account));
  await page.goto('/favicon.svg');
  await page.evaluate((entries) => {
    for (const key of Object.keys(localStorage)) if (key.startsWith('Cognito')) localStorage.removeItem(key);
    for (const { name, value } of entries) localStorage.setItem(name, value);
  }, entries);
}
