import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { apiOf, seeded } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { createPair, keepScreenshots, message, openGroup, visitAsSeeded, write, writeMany } from './support/people.ts';
import {
  composer,
  distanceFromEnd,
  hasFocus,
  isInView,
  placeOf,
  readDown,
  scrollThread,
  topBubble,
  untilFocused,
  untilStill,
} from './support/thread.ts';

const browser = await connectBrowser();

/** The calendar day of a time here, as the page's date field has it. */
const dayOf = (time: string | Date) => new Date(time).toLocaleDateString('sv');

/** Chooses a date with the keyboard. */
async function goToDate(page: Page, day: string): Promise<void> {
  await page.getByLabel(/Go to a date/).press('Enter');
  await page.getByLabel('Date', { exact: true }).fill(day);
  await page.getByLabel('Date', { exact: true }).press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

describe('a jump to a date in a long thread', () => {
  it('leads to the first message of that day, and marks it', async () => {
    const messageGroupUuid = SEEDED_MESSAGE_GROUP_UUID;
    const api = await apiOf(seeded('bayko'));
    const around = new Date(0).toISOString();
    const { items } = await api.messages.list.query({ messageGroupUuid, around });
    const second = items.find(({ createdAt }) => dayOf(createdAt) !== dayOf(items[0]?.createdAt ?? ''));
    const bayko = await visitAsSeeded(browser, 'bayko');
    const { page } = bayko;
    await page.goto(`/messages/${messageGroupUuid}`);
    await message(bayko, 'I will heat the iron. Both.').waitFor();
    await goToDate(page, dayOf(second?.createdAt ?? ''));
    const target = page.locator(`[data-key="${second?.uuid}"]`);
    await expect.poll(() => isInView(target)).toBe(true);
    await untilFocused(target);
    await keepScreenshots(bayko, 'jump');
    await page.setViewportSize({ width: 1280, height: 800 });
    await untilStill(page);
    expect(await isInView(target)).toBe(true);
    // From here on, more is loaded in both directions.
    await expect
      .poll(async () => {
        await scrollThread(page, -4_000);
        await untilStill(page);
        return isInView(page.getByText(/This is the start of your conversation/));
      })
      .toBe(true);
    await page.getByRole('button', { name: 'Go to the newest message' }).click();
    await expect.poll(() => isInView(message(bayko, 'I will heat the iron. Both.'))).toBe(true);
    await bayko.context.close();
  });
});

describe('a part of a thread far from its end', async () => {
  const [ida, otto] = await createPair(browser, ['Ida Crest', 'Otto Crest']);
  const { page } = ida;
  const knots = Array.from({ length: 160 }, (_, i) => `Knot ${i + 1}`);
  const isAtEnd = () => expect.poll(() => distanceFromEnd(page)).toBeLessThan(1);

  it('opens at the date, and says so if that day has no messages', async () => {
    await writeMany(otto, openGroup(ida), knots);
    await message(ida, 'Knot 160').waitFor();
    await goToDate(page, '2001-02-03');
    await page.getByText('No messages on that day. These are the next ones.').waitFor();
    await expect.poll(() => isInView(message(ida, 'Hello!'))).toBe(true);
    expect(await message(ida, 'Knot 160').count()).toBe(0);
  });

  it('keeps its place when messages arrive, which the way back counts', async () => {
    const before = await topBubble(page);
    await write(otto, 'Far below');
    await page.getByRole('button', { name: '1 new message' }).waitFor();
    expect(await placeOf(page, before.key)).toBe(before.y);
    await page.keyboard.press('Escape');
    await expect.poll(() => isInView(message(ida, 'Far below'))).toBe(true);
    await isAtEnd();
    expect(await hasFocus(composer(page))).toBe(true);
  });

  it('leads into the newest messages by scrolling down, without a gap', async () => {
    await goToDate(page, dayOf(new Date()));
    await expect.poll(() => isInView(message(ida, 'Hello!'))).toBe(true);
    const seen = await readDown(page, 'Far below');
    expect(knots.filter((text) => !seen.has(text))).toEqual([]);
    await write(otto, 'Follows the reader');
    await expect.poll(() => isInView(message(ida, 'Follows the reader'))).toBe(true);
  });

  it('is left when the reader writes', async () => {
    await page.reload();
    await message(ida, 'Follows the reader').waitFor();
    await goToDate(page, '2001-02-03');
    await expect.poll(() => isInView(message(ida, 'Hello!'))).toBe(true);
    await write(ida, 'Written from far away');
    await expect.poll(() => isInView(message(ida, 'Written from far away'))).toBe(true);
    await isAtEnd();
  });
});
