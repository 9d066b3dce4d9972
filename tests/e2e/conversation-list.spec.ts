import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { apiOf, createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { conversation, message, sendMessage, type Visitor, visitAs } from './support/people.ts';
import { hasFocus, untilAnswered } from './support/thread.ts';

const browser = await connectBrowser();

const WIDTHS = [
  ['desktop', {}],
  ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
] as const;

const filter = ({ page }: Visitor, name: string | RegExp) => page.getByRole('radio', { name });
const rowNames = (page: Page) =>
  page
    .getByRole('navigation', { name: 'Conversations' })
    .getByRole('link')
    .evaluateAll((rows) => rows.map((row) => row.querySelector('span[dir]')?.textContent));

/** What is set for a conversation, and unread in it, as its row shows it. */
const signs = (visitor: Visitor, name: string) =>
  conversation(visitor, name)
    .getByRole('img')
    .evaluateAll((found) => found.map((sign) => sign.getAttribute('aria-label')));

/** Opens what can be done with a conversation: by right click, or by a long press where there is no mouse. */
async function openActions(visitor: Visitor, name: string, width: string): Promise<Locator> {
  const { page } = visitor;
  const row = conversation(visitor, name);
  if (width === 'desktop') {
    await row.click({ button: 'right' });
    const menu = page.getByRole('menu', { name: `Actions for ${name}` });
    await menu.waitFor();
    return menu;
  }
  const session = await visitor.context.newCDPSession(page);
  const box = await row.boundingBox();
  if (box === null) throw new Error(`the row of ${name} is not drawn`);
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
  const sheet = page.getByRole('dialog', { name: `Actions for ${name}` });
  await sheet.waitFor();
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  return sheet;
}

/** Chooses something of a menu or sheet. */
const choose = ({ page }: Visitor, words: string) =>
  page
    .getByRole('menuitem', { name: words })
    .or(page.getByRole('dialog').getByRole('button', { name: words }))
    .click();

async function act(visitor: Visitor, width: string, name: string, words: string): Promise<void> {
  await openActions(visitor, name, width);
  await choose(visitor, words);
}

/** Nell at her list, with two conversations: Ada's is read, Grace's is not. */
async function openList(options: object) {
  const [nell, ada, grace] = await Promise.all(
    ['Nell Reyes', 'Ada Vale', 'Grace Holm'].map((name) => createAccount(name)),
  );
  if (!nell || !ada || !grace) throw new Error('three accounts were asked for');
  await sendMessage(nell, ada.handle, 'Is the ferry running?');
  await sendMessage(grace, nell.handle, 'The tide tables are here.');
  const visitor = await visitAs(browser, nell, options);
  await visitor.page.goto('/messages');
  await conversation(visitor, 'Grace Holm').waitFor();
  return { nell: visitor, ada, grace };
}

describe.each(WIDTHS)('the filter on a %s', (width, options) => {
  it('shows what is unread, keeps the row that is read, and comes back with reload and Back', async () => {
    const { nell, ada } = await openList(options);
    const { page } = nell;
    await filter(nell, 'Unread').check();
    await expect.poll(() => rowNames(page)).toEqual(['Grace Holm']);
    await page.reload();
    await conversation(nell, 'Grace Holm').waitFor();
    expect(await filter(nell, 'Unread').isChecked()).toBe(true);

    await conversation(nell, 'Grace Holm').click();
    await message(nell, 'The tide tables are here.').waitFor();
    if (width === 'phone') await page.getByRole('link', { name: 'Back to your conversations' }).click();
    else {
      // What is being read stays until another conversation is opened.
      await page.getByRole('img', { name: /unread/ }).waitFor({ state: 'detached' });
      expect(await rowNames(page)).toEqual(['Grace Holm']);
      await page.goBack();
    }
    await page.getByText('Nothing unread.').waitFor();
    expect(new URL(page.url()).search).toBe('?filter=unread');

    await sendMessage(ada, nell.handle, 'It is, at nine.');
    await expect.poll(() => rowNames(page)).toEqual(['Ada Vale']);
    await filter(nell, 'All').check();
    await expect.poll(() => rowNames(page)).toEqual(['Ada Vale', 'Grace Holm']);
    expect(new URL(page.url()).search).toBe('');
    await nell.context.close();
  });

  it('says so if there are no requests', async () => {
    const { nell } = await openList(options);
    await filter(nell, 'Requests').check();
    await nell.page.getByText('No requests.').waitFor();
    expect(await filter(nell, 'Requests').isChecked()).toBe(true);
    await nell.context.close();
  });
});

describe.each(WIDTHS)('the actions of a conversation on a %s', (width, options) => {
  it('mark it as unread and as read', async () => {
    const { nell } = await openList(options);
    await act(nell, width, 'Ada Vale', 'Mark as unread');
    await expect.poll(() => signs(nell, 'Ada Vale')).toEqual(['Marked as unread']);
    await filter(nell, 'Unread').check();
    await expect.poll(() => rowNames(nell.page)).toEqual(['Grace Holm', 'Ada Vale']);
    await act(nell, width, 'Grace Holm', 'Mark as read');
    await expect.poll(() => rowNames(nell.page)).toEqual(['Ada Vale']);
    await untilAnswered(nell.page, 'messageGroups.update', () => act(nell, width, 'Ada Vale', 'Mark as read'));
    await nell.page.getByText('Nothing unread.').waitFor();
    await nell.page.reload();
    await nell.page.getByText('Nothing unread.').waitFor();
    await nell.context.close();
  });

  it('pin it to the top', async () => {
    const { nell, grace } = await openList(options);
    await untilAnswered(nell.page, 'messageGroups.update', () => act(nell, width, 'Ada Vale', 'Pin to top'));
    await expect.poll(() => rowNames(nell.page)).toEqual(['Ada Vale', 'Grace Holm']);
    expect(await signs(nell, 'Ada Vale')).toEqual(['Pinned']);
    // Also when a message comes in another one.
    await sendMessage(grace, nell.handle, 'And the lamp oil.');
    await conversation(nell, 'Grace Holm').getByText('And the lamp oil.').waitFor();
    expect(await rowNames(nell.page)).toEqual(['Ada Vale', 'Grace Holm']);
    await nell.page.reload();
    await expect.poll(() => rowNames(nell.page)).toEqual(['Ada Vale', 'Grace Holm']);
    await act(nell, width, 'Ada Vale', 'Unpin');
    await expect.poll(() => rowNames(nell.page)).toEqual(['Grace Holm', 'Ada Vale']);
    await nell.context.close();
  });

  it('mute it for some hours', async () => {
    const { nell } = await openList(options);
    const { page } = nell;
    await expect.poll(() => page.title()).toBe('(1) Messages · Cruddur');
    await act(nell, width, 'Grace Holm', 'Mute…');
    await choose(nell, 'For 8 hours');
    await expect
      .poll(() => signs(nell, 'Grace Holm'))
      .toEqual([expect.stringMatching(/^Muted until /), '1 unread message']);
    await expect.poll(() => page.title()).toBe('Messages · Cruddur');
    await act(nell, width, 'Grace Holm', 'Unmute');
    await expect.poll(() => signs(nell, 'Grace Holm')).toEqual(['1 unread message']);
    await expect.poll(() => page.title()).toBe('(1) Messages · Cruddur');
    await nell.context.close();
  });

  it('clear it for oneself only, after a question', async () => {
    const { nell, grace } = await openList(options);
    const { page } = nell;
    const question = page.getByRole('alertdialog', { name: 'Clear your conversation with Grace Holm?' });
    await act(nell, width, 'Grace Holm', 'Clear…');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await rowNames(page)).toEqual(['Grace Holm', 'Ada Vale']);
    await act(nell, width, 'Grace Holm', 'Clear…');
    const clear = question.getByRole('button', { name: 'Clear' });
    await untilAnswered(page, 'messageGroups.clear', () => clear.click());
    await expect.poll(() => rowNames(page)).toEqual(['Ada Vale']);
    await page.getByRole('status').getByText('Conversation cleared').waitFor();
    // The row that took its place.
    await expect.poll(() => hasFocus(conversation(nell, 'Ada Vale'))).toBe(true);
    const kept = await (await apiOf(grace)).messageGroups.list.query({});
    expect(kept.items.map(({ message }) => message)).toEqual(['The tide tables are here.']);

    await sendMessage(grace, nell.handle, 'Did you get them?');
    await conversation(nell, 'Grace Holm').click();
    await message(nell, 'Did you get them?').waitFor();
    expect(await message(nell, 'The tide tables are here.').count()).toBe(0);
    await nell.context.close();
  });

  it('block the person, after a question, and unblock them', async () => {
    const { nell, grace } = await openList(options);
    const { page } = nell;
    await act(nell, width, 'Grace Holm', 'Block…');
    await page.getByRole('alertdialog', { name: 'Block Grace Holm?' }).getByRole('button', { name: 'Block' }).click();
    await expect.poll(() => signs(nell, 'Grace Holm')).toContain('Blocked');
    await page.getByRole('status').getByText('You blocked Grace Holm').waitFor();
    const refusal = { data: { reason: 'recipient_unavailable' } };
    await expect.poll(() => sendMessage(grace, nell.handle).catch((error: unknown) => error)).toMatchObject(refusal);
    await act(nell, width, 'Grace Holm', 'Unblock');
    await expect.poll(() => signs(nell, 'Grace Holm')).not.toContain('Blocked');
    await expect.poll(() => sendMessage(grace, nell.handle, 'Still there?').catch(() => null)).not.toBeNull();
    await conversation(nell, 'Grace Holm').getByText('Still there?').waitFor();
    await nell.context.close();
  });

  it('report it', async () => {
    const { nell } = await openList(options);
    await act(nell, width, 'Grace Holm', 'Report…');
    await nell.page.getByRole('dialog', { name: 'Report Grace Holm' }).waitFor();
    await nell.page.keyboard.press('Escape');
    await nell.page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => hasFocus(conversation(nell, 'Grace Holm'))).toBe(true);
    await nell.context.close();
  });
});

describe.each(WIDTHS)('a request on a %s', (width, options) => {
  it('is apart from the list, is opened without telling the sender, and is accepted or deleted', async () => {
    const { nell } = await openList(options);
    const [mina, bo] = await Promise.all(['Mina Harker', 'Bo Li'].map((name) => createAccount(name)));
    if (!mina || !bo) throw new Error('two accounts were asked for');
    await (await apiOf(nell)).users.updateSettings.mutate({ whoMayMessage: 'requests' });
    await sendMessage(mina, nell.handle, 'You left your gloves.');
    await filter(nell, 'Requests (1)').waitFor();
    const ofBo = await sendMessage(bo, nell.handle, 'Buy now!');
    await filter(nell, 'Requests (2)').check();
    await expect.poll(() => rowNames(nell.page)).toEqual(['Bo Li', 'Mina Harker']);

    await conversation(nell, 'Bo Li').click();
    await message(nell, 'Buy now!').waitFor();
    await nell.page.goBack();
    await act(nell, width, 'Bo Li', 'Delete request');
    await expect.poll(() => rowNames(nell.page)).toEqual(['Mina Harker']);
    const seen = await (await apiOf(bo)).messageGroups.readMarkers.query({ messageGroupUuid: ofBo });
    const me = await (await apiOf(nell)).users.me.query();
    expect(seen.items.map(({ userUuid }) => userUuid)).not.toContain(me.uuid);

    await untilAnswered(nell.page, 'messageGroups.accept', () => act(nell, width, 'Mina Harker', 'Accept'));
    await nell.page.getByText('No requests.').waitFor();
    await filter(nell, 'All').check();
    await expect.poll(() => rowNames(nell.page)).toEqual(['Mina Harker', 'Grace Holm', 'Ada Vale']);
    await nell.page.reload();
    await expect.poll(() => rowNames(nell.page)).toEqual(['Mina Harker', 'Grace Holm', 'Ada Vale']);
    await filter(nell, 'Requests').waitFor();
    await nell.context.close();
  });
});

it('the arrow keys choose a filter, and Tab leads on to the list', async () => {
  const { nell } = await openList({});
  const { page } = nell;
  await filter(nell, 'All').focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => rowNames(page)).toEqual(['Grace Holm']);
  expect(await hasFocus(filter(nell, 'Unread'))).toBe(true);
  await page.keyboard.press('Tab');
  await expect.poll(() => hasFocus(conversation(nell, 'Grace Holm'))).toBe(true);
  await nell.context.close();
});

it('the keyboard opens the actions of a row, and gives the focus back', async () => {
  const { nell } = await openList({});
  const { page } = nell;
  const row = conversation(nell, 'Grace Holm');
  const menu = page.getByRole('menu', { name: 'Actions for Grace Holm' });
  for (const keys of ['ContextMenu', 'Shift+F10', 'Alt+Enter']) {
    await row.focus();
    await page.keyboard.press(keys);
    await menu.waitFor();
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    await expect.poll(() => hasFocus(row)).toBe(true);
  }
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await menu.waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => hasFocus(menu.getByRole('menuitem', { name: 'Pin to top' }))).toBe(true);
  await page.keyboard.press('Enter');
  await expect.poll(() => signs(nell, 'Grace Holm')).toContain('Pinned');
  await nell.context.close();
});
