import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { conversation, message, sendMessage, type Visitor, visitAs } from './support/people.ts';
import { hasFocus } from './support/thread.ts';

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
