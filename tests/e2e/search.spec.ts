import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { apiOf, createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { createPair, message, openGroup, sendMessage, visitAs, write, writeMany } from './support/people.ts';
import { bubbles, composer, hasFocus, isInView, untilAnswered, untilFocused } from './support/thread.ts';

const browser = await connectBrowser();

const field = (page: Page): Locator => page.getByRole('combobox', { name: 'Search' });
const list = (page: Page): Locator => page.getByRole('navigation', { name: 'Conversations' });
/** The found messages. */
const hits = (page: Page): Locator => page.getByRole('group', { name: 'Messages' }).getByRole('option');
/** What is found, section by section, with the beginning of each result. */
const sections = (page: Page) =>
  page
    .getByRole('listbox', { name: 'Search results' })
    .getByRole('group')
    .evaluateAll((groups) =>
      groups.map((group) => [
        group.getAttribute('aria-label'),
        ...[...group.querySelectorAll('[role=option] [dir]')].slice(0, 1).map(({ textContent }) => textContent),
      ]),
    );

/** Types a text until it finds a message: the index is up to two seconds behind. */
async function untilFound(page: Page, text: string, found: Locator): Promise<void> {
  const search = async () => {
    await field(page).fill('');
    await field(page).fill(text);
    await page
      .getByRole('status')
      .filter({ hasText: /message|Nothing found/ })
      .first()
      .waitFor({ state: 'attached' });
    return found.count();
  };
  await expect.poll(search).toBeGreaterThan(0);
}

describe('the search above the list', () => {
  it('finds people, then conversations, then messages, and opens them with the keyboard only', async () => {
    const [quorvin, dora] = await Promise.all([createAccount('Quorvin Vale'), createAccount('Dora Equorvale')]);
    const [ida, juno] = await createPair(browser, ['Ida Vale', 'Juno Vale']);
    await sendMessage(dora, ida.handle, 'What is a quorv?');
    await writeMany(juno, openGroup(ida), [
      'A QUORV is a kind of boat.',
      ...Array.from({ length: 55 }, (_, i) => `Oar ${i + 1}`),
    ]);
    const { page } = ida;
    await page.reload();
    // At the newest message, or at the first one that was not seen before the reload.
    await bubbles(page).last().waitFor();
    await composer(page).press('Tab');
    await page.keyboard.press('/');
    expect(await hasFocus(field(page))).toBe(true);
    await untilFound(page, 'quorv', hits(page).nth(1));
    await expect
      .poll(() => sections(page))
      .toEqual([
        ['People', quorvin.displayName],
        ['Conversations', dora.displayName],
        ['Messages', juno.displayName],
      ]);
    await page.getByRole('status').getByText('1 person, 1 conversation, 2 messages').waitFor({ state: 'attached' });
    expect(await page.locator('mark').allTextContents()).toEqual(['QUORV', 'quorv']);

    const open = openGroup(ida);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    const found = page.getByRole('log').locator('[data-key]', { hasText: 'A QUORV is a kind of boat.' });
    await expect.poll(() => isInView(found)).toBe(true);
    // Until the message has the focus, the shortcut's key is typed into the field.
    await untilFocused(found);
    expect(openGroup(ida)).toContain(open);
    await page.keyboard.press('/');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: dora.displayName }).waitFor();
    const question = page.getByRole('log').locator('[data-key]', { hasText: 'What is a quorv?' });
    await untilFocused(question);

    await field(page).press('Escape');
    await page.getByRole('heading', { level: 1, name: juno.displayName }).waitFor();
    await list(page).getByRole('link', { name: dora.displayName }).waitFor();
    expect(await field(page).inputValue()).toBe('');

    await field(page).fill('quorv');
    await page.getByRole('group', { name: 'People' }).getByRole('option').waitFor();
    await field(page).press('Enter');
    await page.getByRole('heading', { level: 1, name: quorvin.displayName }).waitFor();

    // While an answer is on its way, what is shown of the one before does not look like all there is.
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/trpc/**messages.search**', async (route) => {
      await asked;
      await route.continue();
    });
    await field(page).fill('quorvi');
    await page.getByRole('group', { name: 'People' }).getByRole('option').waitFor();
    await page.getByRole('status', { name: 'Searching' }).waitFor();
    answer();
    await page.getByRole('status', { name: 'Searching' }).waitFor({ state: 'detached' });
    await page.unroute('**/trpc/**messages.search**');
    await field(page).press('Escape');
    // The list scrolls to the row of the conversation that opens again.
    await page.getByRole('heading', { level: 1, name: juno.displayName }).waitFor();

    // The list is where it was.
    await page.setViewportSize({ width: 1280, height: 260 });
    const scrolled = () => list(page).evaluate(({ scrollTop }) => scrollTop);
    const scroll = async () => {
      await list(page).evaluate((element) => element.scrollTo({ top: 30 }));
      return scrolled();
    };
    await expect.poll(scroll).toBe(30);
    await field(page).fill('quorv');
    await page.getByRole('group', { name: 'People' }).getByRole('option').waitFor();
    await field(page).press('Escape');
    await list(page).waitFor();
    await expect.poll(scrolled).toBe(30);
    await Promise.all([ida, juno].map(({ context }) => context.close()));
  });

  it('shows messages as they are: sent, edited, deleted, and without a network what is loaded', async () => {
    const [kim, lev] = await createPair(browser, ['Kim Moor', 'Lev Moor']);
    await untilAnswered(kim.page, 'messages.create', () => write(kim, 'The ferry Zephyrine leaves at noon.'));
    await message(lev, 'The ferry Zephyrine leaves at noon.').waitFor();
    const { page } = lev;
    await field(page).fill('zéphyr');
    await hits(page).getByText('The ferry Zephyrine leaves at noon.').waitFor();

    // Another browser, which has not seen the message arrive, finds it by the index.
    const elsewhere = await visitAs(browser, lev);
    await elsewhere.page.goto('/messages');
    await list(elsewhere.page).getByRole('link').waitFor();
    await untilFound(elsewhere.page, 'leaves zephyr', hits(elsewhere.page));

    const [api, messageGroupUuid] = [await apiOf(kim), openGroup(kim)];
    const { items } = await api.messages.list.query({ messageGroupUuid });
    const { uuid: messageUuid = '', createdAt = '', revision = 0 } = items.at(-1) ?? {};
    const sent = { messageGroupUuid, messageUuid, createdAt };
    await api.messages.edit.mutate({ ...sent, message: 'Zephyrine leaves at one.', revision });
    for (const { page } of [lev, elsewhere]) await hits(page).getByText('Zephyrine leaves at one.').waitFor();

    await lev.context.setOffline(true);
    await field(page).fill('moor');
    await page.getByText('You’re offline. Only messages that this page has loaded are searched.').waitFor();
    await page
      .getByRole('group', { name: 'Conversations' })
      .getByRole('option', { name: /Kim Moor/ })
      .waitFor();
    await field(page).fill('at one');
    await hits(page).getByText('Zephyrine leaves at one.').waitFor();
    await field(page).fill('at noon');
    await page.getByText('Nothing found for “at noon”.').waitFor();
    await field(page).fill('zephyrine');
    await hits(page).getByText('Zephyrine leaves at one.').waitFor();
    await lev.context.setOffline(false);
    await page.getByText('You’re offline. Only messages').waitFor({ state: 'detached' });

    await api.messages.delete.mutate(sent);
    await page.getByText('Nothing found for “zephyrine”.').waitFor();
    await elsewhere.page.getByText('Nothing found for “leaves zephyr”.').waitFor();
    await Promise.all([kim, lev, elsewhere].map(({ context }) => context.close()));
  });

  it('keeps text and place on a phone while a found message is open, and says when the server refuses', async () => {
    const [owner, friend] = await Promise.all([createAccount('Nils Fjord'), createAccount('Ola Fjord')]);
    const messageGroupUuid = await sendMessage(friend, owner.handle);
    await writeMany(
      friend,
      messageGroupUuid,
      Array.from({ length: 30 }, (_, i) => `Krill ${i + 1}`),
    );
    const nils = await visitAs(browser, owner, { viewport: { width: 390, height: 844 }, hasTouch: true });
    const { page } = nils;
    await page.goto('/messages');
    await list(page).getByRole('link').waitFor();
    await page.route('**/trpc/**messages.search**', (route) => route.abort());
    await field(page).fill('krill');
    await page.getByRole('alert').getByText('Couldn’t search.').waitFor();
    await page.unroute('**/trpc/**messages.search**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await untilFound(page, 'krill', hits(page).nth(19));

    // The next page is loaded as one scrolls.
    await hits(page).nth(19).scrollIntoViewIfNeeded();
    await hits(page).nth(29).scrollIntoViewIfNeeded();
    const target = hits(page).filter({ hasText: /Krill 5$/ });
    await target.scrollIntoViewIfNeeded();
    const place = await target.boundingBox();
    await target.click();
    await expect.poll(() => isInView(message(nils, 'Krill 5'))).toBe(true);
    await page.getByRole('link', { name: /back/i }).click();
    await target.waitFor();
    expect(await field(page).inputValue()).toBe('krill');
    await expect.poll(async () => (await target.boundingBox())?.y).toBe(place?.y);
    await page.getByRole('button', { name: 'Clear search' }).click();
    await list(page).getByRole('link', { name: friend.displayName }).waitFor();
    await nils.context.close();
  });
});
