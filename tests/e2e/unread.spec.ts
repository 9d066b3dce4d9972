import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { apiOf } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import {
  conversation,
  createPair,
  message,
  openGroup,
  type Visitor,
  visitAs,
  write,
  writeMany,
} from './support/people.ts';
import { distanceFromEnd, scrollThread, untilSeen, untilStill } from './support/thread.ts';

const browser = await connectBrowser();
const [una, vera] = await createPair(browser, ['Una Field', 'Vera Field']);

const badge = (visitor: Visitor, name: string | RegExp = /unread/) =>
  conversation(visitor, 'Vera Field').getByRole('img', { name });

describe('an unread message', () => {
  it('is counted in the list, and in the title, until the conversation is opened', async () => {
    await una.page.goto('/messages');
    await conversation(una, 'Vera Field').waitFor();
    await expect.poll(() => una.page.title()).toBe('Messages · Cruddur');
    await write(vera, 'Did you see the heron?');
    await badge(una, '1 unread message').waitFor();
    await expect.poll(() => una.page.title()).toBe('(1) Messages · Cruddur');
    for (const text of ['It stood on one leg.', 'For an hour.']) await write(vera, text);
    await badge(una, '3 unread messages').waitFor();
    await una.page.reload();
    await badge(una, '3 unread messages').waitFor();
    // The title counts conversations.
    await expect.poll(() => una.page.title()).toBe('(1) Messages · Cruddur');
    await conversation(una, 'Vera Field').click();
    await badge(una).waitFor({ state: 'detached' });
    await expect.poll(() => una.page.title()).toBe('Vera Field · Cruddur');
  });

  it('is neither the user’s own nor one that arrives in view', async () => {
    await write(una, 'Twice, on the pier.');
    // The row shows only the last message: wait for each.
    await message(vera, 'Twice, on the pier.').waitFor();
    await write(vera, 'Then it was not a statue.');
    await conversation(una, 'Vera Field').getByText('Then it was not a statue.').waitFor();
    await message(una, 'Then it was not a statue.').waitFor();
    await untilSeen(vera.page);
    // A slow page counts it for a moment, until it has noticed that it is in view.
    await badge(una).waitFor({ state: 'detached' });
    await una.page.goto('/messages');
    await conversation(una, 'Vera Field').waitFor();
    await expect.poll(() => una.page.title()).toBe('Messages · Cruddur');
  });

  it('is not one that was seen just before leaving the page', async () => {
    await conversation(una, 'Vera Field').click();
    await una.page.getByRole('log').waitFor();
    await write(vera, 'There it goes.');
    // The page knows what was read before: until then, it marks nothing.
    await untilSeen(vera.page);
    for (const text of ['Over the lake.', 'Gone.']) {
      await write(vera, text);
      await message(una, text).waitFor();
    }
    // The page learns some frames after drawing it that a message is in view.
    await untilStill(una.page);
    // Read markers are sent once a second, so the last one is still pending.
    await una.page.goto('about:blank');
    await untilSeen(vera.page);
    await una.page.goto('/messages');
    await conversation(una, 'Vera Field').waitFor();
    await badge(una).waitFor({ state: 'detached' });
  });

  it('is one that arrived below the view, until it is in view', async () => {
    const api = await apiOf(vera);
    const messageGroupUuid = openGroup(vera);
    const days = Array.from({ length: 30 }, (_, i) => `Heron, day ${i + 1}`);
    await writeMany(vera, messageGroupUuid, days);
    await una.page.goto(`/messages/${messageGroupUuid}`);
    await message(una, 'Heron, day 1').waitFor();
    await una.page.keyboard.press('Escape');
    await message(una, 'Heron, day 30').waitFor();
    await untilStill(una.page);
    await scrollThread(una.page, -900);
    await expect.poll(() => distanceFromEnd(una.page)).toBeGreaterThan(600);
    const { createdAt } = await api.messages.create.mutate({
      message: 'Day 31: it flew off.',
      clientMessageUuid: v7(),
      messageGroupUuid,
    });
    await una.page.getByRole('button', { name: '1 new message' }).waitFor();
    await badge(una, '1 unread message').waitFor();
    await expect.poll(() => una.page.title()).toBe('(1) Vera Field · Cruddur');
    const { uuid: unaUuid } = await api.users.short.query({ handle: una.handle });
    const hasRead = async () => {
      const { items } = await api.messageGroups.readMarkers.query({ messageGroupUuid });
      return items.some(({ userUuid, readAt }) => userUuid === unaUuid && readAt >= createdAt);
    };
    expect(await hasRead()).toBe(false);
    await una.page.getByRole('button', { name: '1 new message' }).click();
    await badge(una).waitFor({ state: 'detached' });
    await expect.poll(() => una.page.title()).toBe('Vera Field · Cruddur');
    await expect.poll(hasRead).toBe(true);

    // A link to an old message leads above messages that are not new.
    const { items } = await api.messages.list.query({ messageGroupUuid });
    await una.page.goto(`/messages/${messageGroupUuid}?at=${items[0]?.createdAt}`);
    await una.page.getByRole('button', { name: 'Go to the newest message' }).waitFor();
    await una.page.goto('/messages');
    await conversation(una, 'Vera Field').waitFor();
  });

  it('becomes read on all of a user’s devices', async () => {
    const elsewhere = await visitAs(browser, una);
    await elsewhere.page.goto('/messages');
    await conversation(elsewhere, 'Vera Field').waitFor();
    await write(vera, 'It has come back.');
    await badge(una, '1 unread message').waitFor();
    await badge(elsewhere, '1 unread message').waitFor();
    await conversation(elsewhere, 'Vera Field').click();
    await badge(una).waitFor({ state: 'detached' });
    await expect.poll(() => una.page.title()).toBe('Messages · Cruddur');
    await elsewhere.context.close();
  });
});
