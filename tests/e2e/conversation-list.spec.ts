import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOf, createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { conversation, message, sendMessage, type TestUser, type Visitor, visitAs } from './support/people.ts';
import { hasFocus, pressEscape, pressOn, untilAnswered, untilFocused } from './support/thread.ts';

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

/** Changes how a conversation is shown, and waits for the answer: a reload would lose what waits for an earlier change. */
const update = (visitor: Visitor, choice: () => Promise<unknown>) =>
  untilAnswered(visitor.page, 'messageGroups.update', choice);

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

// Each test continues where the last one ended.
describe.each(WIDTHS)('on a %s', (width, options) => {
  let list: Awaited<ReturnType<typeof openList>>;
  beforeAll(async () => {
    list = await openList(options);
  });
  afterAll(() => list?.nell.context.close());

  describe('the filter', () => {
    it('says so if there are no requests', async () => {
      const { nell } = list;
      await filter(nell, 'Requests').check();
      await nell.page.getByText('No requests.').waitFor();
      expect(await filter(nell, 'Requests').isChecked()).toBe(true);
    });

    it('shows what is unread, keeps the row that is read, and comes back with reload and Back', async () => {
      const { nell, ada } = list;
      const { page } = nell;
      await filter(nell, 'Unread').check();
      await expect.poll(() => rowNames(page)).toEqual(['Grace Holm']);
      await page.reload();
      await conversation(nell, 'Grace Holm').waitFor();
      expect(await filter(nell, 'Unread').isChecked()).toBe(true);

      // Drawn, it is not yet read: the page must have noticed that it is in view.
      await untilAnswered(page, 'messageGroups.markRead', () => conversation(nell, 'Grace Holm').click());
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
    });
  });

  describe('the actions of a conversation', () => {
    it('mute it for some hours', async () => {
      const { nell } = list;
      const { page } = nell;
      await expect.poll(() => page.title()).toBe('(1) Messages · Cruddur');
      await act(nell, width, 'Ada Vale', 'Mute…');
      await update(nell, () => choose(nell, 'For 8 hours'));
      await expect
        .poll(() => signs(nell, 'Ada Vale'))
        .toEqual([expect.stringMatching(/^Muted until /), '1 unread message']);
      await expect.poll(() => page.title()).toBe('Messages · Cruddur');
      await update(nell, () => act(nell, width, 'Ada Vale', 'Unmute'));
      await expect.poll(() => signs(nell, 'Ada Vale')).toEqual(['1 unread message']);
      await expect.poll(() => page.title()).toBe('(1) Messages · Cruddur');
    });

    it('mark it as unread and as read', async () => {
      const { nell } = list;
      await update(nell, () => act(nell, width, 'Grace Holm', 'Mark as unread'));
      await expect.poll(() => signs(nell, 'Grace Holm')).toEqual(['Marked as unread']);
      await filter(nell, 'Unread').check();
      await expect.poll(() => rowNames(nell.page)).toEqual(['Ada Vale', 'Grace Holm']);
      await act(nell, width, 'Ada Vale', 'Mark as read');
      await expect.poll(() => rowNames(nell.page)).toEqual(['Grace Holm']);
      await update(nell, () => act(nell, width, 'Grace Holm', 'Mark as read'));
      await nell.page.getByText('Nothing unread.').waitFor();
      await nell.page.reload();
      await nell.page.getByText('Nothing unread.').waitFor();
      await filter(nell, 'All').check();
      await expect.poll(() => rowNames(nell.page)).toEqual(['Ada Vale', 'Grace Holm']);
    });

    it('pin it to the top', async () => {
      const { nell, ada } = list;
      await update(nell, () => act(nell, width, 'Grace Holm', 'Pin to top'));
      await expect.poll(() => rowNames(nell.page)).toEqual(['Grace Holm', 'Ada Vale']);
      expect(await signs(nell, 'Grace Holm')).toEqual(['Pinned']);
      // Also when a message comes in another one.
      await sendMessage(ada, nell.handle, 'And at noon.');
      await conversation(nell, 'Ada Vale').getByText('And at noon.').waitFor();
      expect(await rowNames(nell.page)).toEqual(['Grace Holm', 'Ada Vale']);
      await nell.page.reload();
      await expect.poll(() => rowNames(nell.page)).toEqual(['Grace Holm', 'Ada Vale']);
      await act(nell, width, 'Grace Holm', 'Unpin');
      await expect.poll(() => rowNames(nell.page)).toEqual(['Ada Vale', 'Grace Holm']);
    });

    it('report it', async () => {
      const { nell } = list;
      await act(nell, width, 'Grace Holm', 'Report…');
      await pressEscape(nell.page.getByRole('dialog', { name: 'Report Grace Holm' }));
      await untilFocused(conversation(nell, 'Grace Holm'));
    });

    it('block the person, after a question, and unblock them', async () => {
      const { nell, grace } = list;
      const { page } = nell;
      await act(nell, width, 'Grace Holm', 'Block…');
      const question = page.getByRole('alertdialog', { name: 'Block Grace Holm?' });
      const block = question.getByRole('button', { name: 'Block' });
      // The toast is soon gone. What is sent before the answer may arrive, and would move the row.
      await Promise.all([
        page.getByRole('status').getByText('You blocked Grace Holm').waitFor(),
        untilAnswered(page, 'users.block', () => block.click()),
      ]);
      await expect.poll(() => signs(nell, 'Grace Holm')).toContain('Blocked');
      const refusal = { data: { reason: 'recipient_unavailable' } };
      await expect.poll(() => sendMessage(grace, nell.handle).catch((error: unknown) => error)).toMatchObject(refusal);
      await act(nell, width, 'Grace Holm', 'Unblock');
      await expect.poll(() => signs(nell, 'Grace Holm')).not.toContain('Blocked');
      await expect.poll(() => sendMessage(grace, nell.handle, 'Still there?').catch(() => null)).not.toBeNull();
      await conversation(nell, 'Grace Holm').getByText('Still there?').waitFor();
    });

    it('clear it for oneself only, after a question', async () => {
      const { nell, grace } = list;
      const { page } = nell;
      const question = page.getByRole('alertdialog', { name: 'Clear your conversation with Grace Holm?' });
      await act(nell, width, 'Grace Holm', 'Clear…');
      await question.getByRole('button', { name: 'Cancel' }).click();
      await question.waitFor({ state: 'detached' });
      expect(await rowNames(page)).toEqual(['Grace Holm', 'Ada Vale']);
      await act(nell, width, 'Grace Holm', 'Clear…');
      const clear = question.getByRole('button', { name: 'Clear' });
      // The toast is there at once, and may be gone when the answer arrives.
      await Promise.all([
        page.getByRole('status').getByText('Conversation cleared').waitFor(),
        untilAnswered(page, 'messageGroups.clear', () => clear.click()),
      ]);
      await expect.poll(() => rowNames(page)).toEqual(['Ada Vale']);
      // The row that took its place.
      await untilFocused(conversation(nell, 'Ada Vale'));
      const kept = await (await apiOf(grace)).messageGroups.list.query({});
      expect(kept.items.map(({ message }) => message)).toEqual(['Still there?']);

      await sendMessage(grace, nell.handle, 'Did you get them?');
      await conversation(nell, 'Grace Holm').click();
      await message(nell, 'Did you get them?').waitFor();
      expect(await message(nell, 'The tide tables are here.').count()).toBe(0);
    });
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

describe('the keyboard', () => {
  let nell: TestUser;
  beforeAll(async () => {
    ({ nell } = await openList({}));
  });
  afterAll(() => nell?.context.close());

  it('opens the actions of a row, and returns the focus', async () => {
    const { page } = nell;
    const row = conversation(nell, 'Grace Holm');
    const menu = page.getByRole('menu', { name: 'Actions for Grace Holm' });
    for (const keys of ['ContextMenu', 'Shift+F10', 'Alt+Enter']) {
      await pressOn(row, keys);
      await pressEscape(menu);
      await untilFocused(row);
    }
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await untilFocused(menu);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await untilFocused(menu.getByRole('menuitem', { name: 'Pin to top' }));
    await page.keyboard.press('Enter');
    await expect.poll(() => signs(nell, 'Grace Holm')).toContain('Pinned');
  });

  it('chooses a filter with the arrow keys, and Tab leads on to the list', async () => {
    const { page } = nell;
    await pressOn(filter(nell, 'All'), 'ArrowRight');
    await expect.poll(() => rowNames(page)).toEqual(['Grace Holm']);
    expect(await hasFocus(filter(nell, 'Unread'))).toBe(true);
    await page.keyboard.press('Tab');
    await untilFocused(conversation(nell, 'Grace Holm'));
  });

  it('goes to what is unread', async () => {
    const { page } = nell;
    await filter(nell, 'All').check();
    await expect.poll(() => rowNames(page)).toEqual(['Grace Holm', 'Ada Vale']);
    // Ada's row is the last, and read.
    await page.keyboard.press('Alt+Shift+ArrowUp');
    await page.getByRole('heading', { level: 1, name: 'Grace Holm' }).waitFor();
  });
});
