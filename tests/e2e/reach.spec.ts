import type { Locator, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { apiOf, createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { createPair, message, sendMessage, type TestUser, visitAs, writeMany } from './support/people.ts';
import {
  bubbles,
  clickInThread,
  clickToolbar,
  closeDialog,
  composer,
  hasFocus,
  untilAnswered,
} from './support/thread.ts';

const browser = await connectBrowser();
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** What is in the composer's place. */
const bar = ({ page }: TestUser): Locator => page.getByRole('region', { name: 'Writing' });
const panel = ({ page }: TestUser): Locator => page.getByRole('dialog');

/** Opens the panel with the other person's name. */
async function openPanel(person: TestUser, name: string): Promise<void> {
  await person.page.getByRole('button', { name: `About ${name}` }).click();
  await panel(person).getByRole('heading', { name }).waitFor();
}

async function choose(person: TestUser, name: string, action: string): Promise<void> {
  await openPanel(person, name);
  await panel(person).getByRole('button', { name: action, exact: true }).click();
}

/** Two people, of whom the second has sent the first a request with these messages. */
async function createRequest(texts: string[], options = {}): Promise<{ ada: TestUser; grace: TestUser }> {
  const [one, other] = await Promise.all([createAccount('Ada Vale'), createAccount('Grace Holm')]);
  await (await apiOf(one)).users.updateSettings.mutate({ whoMayMessage: 'requests' });
  const [first = '', ...rest] = texts;
  const group = await sendMessage(other, one.handle, first);
  await writeMany(other, group, rest);
  const [ada, grace] = await Promise.all([visitAs(browser, one, options), visitAs(browser, other, options)]);
  await Promise.all([ada.page.goto(`/messages/${group}`), grace.page.goto(`/messages/${group}`)]);
  await Promise.all([message(ada, texts.at(-1) ?? '').waitFor(), message(grace, texts.at(-1) ?? '').waitFor()]);
  return { ada, grace };
}

/** Sends a message with the button: on a phone, Enter breaks the line. */
async function send({ page }: TestUser, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

describe.each([
  ['a wide page', {}],
  ['a phone', PHONE],
])('on %s', (_width, options) => {
  it('blocks a person, who is not told why nothing arrives, and unblocks them', async () => {
    const [ada, grace] = await createPair(browser, ['Ada Vale', 'Grace Holm'], options);
    await composer(ada.page).fill('half a thought');
    await choose(ada, 'Grace Holm', 'Block…');
    const question = ada.page.getByRole('alertdialog', { name: 'Block Grace Holm?' });
    await untilAnswered(ada.page, 'users.block', () => question.getByRole('button', { name: 'Block' }).click());
    await bar(ada).getByText('You blocked Grace Holm').waitFor();
    await message(ada, 'Hello!').waitFor();

    await send(grace, 'Are you there?');
    await grace.page.getByText('Not sent. You can’t message this person.').waitFor();
    await grace.page.reload();
    await bar(grace).getByText('You can’t message this person.').waitFor();
    await message(grace, 'Are you there?').waitFor();

    await bar(ada).getByRole('button', { name: 'Unblock' }).click();
    await expect.poll(() => composer(ada.page).inputValue()).toBe('half a thought');
    await send(ada, 'I am here');
    await message(grace, 'I am here').waitFor();
    await grace.page.reload();
    await composer(grace.page).waitFor();
    await clickInThread(grace.page.getByRole('log').getByRole('button', { name: 'Try again' }));
    await message(ada, 'Are you there?').waitFor();
  });

  it('shows a request, whose sender waits after three messages and learns that it is accepted', async () => {
    const texts = ['Are you Ada?', 'I found your umbrella: https://example.com/lost', 'It is blue'];
    const { ada, grace } = await createRequest(texts, options);
    await bar(ada).getByText('They can’t see whether you’ve read this.').waitFor();
    await message(ada, texts[1] ?? '').waitFor();
    expect(await ada.page.getByRole('log').getByRole('link').count()).toBe(0);
    await grace.page.getByRole('log').getByRole('link').waitFor();
    await bar(grace).getByText('You can write more once they accept.').waitFor();

    await bar(ada).getByRole('button', { name: 'Accept' }).click();
    await composer(ada.page).waitFor();
    await ada.page.getByRole('log').getByRole('link').waitFor();
    await composer(grace.page).waitFor();
    await send(ada, 'I am, and it is mine');
    await message(grace, 'I am, and it is mine').waitFor();
  });

  it('reports the newest message of a request, then blocks the person', async () => {
    const { ada } = await createRequest(['Buy lamps', 'Cheap lamps'], options);
    await bar(ada).getByRole('button', { name: 'Report' }).click();
    const dialog = ada.page.getByRole('dialog', { name: 'Report Grace Holm' });
    await dialog.getByRole('radio', { name: 'Spam or fraud' }).check();
    await dialog.getByRole('textbox', { name: 'Note (optional)' }).fill('The third shop this week');
    await dialog.getByRole('button', { name: 'Send report' }).click();
    const sent = ada.page.getByRole('dialog', { name: 'Report sent' });
    await sent.getByRole('button', { name: 'Block' }).click();
    await sent.getByText('You blocked Grace Holm.').waitFor();
    await sent.getByRole('button', { name: 'Done' }).click();
    await sent.waitFor({ state: 'detached' });
    await bar(ada).getByText('You blocked Grace Holm').waitFor();
    await expect.poll(() => bubbles(ada.page).count()).toBe(0);
    await ada.page.getByText('No messages.', { exact: true }).waitFor();
  });

  it('deletes a request, and leaves it', async () => {
    const { ada } = await createRequest(['Hello stranger'], options);
    await bar(ada).getByRole('button', { name: 'Delete' }).click();
    await ada.page.waitForURL(/\/messages$/);
  });

  it('mutes, pins and clears with the panel of the header, and a cleared conversation returns with the next message', async () => {
    const [ada, grace] = await createPair(browser, ['Ada Vale', 'Grace Holm'], options);
    await openPanel(ada, 'Grace Holm');
    await panel(ada).getByRole('button', { name: 'Mute…' }).click();
    await ada.page.getByText('For 8 hours').click();
    await openPanel(ada, 'Grace Holm');
    await panel(ada).getByRole('button', { name: 'Unmute' }).waitFor();
    await panel(ada).getByRole('button', { name: 'Clear…' }).click();
    const clear = ada.page.getByRole('alertdialog').getByRole('button', { name: 'Clear' });
    await untilAnswered(ada.page, 'messageGroups.clear', () => clear.click());
    await expect.poll(() => bubbles(ada.page).count()).toBe(0);
    await message(grace, 'Hello!').waitFor();
    await send(grace, 'Good morning');
    await message(ada, 'Good morning').waitFor();
    await ada.page.reload();
    await message(ada, 'Good morning').waitFor();
    expect(await bubbles(ada.page).count()).toBe(1);
  });
});

describe('reach', () => {
  it('keeps the text of a first message to someone who takes none, and does not say why', async () => {
    const [one, other] = await Promise.all([createAccount('Ada Vale'), createAccount('Grace Holm')]);
    await (await apiOf(one)).users.updateSettings.mutate({ whoMayMessage: 'nobody' });
    const grace = await visitAs(browser, other);
    await grace.page.goto(`/messages/new/${one.handle}`);
    await send(grace, 'Good evening');
    await grace.page.getByText('Not sent. You can’t message this person.').waitFor();
    await grace.page.reload();
    await message(grace, 'Good evening').waitFor();
    await grace.page.getByText('Not sent. You can’t message this person.').waitFor();
  });

  it('accepts a request from two devices at once', async () => {
    const { ada, grace } = await createRequest(['Are you Ada?']);
    const tablet = await visitAs(browser, ada);
    await tablet.page.goto(ada.page.url());
    await bar(tablet).waitFor();
    const held: Route[] = [];
    for (const device of [ada, tablet]) {
      // Otherwise the first answer may take the button away before the other device has chosen.
      await device.page.route(/messageGroups\.accept/, async (route) => {
        if (held.push(route) === 2) await Promise.all(held.map((each) => each.continue()));
      });
      await bar(device).getByRole('button', { name: 'Accept' }).click();
    }
    await Promise.all([ada, tablet].map(({ page }) => composer(page).waitFor()));
    await send(tablet, 'I am');
    await Promise.all([ada, grace].map((person) => message(person, 'I am').waitFor()));
  });

  it('reports a message from its menu, and then clears the conversation', async () => {
    const [ada, grace] = await createPair(browser, ['Ada Vale', 'Grace Holm']);
    await send(grace, 'Buy lamps');
    await message(ada, 'Buy lamps').waitFor();
    await clickToolbar(bubbles(ada.page).filter({ hasText: 'Buy lamps' }), 'More actions');
    await ada.page.getByRole('menuitem', { name: 'Report…' }).click();
    const dialog = ada.page.getByRole('dialog', { name: 'Report this message' });
    await dialog.getByRole('radio', { name: 'Something else' }).check();
    await dialog.getByRole('button', { name: 'Send report' }).click();
    const sent = ada.page.getByRole('dialog', { name: 'Report sent' });
    await sent.getByRole('button', { name: 'Clear conversation' }).click();
    await sent.getByText('The conversation is cleared.').waitFor();
    await sent.getByRole('button', { name: 'Done' }).click();
    await sent.waitFor({ state: 'detached' });
    await expect.poll(() => bubbles(ada.page).count()).toBe(0);
  });

  it('opens the panel with the keyboard, which gets the focus back', async () => {
    const [{ page }] = await createPair(browser, ['Ada Vale', 'Grace Holm']);
    const about = page.getByRole('button', { name: 'About Grace Holm' });
    await about.press('Enter');
    await page.getByRole('dialog', { name: 'Grace Holm' }).waitFor();
    await closeDialog(page, about);
    await about.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Report…' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Report Grace Holm' });
    await expect.poll(() => hasFocus(dialog.getByRole('radio', { name: 'Spam or fraud' }))).toBe(true);
    await closeDialog(page, about);
  });
});
