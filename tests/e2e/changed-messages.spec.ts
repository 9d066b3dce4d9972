import type { Page } from 'playwright-core';
import { v7 } from 'uuid';
import { afterEach, describe, expect, it } from 'vitest';
import { apiOf } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { conversation, createPair, message, openGroup, type TestUser, visitAs, writeMany } from './support/people.ts';
import { startSecondInstance } from './support/second-instance.ts';
import { bubbles, composer, distanceFromEnd, hasFocus, pressOn, scrollThread, untilFocused } from './support/thread.ts';

// Ana changes her messages through the first instance, and Bo's page is served by the second one.

const [browser, second] = await Promise.all([connectBrowser(), startSecondInstance()]);
const [ana, bo] = await createPair(browser, ['Ana Quay', 'Bo Quay']);
const messageGroupUuid = openGroup(ana);
await second.serve(bo.context);
const [{ messages }, { messageGroups }] = await Promise.all([apiOf(ana), apiOf(bo)]);

afterEach(() => second.network.restore());

const write = async (text: string) => {
  const { uuid: messageUuid, createdAt } = await messages.create.mutate({
    message: text,
    clientMessageUuid: v7(),
    messageGroupUuid,
  });
  return { messageGroupUuid, messageUuid, createdAt };
};

/** Writes a message that Bo has read: his thread opens at its end. */
const writeRead = async (text: string) => {
  const address = await write(text);
  await messageGroups.markRead.mutate({ messageGroupUuid, createdAt: address.createdAt });
  return address;
};

const openThread = async () => {
  await bo.page.goto(`/messages/${messageGroupUuid}`);
  await bo.page.getByRole('log').waitFor();
};

describe('a message that its sender changes', () => {
  it('changes on the other person’s page, in the thread and in the list', async () => {
    await openThread();
    const address = await write('The tide is at nine');
    await message(bo, 'The tide is at nine').waitFor();
    await messages.edit.mutate({ ...address, message: 'The tide is at ten', revision: 0 });
    await message(bo, 'The tide is at ten').waitFor();
    const row = conversation(bo, 'Ana Quay');
    await row.getByText('The tide is at ten').waitFor();
    await messages.delete.mutate(address);
    await row.getByText('Message deleted').waitFor();
    await message(bo, 'The tide is at ten').waitFor({ state: 'detached' });
    await bo.page.reload();
    await row.getByText('Message deleted').waitFor();
  });

  it('is right when the page has caught up after an interruption, and the reader’s place stays', async () => {
    const early = await write('First crate');
    await writeMany(
      ana,
      messageGroupUuid,
      Array.from({ length: 70 }, (_, i) => `Crate ${i}`),
    );
    const late = await writeRead('Last crate');
    await openThread();
    await message(bo, 'Last crate').waitFor();
    await expect
      .poll(async () => {
        await scrollThread(bo.page, -2_000);
        return message(bo, 'First crate').isVisible();
      })
      .toBe(true);
    await expect.poll(() => distanceFromEnd(bo.page)).toBeGreaterThan(1_000);
    await second.network.cut();
    await messages.edit.mutate({ ...early, message: 'First barrel', revision: 0 });
    await messages.delete.mutate(late);
    await second.network.restore();
    await message(bo, 'First barrel').waitFor();
    expect(await message(bo, 'First barrel').isVisible()).toBe(true);
    await conversation(bo, 'Ana Quay').getByText('Message deleted').waitFor();
  });

  it('is not counted as unread once it is deleted', async () => {
    await writeRead('Zero');
    await bo.page.goto('/messages');
    const row = conversation(bo, 'Ana Quay');
    await row.waitFor();
    const [one, two] = [await write('One'), await write('Two')];
    await row.getByLabel('2 unread messages').waitFor();
    await messages.delete.mutate(one);
    await row.getByLabel('1 unread message').waitFor();
    await messages.delete.mutate(two);
    await row.getByLabel('unread message').waitFor({ state: 'detached' });
    await expect.poll(() => bo.page.title()).toBe('Messages · Cruddur');
  });

  it('is deleted even if its sender closes the page while the deletion can be undone', async () => {
    await openThread();
    const other = await visitAs(browser, ana);
    // The five seconds do not pass. A page cannot cancel what it has scheduled before its clock is replaced.
    await other.page.clock.setFixedTime(Date.now());
    await other.page.goto(`/messages/${messageGroupUuid}`);
    await writeRead('Nobody needs this');
    await Promise.all([bo, other].map((person) => message(person, 'Nobody needs this').waitFor()));
    await pressOn(bubbles(other.page).filter({ hasText: 'Nobody needs this' }), 'Delete');
    await other.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await other.page.getByRole('button', { name: 'Undo' }).waitFor();
    expect(await message(bo, 'Nobody needs this').isVisible()).toBe(true);
    await other.page.goto('about:blank');
    await message(bo, 'Nobody needs this').waitFor({ state: 'detached' });
    await other.context.close();
  });
});

describe('two people who reply, react, edit and delete at once', () => {
  const say = async (person: TestUser, text: string) => {
    const api = await apiOf(person);
    await api.messages.create.mutate({ message: text, clientMessageUuid: v7(), messageGroupUuid });
    await Promise.all([message(ana, text).waitFor(), message(bo, text).waitFor()]);
  };
  const bubble = (page: Page, text: string) =>
    bubbles(page).filter({ has: page.locator('[data-text]').getByText(text, { exact: true }) });
  const press = async (page: Page, text: string, key: string) => {
    await pressOn(bubble(page, text), key);
  };

  async function changeAll({ page, displayName }: TestUser, texts: { theirs: string; own: string; unwanted: string }) {
    await press(page, texts.theirs, '+');
    await page.getByRole('toolbar', { name: 'Quick reactions' }).getByRole('button', { name: 'thumbs up' }).click();
    await press(page, texts.own, 'e');
    const editor = page.getByRole('textbox', { name: 'Edit message' });
    await editor.fill(`${texts.own}, at noon`);
    await editor.press('Enter');
    await press(page, texts.unwanted, 'Delete');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    // The thread gets the focus a frame later, and would take it from the composer.
    await expect.poll(() => hasFocus(page.locator('[role=log], [role=log] *'))).toBe(true);
    await press(page, texts.theirs, 'r');
    await untilFocused(composer(page));
    await composer(page).fill(`${displayName} agrees`);
    await composer(page).press('Enter');
    await message({ page } as TestUser, `${displayName} agrees`).waitFor();
  }

  async function expectAll({ page }: TestUser, names: { ana: string; bo: string }) {
    const texts = page.getByRole('log').locator('[data-text]');
    await expect
      .poll(async () => (await texts.allTextContents()).slice(-4))
      .toEqual(['Load the crates, at noon', 'Sweep the deck, at noon', 'Ana Quay agrees', 'Bo Quay agrees']);
    const row = (text: string) =>
      page.locator('[data-view-key]').filter({ has: page.locator('[data-text]').getByText(text, { exact: true }) });
    await row('Load the crates, at noon')
      .getByRole('button', { name: `${names.bo} reacted with 👍 thumbs up` })
      .waitFor();
    await row('Sweep the deck, at noon')
      .getByRole('button', { name: `${names.ana} reacted with 👍 thumbs up` })
      .waitFor();
    await bubble(page, 'Ana Quay agrees').getByText('Sweep the deck, at noon').waitFor();
    await bubble(page, 'Bo Quay agrees').getByText('Load the crates, at noon').waitFor();
    await page.getByRole('button', { name: '2 messages deleted' }).waitFor();
  }

  it('see the same, although one of them is offline in between', async () => {
    await Promise.all([openThread(), ana.page.goto(`/messages/${messageGroupUuid}`)]);
    await say(ana, 'Load the crates');
    await say(bo, 'Sweep the deck');
    await say(ana, 'Wrong boat');
    await say(bo, 'Wrong harbour');
    await second.network.cut();
    await Promise.all([
      changeAll(ana, { theirs: 'Sweep the deck', own: 'Load the crates', unwanted: 'Wrong boat' }),
      changeAll(bo, { theirs: 'Load the crates', own: 'Sweep the deck', unwanted: 'Wrong harbour' }),
    ]);
    // Sent, so that Bo's reply comes after it.
    await bubble(ana.page, 'Ana Quay agrees').and(ana.page.locator('[data-state=message]')).waitFor();
    await second.network.restore();
    const anas = { ana: 'You', bo: 'Bo Quay' };
    const bos = { ana: 'Ana Quay', bo: 'You' };
    await Promise.all([expectAll(ana, anas), expectAll(bo, bos)]);
    await bo.page.reload();
    await expectAll(bo, bos);
  });
});
