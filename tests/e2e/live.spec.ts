import type { AppRouter } from '@cruddur/server';
import { createTRPCClient, httpLink } from '@trpc/client';
import type { Browser, Page, Request } from 'playwright-core';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { conversation, message, signIn, visit, write } from './support/people.ts';
import { type SecondInstance, startSecondInstance } from './support/second-instance.ts';
import { type NewPerson, signUpPair } from './support/sign-up.ts';
import { composer, distanceFromEnd, placeOf, scrollThread, topSlip } from './support/thread.ts';

// Ivy's page calls the first instance, Jon's the second: whatever one sees of the other went between the two.

let browser: Browser;
let second: SecondInstance;
let ivy: NewPerson;
let jon: NewPerson;
let thread: string;

beforeAll(async () => {
  browser = await launchBrowser();
  second = await startSecondInstance();
  [ivy, jon] = await signUpPair(browser, ['Ivy Marsh', 'Jon Weir']);
  thread = new URL(ivy.page.url()).pathname;
  await second.serve(jon.context);
}, 120_000);

afterEach(() => second.network.restore());

afterAll(async () => {
  await browser.close();
  await second.stop();
});

const openThread = async ({ page }: NewPerson) => {
  await page.goto(thread);
  await page.getByRole('log').waitFor();
};
const openList = async (person: NewPerson) => {
  await person.page.goto('/messages');
  await conversation(person, person === ivy ? 'Jon Weir' : 'Ivy Marsh').waitFor();
};

/** Ivy's own client: what she writes faster than one can type. */
async function apiOf({ page }: NewPerson) {
  const accessToken = await page.evaluate(() => {
    const name = Object.keys(localStorage).find((key) => key.endsWith('.accessToken'));
    return name === undefined ? null : localStorage.getItem(name);
  });
  const headers = { authorization: `Bearer ${accessToken}` };
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${inject('apiUrl')}/trpc`, headers })] });
}

async function writeMany(person: NewPerson, texts: readonly string[]): Promise<void> {
  const api = await apiOf(person);
  const messageGroupUuid = thread.split('/').at(-1) ?? '';
  for (const text of texts) {
    await api.messages.create.mutate({ message: text, clientMessageUuid: v7(), messageGroupUuid });
  }
}

/** Walks up the thread, and gives the texts that pass by, oldest first, each as often as it stands there. */
async function readUpwards(page: Page, until: string): Promise<string[]> {
  const seen = new Map<string, string>();
  for (let step = 0; step < 400; step++) {
    const rows = await page.getByRole('log').evaluate((log) =>
      [...log.querySelectorAll<HTMLElement>('[data-key]')].map((slip) => ({
        key: slip.dataset.key ?? '',
        text: slip.querySelector('p > span')?.textContent ?? '',
      })),
    );
    const fresh = rows.filter(({ key }) => !seen.has(key));
    const before = [...seen];
    seen.clear();
    for (const [key, text] of [...fresh.map(({ key, text }) => [key, text] as const), ...before]) seen.set(key, text);
    if (rows.some(({ text }) => text === until)) break;
    // Less than a pane, and time to draw it: what is scrolled past before it is drawn is never seen here.
    await scrollThread(page, -450);
    await page.evaluate(nextFrames);
  }
  return [...seen.values()];
}

/** Run in a page: waits until it has drawn what it was told before. */
const nextFrames = () =>
  new Promise<void>((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });

describe('two people on two instances', () => {
  it('see each other’s messages without a reload', async () => {
    await openThread(jon);
    await openThread(ivy);
    await write(ivy, 'The ferry is early.');
    await message(jon, 'The ferry is early.').waitFor();
    await write(jon, 'Then I run.');
    await message(ivy, 'Then I run.').waitFor();
  });

  it('see what is unread as an exact count, in every tab, until one of them is read', async () => {
    await openList(jon);
    const phone = await visit(browser);
    await signIn(phone, jon.handle, jon.password);
    const unread = (page: Page, count: number) =>
      conversation({ ...jon, page }, 'Ivy Marsh').getByLabel(`${count} unread message`);
    for (const text of ['One', 'Two', 'Three']) await write(ivy, text);
    for (const page of [jon.page, phone.page]) {
      await unread(page, 3).waitFor();
      expect(await page.title()).toBe('(3) Messages · Cruddur');
    }
    await conversation({ ...jon, page: phone.page }, 'Ivy Marsh').click();
    for (const page of [jon.page, phone.page]) {
      await unread(page, 3).waitFor({ state: 'detached' });
      expect(await page.title()).not.toMatch(/^\(/);
    }
    await jon.page.reload();
    await conversation(jon, 'Ivy Marsh').waitFor();
    expect(await jon.page.title()).toBe('Messages · Cruddur');
    await phone.context.close();
  });

  it('see that the last message was read', async () => {
    await openThread(ivy);
    await openList(jon);
    await write(ivy, 'Have you read this?');
    await message(ivy, 'Have you read this?').waitFor();
    const seen = ivy.page.getByRole('log').getByText('Seen', { exact: true });
    const readOf = () => seen.evaluateAll((notes) => notes.map((note) => note.parentElement?.textContent ?? ''));
    expect((await readOf()).join()).not.toContain('Have you read this?');
    await conversation(jon, 'Ivy Marsh').click();
    await expect.poll(async () => (await readOf()).join()).toContain('Have you read this?');
    expect(await seen.count()).toBe(1);
  });

  it('see that the other one is typing, until five seconds without a sign of it', async () => {
    await openThread(ivy);
    await openThread(jon);
    await composer(jon.page).pressSequentially('Well', { delay: 50 });
    const note = ivy.page.getByText('Jon Weir is typing');
    await note.waitFor();
    await note.waitFor({ state: 'detached' });
    await composer(jon.page).fill('');
  });
});

describe('a page’s stream', () => {
  it('has its token in a header, never in an address, and ends when its person signs out', async () => {
    const guest = await visit(browser);
    const { page } = guest;
    const isStream = (request: Request) => request.url().includes('/trpc/events.subscribe');
    const opened = page.waitForRequest(isStream);
    await signIn(guest, jon.handle, jon.password);
    const request = await opened;
    expect(request.headers().authorization).toMatch(/^Bearer ey/);
    expect(request.url()).not.toContain('ey');
    const ended = page.waitForEvent('requestfailed', isStream);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    expect((await ended).failure()?.errorText).toBe('net::ERR_ABORTED');
    await guest.context.close();
  });
});

describe('an interruption', () => {
  it('of a killed instance loses nothing and doubles nothing', async () => {
    await openThread(jon);
    const texts = Array.from({ length: 20 }, (_, i) => `While it was down ${i}`);
    const restarted = second.server.killAndRestart();
    await writeMany(ivy, texts);
    await restarted;
    // The page tries again after half a second, then ever more seldom.
    await message(jon, 'While it was down 19').waitFor();
    const read = await readUpwards(jon.page, 'While it was down 0');
    expect(read.filter((text) => text.startsWith('While it was down'))).toEqual(texts);
    await scrollThread(jon.page, 10_000);
    await write(ivy, 'Up again');
    await message(jon, 'Up again').waitFor();
  });

  it('of the network while 500 messages come in leaves all of them, once, in order', async () => {
    await openThread(jon);
    await write(ivy, 'Before the tunnel');
    await message(jon, 'Before the tunnel').waitFor();
    const texts = Array.from({ length: 500 }, (_, i) => `In the tunnel ${i}`);
    await writeMany(ivy, texts.slice(0, 100));
    await second.network.cut();
    await writeMany(ivy, texts.slice(100, 400));
    await second.network.restore();
    await writeMany(ivy, texts.slice(400));
    await message(jon, 'In the tunnel 499').waitFor();
    expect(await distanceFromEnd(jon.page)).toBeLessThan(2);
    const read = await readUpwards(jon.page, 'Before the tunnel');
    expect(read.filter((text) => text.startsWith('In the tunnel'))).toEqual(texts);
  }, 120_000);

  it('leaves the reader where they read, and tells how much came in below', async () => {
    await openThread(jon);
    await expect.poll(() => distanceFromEnd(jon.page)).toBeLessThan(2);
    await scrollThread(jon.page, -900);
    await jon.page.waitForTimeout(300);
    const { key, y } = await topSlip(jon.page);
    await second.network.cut();
    await writeMany(ivy, ['Below one', 'Below two', 'Below three']);
    await second.network.restore();
    await jon.page.getByRole('button', { name: '3 new messages' }).click({ trial: true });
    expect(await placeOf(jon.page, key)).toBe(y);
    await jon.page.getByRole('button', { name: '3 new messages' }).click();
    await message(jon, 'Below three').waitFor();
  });
});
