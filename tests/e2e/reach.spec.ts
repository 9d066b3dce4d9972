import { randomUUID } from 'node:crypto';
import { createClock, suspendPerson } from '@cruddur/ddb';
import type { Locator, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOf, createAccount, type TestAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import {
  conversation,
  createPair,
  message,
  openGroup,
  sendMessage,
  type TestUser,
  visitAs,
  writeMany,
} from './support/people.ts';
import { holdCalls } from './support/requests.ts';
import { withTable } from './support/table.ts';
import {
  bubbles,
  clickInThread,
  clickToolbar,
  closeDialog,
  composer,
  expectLastBubbles,
  pressOn,
  untilAnswered,
  untilFocused,
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

const filter = ({ page }: TestUser, name: string): Locator => page.getByRole('radio', { name });

/** Lets the server refuse a procedure. */
async function refuse(page: Page, procedure: string): Promise<void> {
  const data = { code: 'BAD_REQUEST', httpStatus: 400, reason: 'input_invalid' };
  const json = { error: { message: 'no', code: -32600, data } };
  await page.route(`**/trpc/${procedure}`, (route) => route.fulfill({ status: 400, json }));
}

/** Suspends a person, as moderators do. */
async function suspend(account: TestAccount): Promise<void> {
  const { uuid } = await (await apiOf(account)).users.me.query();
  const moderator = { by: 'ops', reason: 'Sells lamps to strangers' };
  await withTable((table) =>
    suspendPerson({ ...table, clock: createClock(), newUuid: randomUUID }, { ...account, uuid }, moderator),
  );
}

/** Someone who takes messages of new people as requests. */
async function createAda(options = {}): Promise<TestUser> {
  const account = await createAccount('Ada Vale');
  await (await apiOf(account)).users.updateSettings.mutate({ whoMayMessage: 'requests' });
  return visitAs(browser, account, options);
}

/** Sends a person a request with these messages, and opens it on the person's page. */
async function sendRequest(ada: TestUser, texts: string[]): Promise<{ sender: TestAccount; group: string }> {
  const sender = await createAccount('Grace Holm');
  const [first = '', ...rest] = texts;
  const group = await sendMessage(sender, ada.handle, first);
  await writeMany(sender, group, rest);
  await openRequest(ada, group, texts);
  return { sender, group };
}

async function openRequest(person: TestUser, group: string, texts: string[]): Promise<void> {
  await person.page.goto(`/messages/${group}`);
  await message(person, texts.at(-1) ?? '').waitFor();
}

/** Waits for a toast, which is soon gone, and returns whether it covers the last message. Call it before what shows it. */
async function coversMessages({ page }: TestUser, words: string): Promise<boolean> {
  const covers = await page.waitForFunction((text) => {
    const toast = [...document.querySelectorAll('[role=main] [role=status]')].find(
      ({ textContent }) => textContent === text,
    );
    const last = [...document.querySelectorAll('[role=log] [data-testid=message]')].at(-1);
    const [above, below] = [toast?.getBoundingClientRect(), last?.getBoundingClientRect()];
    return above && below ? { value: above.bottom > below.top && above.top < below.bottom } : null;
  }, words);
  return (await covers.jsonValue())?.value ?? true;
}

const closeAll = (people: TestUser[] = []) => Promise.all(people.map(({ context }) => context.close()));

/** Sends a message with the button: on a phone, Enter breaks the line. */
async function send({ page }: TestUser, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

/** Reports for another reason than those named, in the open dialog. Returns what follows. */
async function sendReport({ page }: TestUser): Promise<Locator> {
  await page.getByRole('dialog').getByRole('radio', { name: 'Something else' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Send report' }).click();
  return page.getByRole('dialog', { name: 'Report sent' });
}

// Each test continues where the last one ended.
describe.each([
  ['a wide page', {}],
  ['a phone', PHONE],
])('on %s', (width, options) => {
  describe('a person in a conversation', () => {
    let pair: [TestUser, TestUser];
    beforeAll(async () => {
      pair = await createPair(browser, ['Ada Vale', 'Grace Holm'], options);
    });
    afterAll(() => closeAll(pair));

    it('blocks a person, who is not told why nothing arrives, and unblocks them', async () => {
      const [ada, grace] = pair;
      await composer(ada.page).fill('half a thought');
      await choose(ada, 'Grace Holm', 'Block…');
      const question = ada.page.getByRole('alertdialog', { name: 'Block Grace Holm?' });
      const block = () => question.getByRole('button', { name: 'Block' }).click();
      // A page that reads the conversation after the block has no composer.
      const release = await holdCalls(grace.page, 'messages.create');
      await send(grace, 'Are you there?');
      const [isCovered] = await Promise.all([
        coversMessages(ada, 'You blocked Grace Holm'),
        untilAnswered(ada.page, 'users.block', block),
      ]);
      // On a wide page there is room next to most messages.
      if (options === PHONE) expect(isCovered).toBe(false);
      await bar(ada).getByText('You blocked Grace Holm').waitFor();
      await message(ada, 'Hello!').waitFor();

      release();
      await grace.page.getByText('Not sent. You can’t message this person.').waitFor();
      await grace.page.reload();
      await bar(grace).getByText('You can’t message this person.').waitFor();
      await message(grace, 'Are you there?').waitFor();

      await Promise.all([
        ada.page.getByText('You unblocked Grace Holm').waitFor(),
        bar(ada).getByRole('button', { name: 'Unblock' }).click(),
      ]);
      await expect.poll(() => composer(ada.page).inputValue()).toBe('half a thought');
      await send(ada, 'I am here');
      await message(grace, 'I am here').waitFor();
      await grace.page.reload();
      await composer(grace.page).waitFor();
      await clickInThread(grace.page.getByRole('log').getByRole('button', { name: 'Try again' }));
      await message(ada, 'Are you there?').waitFor();
    });

    it('mutes, pins and clears with the panel of the header, and a cleared conversation returns with the next message', async () => {
      const [ada, grace] = pair;
      await openPanel(ada, 'Grace Holm');
      await panel(ada).getByRole('button', { name: 'Mute…' }).click();
      await panel(ada).getByRole('heading', { name: 'Mute Grace Holm' }).waitFor();
      await panel(ada).getByRole('button', { name: 'For 8 hours' }).click();
      await openPanel(ada, 'Grace Holm');
      await panel(ada).getByRole('button', { name: 'Unmute' }).waitFor();
      await panel(ada).getByRole('button', { name: 'Clear…' }).click();
      const clear = ada.page.getByRole('alertdialog').getByRole('button', { name: 'Clear' });
      await untilAnswered(ada.page, 'messageGroups.clear', () => clear.click());
      await expect.poll(() => bubbles(ada.page).count()).toBe(0);
      await ada.page.getByText('You removed the earlier messages.').waitFor();
      await message(grace, 'Hello!').waitFor();
      await send(grace, 'Good morning');
      await message(ada, 'Good morning').waitFor();
      await ada.page.reload();
      await message(ada, 'Good morning').waitFor();
      await expect.poll(() => bubbles(ada.page).count()).toBe(1);
    });
  });

  describe('a person who takes requests', () => {
    let ada: TestUser;
    beforeAll(async () => {
      ada = await createAda(options);
    });
    afterAll(() => closeAll([ada]));

    it('shows a request, whose sender waits after three messages and learns that it is accepted', async () => {
      const texts = ['Are you Ada?', 'I found your umbrella: https://example.com/lost', 'It is blue'];
      const { sender, group } = await sendRequest(ada, texts);
      const grace = await visitAs(browser, sender, options);
      await openRequest(grace, group, texts);
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
      await closeAll([grace]);
    });

    it('reports the newest message of a request, then blocks the person', async () => {
      await sendRequest(ada, ['Buy lamps', 'Cheap lamps']);
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
      // The button that opened the dialog is gone.
      if (width === 'a wide page') await untilFocused(bar(ada));
      await expect.poll(() => bubbles(ada.page).count()).toBe(0);
      await ada.page.getByText('You removed the earlier messages.', { exact: true }).waitFor();
    });

    it('deletes a request and leaves it, also if the server refuses at first; the sender sees no difference', async () => {
      const { sender, group } = await sendRequest(ada, ['Hello stranger']);
      const grace = await visitAs(browser, sender, options);
      await openRequest(grace, group, ['Hello stranger']);
      await refuse(ada.page, 'messageGroups.decline');
      // The toast is soon gone.
      await Promise.all([
        ada.page.getByRole('status').getByText('Couldn’t delete Grace Holm’s request.').waitFor(),
        bar(ada).getByRole('button', { name: 'Delete' }).click(),
      ]);
      await ada.page.waitForURL(/\/messages$/);
      await untilFocused(filter(ada, 'All'));
      await ada.page.unrouteAll({ behavior: 'wait' });

      await filter(ada, 'Requests (1)').check();
      await conversation(ada, 'Grace Holm').click();
      const remove = bar(ada).getByRole('button', { name: 'Delete' });
      await untilAnswered(ada.page, 'messageGroups.decline', () => remove.click());
      // The list that it was opened from.
      await ada.page.getByText('No requests.').waitFor();

      await untilAnswered(grace.page, 'messages.create', () => send(grace, 'Are you there?'));
      await expectLastBubbles(grace.page, ['message: Hello stranger', 'message: Are you there?']);
      await grace.page.reload();
      await expectLastBubbles(grace.page, ['message: Hello stranger', 'message: Are you there?']);
      await composer(grace.page).waitFor();
      await ada.page.reload();
      await ada.page.getByText('No requests.').waitFor();
      await closeAll([grace]);
    });
  });
});

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
  await closeAll([grace]);
});

describe('a person who takes requests', () => {
  let ada: TestUser;
  beforeAll(async () => {
    ada = await createAda();
  });
  afterAll(() => closeAll([ada]));

  it('reports a request, then clears it and leaves it', async () => {
    await sendRequest(ada, ['Buy lamps']);
    await bar(ada).getByRole('button', { name: 'Report' }).click();
    await sendReport(ada);
    // The toast is soon gone.
    await Promise.all([
      ada.page.getByRole('status').getByText('Conversation cleared').waitFor(),
      ada.page.getByRole('button', { name: 'Clear conversation' }).click(),
    ]);
    await ada.page.waitForURL(/\/messages$/);
    await untilFocused(filter(ada, 'All'));
    expect(await ada.page.getByRole('dialog').count()).toBe(0);
    await filter(ada, 'Requests').check();
    await ada.page.getByText('No requests.').waitFor();
  });

  it('accepts a request from two devices at once', async () => {
    const { sender } = await sendRequest(ada, ['Are you Ada?']);
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
    await message(ada, 'I am').waitFor();
    const { items } = await (await apiOf(sender)).messages.list.query({ messageGroupUuid: openGroup(ada) });
    expect(items.map((item) => item.message)).toEqual(['Are you Ada?', 'I am']);
    await closeAll([tablet]);
  });
});

// Each test continues where the last one ended.
describe('a person in a conversation', () => {
  let pair: [TestUser, TestUser];
  beforeAll(async () => {
    pair = await createPair(browser, ['Ada Vale', 'Grace Holm']);
  });
  afterAll(() => closeAll(pair));

  it('opens the panel with the keyboard, which gets the focus back', async () => {
    const [{ page }] = pair;
    const about = page.getByRole('button', { name: 'About Grace Holm' });
    await about.press('Enter');
    await page.getByRole('dialog', { name: 'Grace Holm' }).waitFor();
    await closeDialog(page, about);
    await about.press('Enter');
    await pressOn(page.getByRole('dialog').getByRole('button', { name: 'Report…' }), 'Enter');
    const dialog = page.getByRole('dialog', { name: 'Report Grace Holm' });
    await untilFocused(dialog.getByRole('radio', { name: 'Spam or fraud' }));
    await closeDialog(page, about);
  });

  it('refuses an edit and a reaction after the other person’s block, and keeps the text', async () => {
    const [ada, grace] = pair;
    const { page } = grace;
    // A message shows Grace’s page that it can write again.
    const unblock = async (text: string) => {
      await (await apiOf(ada)).users.unblock.mutate({ handle: grace.handle });
      await send(ada, text);
      await message(grace, text).waitFor();
    };
    await send(grace, 'Good evening');
    await expectLastBubbles(page, ['message: Good evening']);

    const releaseEdit = await holdCalls(page, 'messages.edit');
    await composer(page).press('ArrowUp');
    await page.getByRole('textbox', { name: 'Edit message' }).fill('Good night');
    await page.keyboard.press('Enter');
    await (await apiOf(ada)).users.block.mutate({ handle: grace.handle });
    releaseEdit();
    await page.getByText('Edit not saved. You can’t message this person.').waitFor();
    await page.getByText('“Good night”').waitFor();
    await clickInThread(page.getByRole('button', { name: 'Discard' }));
    await message(grace, 'Good evening').waitFor();

    // The refusal has shown that nothing can be done here.
    await unblock('Good morning');
    const releaseReaction = await holdCalls(page, 'messages.react');
    await clickToolbar(bubbles(page).filter({ hasText: 'Hello!' }), 'React');
    await page.getByRole('toolbar', { name: 'Quick reactions' }).getByRole('button').first().click();
    await (await apiOf(ada)).users.block.mutate({ handle: grace.handle });
    releaseReaction();
    await page.getByText('Your reaction was not saved. You can’t message this person.').waitFor();
    await page.getByRole('button', { name: /reacted with/ }).waitFor({ state: 'detached' });
    const { items } = await (await apiOf(ada)).messages.list.query({ messageGroupUuid: openGroup(ada) });
    expect(items.map(({ message, reactions }) => [message, reactions])).toEqual([
      ['Hello!', []],
      ['Good evening', []],
      ['Good morning', []],
    ]);
    await unblock('Good day');
  });

  it('reports a message from its menu, and then clears the conversation', async () => {
    const [ada, grace] = pair;
    await send(grace, 'Buy lamps');
    await message(ada, 'Buy lamps').waitFor();
    await clickToolbar(bubbles(ada.page).filter({ hasText: 'Buy lamps' }), 'More actions');
    await ada.page.getByRole('menuitem', { name: 'Report…' }).click();
    await ada.page.getByRole('dialog', { name: 'Report this message' }).waitFor();
    const sent = await sendReport(ada);
    await sent.getByRole('button', { name: 'Clear conversation' }).click();
    await sent.getByText('The conversation is cleared.').waitFor();
    await sent.getByRole('button', { name: 'Done' }).click();
    await sent.waitFor({ state: 'detached' });
    await expect.poll(() => bubbles(ada.page).count()).toBe(0);
    // The message that it was opened from is gone.
    await untilFocused(composer(ada.page));
  });

  it('lets a suspended person read, and says why nothing of theirs is sent', async () => {
    const [ada, grace] = pair;
    const release = await holdCalls(ada.page, 'messages.create');
    await send(ada, 'More lamps');
    await suspend(ada);
    release();
    await bar(ada).getByText('Your account is suspended.').waitFor();
    await ada.page.getByText('Not sent. Your account can’t send messages at the moment.').waitFor();
    await send(grace, 'Are you there?');
    await message(ada, 'Are you there?').waitFor();
    expect(await message(grace, 'More lamps').count()).toBe(0);
    await ada.page.goto('/settings');
    await ada.page.getByRole('alert').getByText('Your account is suspended.').waitFor();
  });
});
