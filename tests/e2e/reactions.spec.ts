import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { apiOf } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { createPair, message, openGroup, type TestUser, visitAs, write, writeMany } from './support/people.ts';
import {
  bubbles,
  clickInThread,
  clickToolbar,
  composer,
  distanceFromEnd,
  hasFocus,
  pressOn,
  scrollThread,
  untilFocused,
  untilSeen,
  untilStill,
} from './support/thread.ts';

const browser = await connectBrowser();
const [ada, grace] = await createPair(browser, ['Ada Vale', 'Grace Holm']);
const group = openGroup(ada);

const bubble = ({ page }: TestUser, text: string) => bubbles(page).filter({ hasText: text });
/** What is drawn with a message: its tools and reactions. */
const row = (person: TestUser, text: string) =>
  person.page.locator('[data-view-key]').filter({ has: person.page.getByTestId('message').filter({ hasText: text }) });
const chip = (person: TestUser, text: string, words: string) =>
  row(person, text).getByRole('button', { name: words, exact: true });
const chips = (person: TestUser, text: string) =>
  row(person, text)
    .getByRole('group', { name: 'Reactions' })
    .getByRole('button', { name: /reacted with/ });
const quick = ({ page }: TestUser) => page.getByRole('toolbar', { name: 'Quick reactions' });

/** Writes a message, and waits until both have it. */
async function say(person: TestUser, text: string): Promise<void> {
  await write(person, text);
  await Promise.all([message(ada, text).waitFor(), message(grace, text).waitFor()]);
  await bubble(person, text).and(person.page.locator('[data-state=message]')).waitFor();
}

async function openQuick(person: TestUser, text: string): Promise<void> {
  await clickToolbar(bubble(person, text), 'React');
  await quick(person).waitFor();
}

/** The address of the message that begins with this text. */
async function addressOf(person: TestUser, text: string) {
  const { items } = await (await apiOf(person)).messages.list.query({ messageGroupUuid: group });
  const found = items.find((item) => item.message.startsWith(text));
  if (found === undefined) throw new Error(`no message ${text}`);
  return { messageGroupUuid: group, messageUuid: found.uuid, createdAt: found.createdAt };
}

describe('a reaction', () => {
  it('is shown to both, with who reacted; a click on its chip joins in, another one leaves', async () => {
    await say(grace, 'The lamp burns again');
    await openQuick(ada, 'The lamp burns again');
    await quick(ada).getByRole('button', { name: 'thumbs up' }).click();
    await quick(ada).waitFor({ state: 'detached' });
    const mine = chip(ada, 'The lamp burns again', 'You reacted with 👍 thumbs up');
    await mine.waitFor();
    expect(await mine.getAttribute('aria-pressed')).toBe('true');
    const theirs = chip(grace, 'The lamp burns again', 'Ada Vale reacted with 👍 thumbs up');
    expect(await theirs.getAttribute('title')).toBe('Ada Vale reacted with 👍 thumbs up');
    await clickInThread(theirs);
    await chip(grace, 'The lamp burns again', 'You and Ada Vale reacted with 👍 thumbs up').waitFor();
    const both = chip(ada, 'The lamp burns again', 'You and Grace Holm reacted with 👍 thumbs up');
    await both.waitFor();
    expect(await both.innerText()).toMatch(/^👍\s*2/u);
    await clickInThread(both);
    await clickInThread(chip(grace, 'The lamp burns again', 'You reacted with 👍 thumbs up'));
    await Promise.all([ada, grace].map((person) => expect.poll(() => chips(person, 'lamp burns').count()).toBe(0)));
  });

  it('is added with the keyboard', async () => {
    const { page } = ada;
    await say(grace, 'Tide is out');
    await composer(page).fill('');
    await pressOn(bubble(ada, 'Tide is out'), '+');
    const first = quick(ada).getByRole('button').first();
    await untilFocused(first);
    // The most recent comes first.
    expect(await first.getAttribute('aria-label')).toBe('thumbs up');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await chip(ada, 'Tide is out', 'You reacted with ❤️ red heart').waitFor();
    await chip(grace, 'Tide is out', 'Ada Vale reacted with ❤️ red heart').waitFor();
    await untilFocused(bubble(ada, 'Tide is out'));
    // Tab leads through the tools to the chips.
    await expect
      .poll(async () => {
        await page.keyboard.press('Tab');
        return hasFocus(chips(ada, 'Tide is out'));
      })
      .toBe(true);
    await page.keyboard.press('Space');
    await expect.poll(() => chips(grace, 'Tide is out').count()).toBe(0);
  });

  it('may be any emoji with any skin tone', async () => {
    const { page } = ada;
    await say(grace, 'We sail at dawn');
    await openQuick(ada, 'We sail at dawn');
    await quick(ada).getByRole('button', { name: 'More emoji' }).click();
    const picker = page.getByRole('dialog', { name: 'Emoji' });
    await picker.getByRole('radio', { name: 'Medium skin tone', exact: true }).check();
    await picker.getByRole('searchbox', { name: 'Search emoji' }).fill('waving hand');
    await picker.getByRole('gridcell', { name: 'waving hand', exact: true }).getByText('👋🏽').click();
    await chips(grace, 'We sail at dawn').filter({ hasText: '👋🏽' }).waitFor();
    // The names of rare emoji are loaded when someone looks at them.
    await chips(grace, 'We sail at dawn').hover();
    await chip(grace, 'We sail at dawn', 'Ada Vale reacted with 👋🏽 waving hand: medium skin tone').waitFor();
  });

  it('of a finger begins with a long press', async () => {
    const phone = await visitAs(browser, ada, {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 390, height: 844 },
    });
    await phone.page.goto(`/messages/${group}`);
    await say(grace, 'Bring the long rope');
    await message(phone, 'Bring the long rope').waitFor();
    await untilStill(phone.page);
    const box = await bubble(phone, 'Bring the long rope').boundingBox();
    if (box === null) throw new Error('not drawn');
    const session = await phone.context.newCDPSession(phone.page);
    const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
    await quick(phone).waitFor();
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await quick(phone).getByRole('button', { name: 'folded hands' }).tap();
    const own = chip(phone, 'Bring the long rope', 'You reacted with 🙏 folded hands');
    await own.waitFor();
    await chip(grace, 'Bring the long rope', 'Ada Vale reacted with 🙏 folded hands').waitFor();
    await own.tap();
    await expect.poll(() => chips(grace, 'Bring the long rope').count()).toBe(0);
    await phone.context.close();
  });

  it('is refused with words, and not sent, if it were the sixth different one', async () => {
    const { page } = ada;
    await say(grace, 'Count them');
    const api = await apiOf(ada);
    const address = await addressOf(ada, 'Count them');
    for (const emoji of ['🐶', '🐱', '🐭', '🐹', '🐰']) {
      await api.messages.react.mutate({ ...address, emoji, isOn: true });
    }
    await expect.poll(() => chips(ada, 'Count them').count()).toBe(5);
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('messages.react')) sent.push(request.postData() ?? '');
    });
    await openQuick(ada, 'Count them');
    await quick(ada).getByRole('button', { name: 'crying face' }).click();
    await page.getByText('You can add up to 5 reactions to a message.').waitFor();
    expect(await chips(ada, 'Count them').count()).toBe(5);
    // Requests about a message keep their order: had it been sent, it would be before this one.
    await clickInThread(chips(ada, 'Count them').first());
    await expect.poll(() => chips(grace, 'Count them').count()).toBe(4);
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.filter((body) => body.includes('😢'))).toEqual([]);
  });
});

describe('a thread whose row grows by a reaction', () => {
  const react = async (text: string, emoji: string) =>
    (await apiOf(grace)).messages.react.mutate({ ...(await addressOf(grace, text)), emoji, isOn: true });
  const top = async (found: Locator) => (await found.boundingBox())?.y;

  it('stays at its end for a reader who is there', async () => {
    await say(ada, 'The last word');
    await untilSeen(ada.page);
    await untilStill(ada.page);
    await react('The last word', '🎉');
    await chips(ada, 'The last word').waitFor();
    await untilStill(ada.page);
    expect(await distanceFromEnd(ada.page)).toBeLessThan(1);
  });

  it('stays in place for a reader further up', async () => {
    const { page } = ada;
    await writeMany(
      grace,
      group,
      Array.from({ length: 30 }, (_, index) => `Lamp number ${index + 1} is lit. `.repeat(4).trim()),
    );
    await bubble(ada, 'Lamp number 30 ').waitFor();
    await untilStill(page);
    await scrollThread(page, -700);
    await untilStill(page);
    // A message in the middle, and the one above it, which grows by the reaction.
    const middle = await bubbles(page).evaluateAll((elements) => {
      const log = document.querySelector('[role=log]')?.getBoundingClientRect();
      if (log === undefined) throw new Error('no thread');
      const index = elements.findIndex((element) => element.getBoundingClientRect().top > log.top + log.height / 2);
      return /Lamp number (\d+) /.exec(elements[index]?.textContent ?? '')?.[1];
    });
    const reacted = `Lamp number ${middle} `;
    const before = await top(bubble(ada, reacted));
    await react(
      reacted
        .repeat(4)
        .replaceAll(/(\d+) /g, '$1 is lit. ')
        .trim(),
      '🎉',
    );
    await chips(ada, reacted).waitFor();
    await untilStill(page);
    expect(await top(bubble(ada, reacted))).toBe(before);
  });
});
