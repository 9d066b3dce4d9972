import type { Page, Request } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { connectBrowser } from './support/browser.ts';
import {
  conversation,
  createPair,
  message,
  openGroup,
  signIn,
  signOut,
  type TestUser,
  visit,
  visitAs,
  write,
  writeMany,
} from './support/people.ts';
import { startSecondInstance } from './support/second-instance.ts';
import {
  composer,
  distanceFromEnd,
  isInView,
  placeOf,
  scrollThread,
  topBubble,
  untilSeen,
  untilStill,
} from './support/thread.ts';

// Ivy's page uses the first instance, Jon's the second, so that every event crosses instances.

const [browser, second] = await Promise.all([connectBrowser(), startSecondInstance()]);
const [ivy, jon] = await createPair(browser, ['Ivy Marsh', 'Jon Weir']);
const thread = new URL(ivy.page.url()).pathname;
const group = openGroup(ivy);
await second.serve(jon.context);

afterEach(() => second.network.restore());

const openThread = async ({ page }: TestUser) => {
  await page.goto(thread);
  await page.getByRole('log').waitFor();
};
/**
 * Opens Jon's thread, and goes to its last message. After an interruption, his page may not have reported yet what he has read;
 * then the thread opens at the first message that counts as unread.
 */
const openAtEnd = async (last: string) => {
  await openThread(jon);
  await scrollToEnd(last);
};
const scrollToEnd = async (last: string) => {
  await expect
    .poll(async () => {
      await scrollThread(jon.page, 10_000);
      return isInView(message(jon, last));
    })
    .toBe(true);
  await expect.poll(() => distanceFromEnd(jon.page)).toBeLessThan(2);
};
const openList = async (person: TestUser) => {
  await person.page.goto('/messages');
  await conversation(person, person === ivy ? 'Jon Weir' : 'Ivy Marsh').waitFor();
};

const PANE = { normal: { width: 1280, height: 800 }, tall: { width: 1280, height: 3000 } };

/**
 * Scrolls up the thread in a tall window.
 *
 * @returns the texts that were drawn, oldest first, each as often as it is in the thread
 */
async function readUpwards(page: Page, until: string): Promise<string[]> {
  await page.setViewportSize(PANE.tall);
  const seen = new Map<string, string>();
  await expect
    .poll(
      async () => {
        const { rows, isFilled } = await drawnRows(page);
        const fresh = rows.filter(({ key }) => !seen.has(key));
        const before = [...seen];
        seen.clear();
        for (const { key, text } of fresh) seen.set(key, text);
        for (const [key, text] of before) seen.set(key, text);
        const isThere = rows.some(({ text }) => text === until);
        // Less than the window's height, and not again before the rows are drawn: a row that is scrolled past would be missed.
        if (!isThere && isFilled) await page.getByRole('log').evaluate((log) => log.scrollBy({ top: -1500 }));
        return isThere;
      },
      { interval: 20 },
    )
    .toBe(true);
  await page.setViewportSize(PANE.normal);
  return [...seen.values()];
}

/** The rows on the page, and whether they reach the upper edge of the view: a scrolled thread draws new rows some frames later. */
const drawnRows = (page: Page) =>
  page.getByRole('log').evaluate(async (log) => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const bubbles = [...log.querySelectorAll<HTMLElement>('[data-key]')];
    const edge = log.getBoundingClientRect().top;
    return {
      isFilled: bubbles.some((bubble) => bubble.getBoundingClientRect().top <= edge),
      rows: bubbles.map((bubble) => ({
        key: bubble.dataset.key ?? '',
        text: bubble.querySelector('p > span')?.textContent ?? '',
      })),
    };
  });

describe('two people on two instances', () => {
  it('see each other’s messages without a reload', async () => {
    await openThread(jon);
    await write(ivy, 'The ferry is early.');
    await message(jon, 'The ferry is early.').waitFor();
    // Otherwise the next test may count it as unread.
    await untilSeen(ivy.page);
    await write(jon, 'Then I run.');
    await message(ivy, 'Then I run.').waitFor();
  });

  it('see the exact number of unread messages in every tab until one tab reads them', async () => {
    await openList(jon);
    const phone = await visitAs(browser, jon);
    await phone.page.goto('/messages');
    await conversation(phone, 'Ivy Marsh').waitFor();
    const unread = (page: Page, count: number) =>
      conversation({ ...jon, page }, 'Ivy Marsh').getByLabel(`${count} unread message`);
    for (const text of ['One', 'Two', 'Three']) await write(ivy, text);
    for (const page of [jon.page, phone.page]) {
      await unread(page, 3).waitFor();
      // One conversation.
      await expect.poll(() => page.title()).toBe('(1) Messages · Cruddur');
    }
    await conversation(phone, 'Ivy Marsh').click();
    for (const page of [jon.page, phone.page]) {
      await unread(page, 3).waitFor({ state: 'detached' });
      await expect.poll(() => page.title()).not.toMatch(/^\(/);
    }
    await jon.page.reload();
    await conversation(jon, 'Ivy Marsh').waitFor();
    await expect.poll(() => jon.page.title()).toBe('Messages · Cruddur');
    await phone.context.close();
  });

  it('see that the last message was read', async () => {
    await write(ivy, 'Have you read this?');
    await message(ivy, 'Have you read this?').waitFor();
    const seen = ivy.page.getByRole('log').getByText('Seen', { exact: true });
    const readOf = () =>
      seen.evaluateAll((notes) => notes.map((note) => note.closest('[data-view-key]')?.textContent ?? ''));
    expect((await readOf()).join()).not.toContain('Have you read this?');
    await conversation(jon, 'Ivy Marsh').click();
    await expect.poll(readOf).toEqual([expect.stringContaining('Have you read this?')]);
  });

  it('see that the other is typing, until five seconds after the last signal', async () => {
    const watcher = await visitAs(browser, ivy);
    await watcher.page.clock.install();
    await openThread(watcher);
    // Once an event has arrived, the stream is open.
    await write(ivy, 'Are you writing?');
    await message(watcher, 'Are you writing?').waitFor();
    await message(jon, 'Are you writing?').waitFor();
    const note = watcher.page.getByText('Jon Weir is typing');
    // Awaited from the first letter on: the note may be gone when the last one is typed.
    await Promise.all([note.waitFor(), composer(jon.page).pressSequentially('Well')]);
    await watcher.page.clock.fastForward(5_000);
    await note.waitFor({ state: 'detached' });
    await composer(jon.page).fill('');
    await watcher.context.close();
  });
});

describe('a page’s event stream', () => {
  it('has its token in a header, not in the URL, and ends at sign-out', async () => {
    const guest = await visit(browser);
    const { page } = guest;
    const isStream = (request: Request) => request.url().includes('/trpc/events.subscribe');
    const [request] = await Promise.all([page.waitForRequest(isStream), signIn(guest, jon.handle, jon.password)]);
    expect(request.headers().authorization).toMatch(/^Bearer ey/);
    expect(request.url()).not.toContain('ey');
    const [ended] = await Promise.all([page.waitForEvent('requestfailed', isStream), signOut(guest)]);
    expect(ended.failure()?.errorText).toBe('net::ERR_ABORTED');
    await guest.context.close();
  });
});

describe('an interruption', () => {
  it('by a killed instance neither loses nor duplicates messages', async () => {
    const texts = Array.from({ length: 20 }, (_, i) => `While it was down ${i}`);
    await Promise.all([second.server.killAndRestart(), writeMany(ivy, group, texts)]);
    await message(jon, 'While it was down 19').waitFor();
    const read = await readUpwards(jon.page, 'While it was down 0');
    expect(read.filter((text) => text.startsWith('While it was down'))).toEqual(texts);
    await scrollToEnd('While it was down 19');
    await write(ivy, 'Up again');
    await message(jon, 'Up again').waitFor();
  });

  it('of the network during 130 messages leaves all of them, once, in order', async () => {
    await openAtEnd('Up again');
    // Saves the time to draw the thread on Ivy's page too.
    await ivy.page.goto('about:blank');
    const texts = Array.from({ length: 130 }, (_, i) => `In the tunnel ${i}`);
    await writeMany(ivy, group, texts.slice(0, 10));
    await second.network.cut();
    // More than two pages of 50, because missed messages are read in pages.
    await writeMany(ivy, group, texts.slice(10, 120));
    await second.network.restore();
    await writeMany(ivy, group, texts.slice(120));
    await message(jon, 'In the tunnel 129').waitFor();
    await expect.poll(() => distanceFromEnd(jon.page)).toBeLessThan(2);
    const read = await readUpwards(jon.page, 'Up again');
    expect(read.filter((text) => text.startsWith('In the tunnel'))).toEqual(texts);
  }, 120_000);

  it('keeps the reader’s position, and counts new messages below', async () => {
    await openAtEnd('In the tunnel 129');
    // A thread that has just opened is still scrolling to its end.
    await untilStill(jon.page);
    await scrollThread(jon.page, -900);
    await expect.poll(() => distanceFromEnd(jon.page)).toBeGreaterThan(300);
    const { key, y } = await topBubble(jon.page);
    await second.network.cut();
    await writeMany(ivy, group, ['Below one', 'Below two', 'Below three']);
    await second.network.restore();
    const pill = jon.page.getByRole('button', { name: '3 new messages' });
    await pill.waitFor();
    expect(await placeOf(jon.page, key)).toBe(y);
    await pill.click();
    await message(jon, 'Below three').waitFor();
  });
});
