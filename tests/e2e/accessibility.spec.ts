import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import type { Locator } from 'playwright-core';
import { describe, it } from 'vitest';
import { apiOf, createAccount } from './support/accounts.ts';
import { expectAccessible } from './support/axe.ts';
import { connectBrowser } from './support/browser.ts';
import { conversation, createPair, openGroup, sendMessage, visit, visitAs, visitAsSeeded } from './support/people.ts';
import { abortSends } from './support/requests.ts';
import { bubbles, clickInThread, composer, pressEscape, pressOn } from './support/thread.ts';

const THREAD = `/messages/${SEEDED_MESSAGE_GROUP_UUID}`;

const browser = await connectBrowser();
const guest = await visit(browser);
const andrew = await visitAsSeeded(browser, 'andrewbrown');

describe('axe finds nothing wrong with', () => {
  it.each(['/signin', '/signup', '/confirm', '/recover', '/nowhere'])('%s', async (path) => {
    await guest.page.goto(path);
    await guest.page.getByRole('heading', { level: 1 }).waitFor();
    await expectAccessible(guest.page);
  });

  it('a refused sign-in', async () => {
    const { page } = guest;
    await page.goto('/signin');
    await page.getByLabel('Handle or email').fill('andrewbrown');
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').waitFor();
    await expectAccessible(page);
  });

  it.each([
    ['/messages', 'Select a conversation'],
    ['/messages/new/nobody-of-this-name', 'No one has the handle'],
    ['/messages/new/andrewbrown', 'You can’t message yourself.'],
    ['/messages/00000000-0000-4000-8000-000000000000', 'Conversation not found.'],
    [THREAD, 'I will heat the iron. Both.'],
  ])('%s', async (path, words) => {
    await andrew.page.goto(path);
    await andrew.page.getByLabel('Conversation', { exact: true }).getByText(words).waitFor();
    await expectAccessible(andrew.page);
  });

  it('the thread on a phone', async () => {
    await andrew.page.setViewportSize({ width: 390, height: 844 });
    await andrew.page.getByRole('navigation', { name: 'Conversations' }).waitFor({ state: 'hidden' });
    await andrew.page.getByRole('log').getByText('I will heat the iron. Both.').waitFor();
    await expectAccessible(andrew.page);
    await andrew.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('the search in a conversation, also on a phone, where it is in place of the header', async () => {
    const { page } = andrew;
    await page.getByRole('button', { name: 'Search in this conversation' }).click();
    const part = page.getByRole('search', { name: 'Search in this conversation' });
    await page.keyboard.type('iron');
    await part.getByText(/^1 of /).waitFor();
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('link', { name: 'Back to your conversations' }).waitFor({ state: 'hidden' });
    await expectAccessible(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    await part.getByRole('searchbox').press('Escape');
    await part.waitFor({ state: 'detached' });
  });

  it('the person picker, the shortcuts and the account menu', async () => {
    const { page } = andrew;
    await composer(page).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Name or handle' }).fill('lo');
    await page.getByRole('option').first().waitFor();
    await expectAccessible(page);
    await pressEscape(page.getByRole('dialog'));
    await page.keyboard.press('Control+/');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await expectAccessible(page);
    await pressEscape(page.getByRole('dialog'));
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menu').waitFor();
    await expectAccessible(page);
    await pressEscape(page.getByRole('menu'));
  });

  it('the search above the list: people, messages, and nothing', async () => {
    const { page } = andrew;
    await page.goto(THREAD);
    const field = page.getByRole('combobox', { name: 'Search' });
    for (const [text, section] of [
      ['bayko', 'People'],
      ['iron', 'Messages'],
    ] as const) {
      await field.fill(text);
      await page.getByRole('group', { name: section }).getByRole('option').first().waitFor();
      await expectAccessible(page);
    }
    await field.fill('qzqzqz');
    await page.getByText('Nothing found for “qzqzqz”.').waitFor();
    await expectAccessible(page);
  });

  it('the emoji picker and the suggestions of shortcodes', async () => {
    const { page } = andrew;
    await page.goto(THREAD);
    await page.getByRole('button', { name: 'Emoji', exact: true }).click();
    const picker = page.getByRole('dialog', { name: 'Emoji' });
    await picker.getByRole('gridcell').first().waitFor();
    await expectAccessible(page);
    await pressEscape(picker);
    await composer(page).fill('Well done ');
    await composer(page).press('End');
    await page.keyboard.type(':tad');
    await page.getByRole('listbox').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await composer(page).fill('');
  });

  it('a request, the panel of a person, the report of a message, a blocked conversation, and the settings', async () => {
    const [one, other] = await Promise.all([createAccount('Ada Vale'), createAccount('Grace Holm')]);
    await (await apiOf(one)).users.updateSettings.mutate({ whoMayMessage: 'requests' });
    const group = await sendMessage(other, one.handle);
    const { page } = await visitAs(browser, one);
    await page.goto(`/messages/${group}`);
    const bar = page.getByRole('region', { name: 'Writing' });
    await bar.getByRole('button', { name: 'Accept' }).waitFor();
    await expectAccessible(page);
    await bar.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('button', { name: 'About Grace Holm' }).click();
    await page.getByRole('dialog', { name: 'Grace Holm' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Report…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Report Grace Holm' });
    await dialog.getByRole('radio', { name: 'Something else' }).check();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Send report' }).click();
    const sent = page.getByRole('dialog', { name: 'Report sent' });
    await sent.getByRole('button', { name: 'Block' }).waitFor();
    await expectAccessible(page);
    await sent.getByRole('button', { name: 'Block' }).click();
    await sent.getByText('You blocked Grace Holm.').waitFor();
    await sent.getByRole('button', { name: 'Done' }).click();
    await sent.waitFor({ state: 'detached' });
    await bar.getByRole('button', { name: 'Unblock' }).waitFor();
    await expectAccessible(page);
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Unblock Grace Holm' }).waitFor();
    await page.getByRole('radio', { name: 'Everyone', exact: true }).waitFor();
    await expectAccessible(page);
  });

  it('the menus, dialogs and requests of the list, also on a phone', async () => {
    const [nell, ada, grace] = await Promise.all(
      ['Nell Reyes', 'Ada Vale', 'Grace Holm'].map((name) => createAccount(name)),
    );
    if (!nell || !ada || !grace) throw new Error('three accounts were asked for');
    await sendMessage(nell, ada.handle);
    await (await apiOf(nell)).users.updateSettings.mutate({ whoMayMessage: 'requests' });
    await sendMessage(grace, nell.handle, 'You left your gloves.');
    const visitor = await visitAs(browser, nell);
    const { page } = visitor;
    await page.goto('/messages');
    const row = conversation(visitor, 'Ada Vale');
    const check = async (opened: Locator) => {
      await opened.waitFor();
      await expectAccessible(page);
      await pressEscape(opened);
    };
    const open = () => row.press('Shift+F10');
    const choose = (words: string) => page.getByRole('menuitem', { name: words }).click();
    await open();
    await check(page.getByRole('menu', { name: 'Actions for Ada Vale' }));
    await open();
    await choose('Mute…');
    await check(page.getByRole('menu', { name: 'Mute Ada Vale' }));
    await open();
    await choose('Clear…');
    await check(page.getByRole('alertdialog', { name: 'Clear your conversation with Ada Vale?' }));
    await open();
    await choose('Block…');
    await check(page.getByRole('alertdialog', { name: 'Block Ada Vale?' }));
    await open();
    await choose('Pin to top');
    await page.getByRole('status').getByText('Ada Vale is pinned').waitFor();
    await expectAccessible(page);

    await page.setViewportSize({ width: 390, height: 844 });
    await row.dispatchEvent('pointerdown', { pointerType: 'touch', isPrimary: true, pointerId: 7 });
    await check(page.getByRole('dialog', { name: 'Actions for Ada Vale' }));
    await page.getByRole('radio', { name: 'Requests (1)' }).check();
    const request = conversation(visitor, 'Grace Holm');
    await request.waitFor();
    await expectAccessible(page);
    await request.click();
    await page.getByRole('button', { name: 'Accept' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'About Grace Holm' }).click();
    await check(page.getByRole('dialog', { name: 'Grace Holm' }));
    await visitor.context.close();
  });

  it('reactions, and the choice of one', async () => {
    const [{ page }, grace] = await createPair(browser, ['Ada Vale', 'Grace Holm']);
    const { items } = await (await apiOf(grace)).messages.list.query({ messageGroupUuid: openGroup(grace) });
    for (const { uuid: messageUuid, messageGroupUuid, createdAt } of items) {
      const address = { messageGroupUuid, messageUuid, createdAt };
      await (await apiOf(grace)).messages.react.mutate({ ...address, emoji: '🎉', isOn: true });
    }
    await clickInThread(page.getByRole('button', { name: /reacted with/ }));
    await page.getByRole('button', { name: /You and Grace Holm reacted with/ }).hover();
    await expectAccessible(page);
    await clickInThread(page.getByRole('button', { name: 'Add a reaction' }));
    await page.getByRole('toolbar', { name: 'Quick reactions' }).waitFor();
    await expectAccessible(page);
  });

  it('the actions of a message, a reply and an edit with its earlier versions', async () => {
    const [ada] = await createPair(browser, ['Ada Vale', 'Grace Holm']);
    const { page } = ada;
    const bubble = bubbles(page).last();
    const closed = (role: 'menu' | 'toolbar' | 'dialog' | 'alertdialog') => pressEscape(page.getByRole(role));
    await pressOn(bubble, 'Enter');
    await page.getByRole('menu').waitFor();
    await expectAccessible(page);
    await closed('menu');
    await pressOn(bubble, '+');
    await page.getByRole('toolbar').waitFor();
    await expectAccessible(page);
    await closed('toolbar');
    await bubble.dispatchEvent('pointerdown', { pointerType: 'touch', isPrimary: true, pointerId: 7 });
    await page.getByRole('dialog', { name: 'Message actions' }).waitFor();
    await expectAccessible(page);
    await closed('dialog');
    await pressOn(bubble, 'r');
    await composer(page).fill(`Hello again!\n\`\`\`\nconst tides = [${'1.25, '.repeat(30)}];\n\`\`\``);
    await expectAccessible(page);
    await composer(page).press('Enter');
    await bubbles(page).filter({ hasText: 'Hello again!' }).and(page.locator('[data-state=message]')).waitFor();
    await composer(page).press('ArrowUp');
    await page.getByRole('textbox', { name: 'Edit message' }).fill('Hello once more!');
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await clickInThread(page.getByRole('button', { name: /^Edited/ }));
    await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    await expectAccessible(page);
    await closed('dialog');
    await pressOn(bubble, 'Delete');
    await page.getByRole('alertdialog').waitFor();
    await expectAccessible(page);
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await expectAccessible(page);
    await ada.context.close();
  });

  it('offline, too long and unsent messages', async () => {
    const { page } = andrew;
    await abortSends(page);
    await composer(page).fill('Will not go');
    await composer(page).press('Enter');
    await page.getByRole('log').getByText('Not sent yet.').waitFor();
    await andrew.context.setOffline(true);
    await composer(page).fill('x'.repeat(1030));
    await page.getByText('You’re offline.').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Delete' }).click();
  });
});
