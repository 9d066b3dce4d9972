import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { apiOf } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { forgetKept } from './support/kept.ts';
import { createPair, keepScreenshots, message, openGroup, write, writeMany } from './support/people.ts';
import {
  bubbles,
  clickInThread,
  composer,
  distanceFromEnd,
  hasFocus,
  isInView,
  placeOf,
  pressEscape,
  pressOn,
  readDown,
  scrollThread,
  topBubble,
  untilSeen,
  untilStill,
} from './support/thread.ts';

const browser = await connectBrowser();
const [mia, noah] = await createPair(browser, ['Mia Shore', 'Noah Shore']);
const group = openGroup(mia);
const line = mia.page.getByRole('heading', { name: 'New messages' });
const toNewest = mia.page.getByRole('button', { name: 'Go to the newest message' });

/** Opens the conversation again, as after a visit elsewhere. */
async function reopen(): Promise<void> {
  // The page would begin with what it stored, in which a message may still be unread.
  await forgetKept(mia.page);
  await mia.page.goto(`/messages/${group}`);
  // An empty thread is still, and at its end.
  await bubbles(mia.page).first().waitFor();
  await untilStill(mia.page);
}

/** Where the line is in the visible part of the thread: 0 at the top, 1 at the bottom. */
const heightOfLine = () =>
  line.evaluate((heading) => {
    const view = heading.closest('[role=log]')?.getBoundingClientRect();
    return view ? (heading.getBoundingClientRect().top - view.top) / view.height : Number.NaN;
  });

describe('a thread with unread messages', () => {
  it('opens at the first one, below a line that stays for the visit', async () => {
    await mia.page.goto('/messages');
    await writeMany(noah, group, ['Read so far?', ...Array.from({ length: 30 }, (_, i) => `Wave ${i + 1}`)]);
    await reopen();
    await expect.poll(() => isInView(message(mia, 'Wave 1'))).toBe(true);
    expect(await heightOfLine()).toBeGreaterThan(0.1);
    expect(await heightOfLine()).toBeLessThan(0.4);
    expect(await distanceFromEnd(mia.page)).toBeGreaterThan(200);
    await keepScreenshots(mia, 'new-messages');
    await mia.page.setViewportSize({ width: 1280, height: 800 });
    await scrollThread(mia.page, 20_000);
    await expect.poll(() => distanceFromEnd(mia.page)).toBeLessThan(1);
    await write(noah, 'One more, in view');
    await message(mia, 'One more, in view').waitFor();
    // Later tests need it read.
    await untilSeen(noah.page);
    await mia.page.getByRole('log').evaluate((log) => log.scrollTo({ top: 0 }));
    await expect.poll(() => isInView(line)).toBe(true);
    expect(await line.count()).toBe(1);
  });

  it('has no line once all are read, and opens at the newest', async () => {
    await reopen();
    await expect.poll(() => distanceFromEnd(mia.page)).toBeLessThan(1);
    expect(await line.count()).toBe(0);
    await write(noah, 'Arrives at the end');
    await message(mia, 'Arrives at the end').waitFor();
    expect(await line.count()).toBe(0);
  });

  it('opens at the first one also if it is older than the newest page', async () => {
    await mia.page.goto('/messages');
    const tide = Array.from({ length: 130 }, (_, i) => `Tide ${i + 1}`);
    await writeMany(noah, group, tide);
    await reopen();
    await expect.poll(() => isInView(message(mia, 'Tide 1'))).toBe(true);
    expect(await isInView(line)).toBe(true);
    // Scrolling down leads into the newest messages, without a gap.
    const seen = await readDown(mia.page, 'Tide 130');
    expect(tide.filter((text) => !seen.has(text))).toEqual([]);
    await write(noah, 'After the tide');
    await expect.poll(() => isInView(message(mia, 'After the tide'))).toBe(true);
  });
});

describe('the way back to the newest message', () => {
  it('is a button from a screen above the end on, and Escape', async () => {
    const { page } = mia;
    await scrollThread(page, -300);
    await expect.poll(() => distanceFromEnd(page)).toBeGreaterThan(200);
    expect(await toNewest.count()).toBe(0);
    await scrollThread(page, -2_000);
    await toNewest.click();
    await expect.poll(() => distanceFromEnd(page)).toBeLessThan(1);
    await expect.poll(() => toNewest.count()).toBe(0);
    expect(await hasFocus(composer(page))).toBe(true);
    await scrollThread(page, -2_000);
    await toNewest.waitFor();
    await pressOn(page.getByRole('log'), 'Escape');
    await expect.poll(() => distanceFromEnd(page)).toBeLessThan(1);
    expect(await hasFocus(composer(page))).toBe(true);
  });

  it('leaves Escape to an open dialog, and to a text that is unfolded', async () => {
    const { page } = mia;
    await write(noah, `${'\n'.repeat(100)}End of a long text`);
    const long = bubbles(page).last();
    // Before the reader leaves the end: the button below would count it, and have another name.
    await long.getByRole('button', { name: 'Show more' }).waitFor();
    await untilStill(page);
    await scrollThread(page, -2_000);
    await toNewest.waitFor();
    await page.keyboard.press('Control+/');
    await pressEscape(page.getByRole('dialog'));
    await untilStill(page);
    expect(await distanceFromEnd(page)).toBeGreaterThan(1_000);
    await page.keyboard.press('Escape');
    await expect.poll(() => distanceFromEnd(page)).toBeLessThan(1);
    await clickInThread(long.getByRole('button', { name: 'Show more' }));
    await long.getByRole('button', { name: 'Show less' }).press('Escape');
    await long.getByRole('button', { name: 'Show more' }).waitFor();
    expect(await hasFocus(composer(page))).toBe(false);
  });
});

describe('the date', () => {
  it('is pinned while one scrolls, moves nothing, and goes away', async () => {
    const { page } = mia;
    const pin = page.getByRole('button', { name: 'Today. Go to a date' });
    const opacity = () => pin.locator('xpath=..').evaluate((element) => getComputedStyle(element).opacity);
    await expect.poll(opacity).toBe('0');
    await scrollThread(page, -1_500);
    // It goes away: scroll until it has been looked at in time.
    const scrollOn = async () => {
      await scrollThread(page, -20);
      return opacity();
    };
    await expect.poll(scrollOn).toBe('1');
    const before = await topBubble(page);
    await expect.poll(opacity).toBe('0');
    expect(await placeOf(page, before.key)).toBe(before.y);
  });

  it('is not pinned when the thread itself scrolls to a new message', async () => {
    const { page } = mia;
    await page.keyboard.press('Escape');
    await expect.poll(() => distanceFromEnd(page)).toBeLessThan(1);
    // What the thread scrolls after a click would count as the reader's scrolling.
    await untilStill(page);
    // A click shows that the reader uses the thread, but does not scroll it.
    await bubbles(page).last().click();
    await writeMany(noah, group, ['Is anyone looking?']);
    await message(mia, 'Is anyone looking?').waitFor();
    await expect.poll(() => distanceFromEnd(page)).toBeLessThan(1);
    const pin = page.getByRole('button', { name: /Go to a date/ });
    expect(await pin.locator('xpath=..').evaluate((element) => getComputedStyle(element).opacity)).toBe('0');
  });
});

describe('deleted messages', () => {
  it('in a row are one line that unfolds', async () => {
    const api = await apiOf(noah);
    const sent: Awaited<ReturnType<typeof api.messages.create.mutate>>[] = [];
    await mia.page.keyboard.press('Escape');
    await untilStill(mia.page);
    for (const text of ['Gone one', 'Gone two', 'Stays']) {
      sent.push(await api.messages.create.mutate({ message: text, clientMessageUuid: v7(), messageGroupUuid: group }));
    }
    await message(mia, 'Stays').waitFor();
    const remove = async (index: number) => {
      const { uuid = '', createdAt = '' } = sent[index] ?? {};
      await api.messages.delete.mutate({ messageGroupUuid: group, messageUuid: uuid, createdAt });
    };
    await remove(0);
    await mia.page.getByText('Message deleted').waitFor();
    expect(await message(mia, 'Gone one').count()).toBe(0);
    await remove(1);
    await mia.page.getByRole('button', { name: '2 messages deleted' }).waitFor();
    // As the last row, it unfolds into view.
    await remove(2);
    const all = mia.page.getByRole('button', { name: '3 messages deleted' });
    await clickInThread(all);
    // The list of conversations says it too.
    const deleted = mia.page.getByRole('log').getByText('Message deleted');
    expect(await deleted.count()).toBe(3);
    await expect.poll(() => distanceFromEnd(mia.page)).toBeLessThan(1);
    await keepScreenshots(mia, 'deleted');
    await mia.page.setViewportSize({ width: 1280, height: 800 });
    await clickInThread(all);
    expect(await deleted.count()).toBe(0);
  });
});
