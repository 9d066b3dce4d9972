import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { apiOf, createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { conversation, createPair, message, sendMessage, write } from './support/people.ts';
import { pressEscape } from './support/thread.ts';

// A headless browser shows no notifications, so the page's calls are recorded.
const RECORDED_NOTIFICATIONS = `
  window.recorded = { requested: 0, shown: [], closed: [] };
  window.Notification = class {
    static permission = 'default';
    static async requestPermission() {
      window.recorded.requested++;
      return (this.permission = 'granted');
    }
    constructor(title, options) {
      this.body = options.body;
      window.recorded.shown.push({ title, body: options.body });
      window.recorded.last = this;
    }
    close() {
      window.recorded.closed.push(this.body);
    }
  };
`;

interface Recorded {
  requested: number;
  shown: { title: string; body: string }[];
}

const browser = await connectBrowser();
const [nia, olga] = await createPair(browser, ['Nia Ferry', 'Olga Ferry']);
await nia.context.addInitScript(RECORDED_NOTIFICATIONS);
await nia.page.goto('/messages');
await conversation(nia, 'Olga Ferry').waitFor();

const recorded = () => nia.page.evaluate<Recorded>('({ requested: recorded.requested, shown: recorded.shown })');
const menuItem = () => nia.page.getByRole('menuitemcheckbox', { name: 'Notifications' });
const FIRST = { title: 'Olga Ferry', body: 'The boat leaves at six' };

describe('notifications', () => {
  it('are requested only on a click', async () => {
    await write(olga, 'Before the click');
    await conversation(nia, 'Olga Ferry').getByText('Before the click').waitFor();
    await nia.page.getByRole('button', { name: 'Account' }).click();
    await menuItem().waitFor();
    expect(await recorded()).toEqual({ requested: 0, shown: [] });
    expect(await menuItem().getAttribute('aria-checked')).toBe('false');
    const height = async () => (await menuItem().boundingBox())?.height;
    const before = await height();
    await menuItem().click();
    await expect.poll(() => menuItem().getAttribute('aria-checked')).toBe('true');
    expect((await recorded()).requested).toBe(1);
    // The menu does not move under the pointer.
    expect(await height()).toBe(before);
    await pressEscape(nia.page.getByRole('menu'));
  });

  it('show messages of a conversation that is not in view, and open it', async () => {
    await write(olga, FIRST.body);
    await expect.poll(async () => (await recorded()).shown).toEqual([FIRST]);
    await nia.page.evaluate('recorded.last.onclick()');
    await message(nia, FIRST.body).waitFor();
  });

  it('are not shown for the conversation in view', async () => {
    await write(olga, 'From the other pier');
    await message(nia, 'From the other pier').waitFor();
    // Notifications are in order, so this one proves that there was none before.
    const pia = await createAccount('Pia Ferry');
    await sendMessage(pia, nia.handle, 'From the third pier');
    await expect
      .poll(async () => (await recorded()).shown)
      .toEqual([FIRST, { title: 'Pia Ferry', body: 'From the third pier' }]);
  });

  it('are not shown for a muted conversation or a request', async () => {
    const [quinn, remy, sam] = await Promise.all([
      createAccount('Quinn Ferry'),
      createAccount('Remy Ferry'),
      createAccount('Sam Ferry'),
    ]);
    // On another device.
    const { messageGroups, users } = await apiOf(nia);
    const muted = await sendMessage(quinn, nia.handle, 'From the quiet pier');
    await expect.poll(async () => (await recorded()).shown.at(-1)?.title).toBe('Quinn Ferry');
    await messageGroups.update.mutate({ messageGroupUuid: muted, mutedUntil: 'always' });
    await conversation(nia, 'Quinn Ferry')
      .getByRole('img', { name: /^Muted/ })
      .waitFor();
    await users.updateSettings.mutate({ whoMayMessage: 'requests' });
    const before = (await recorded()).shown.length;
    await sendMessage(quinn, nia.handle, 'From the quiet pier again');
    await sendMessage(remy, nia.handle, 'From the far pier');
    await conversation(nia, 'Quinn Ferry').getByText('From the quiet pier again').waitFor();
    // Notifications are in order, so this one proves that there were none before.
    await users.updateSettings.mutate({ whoMayMessage: 'everyone' });
    await sendMessage(sam, nia.handle, 'From the near pier');
    await expect.poll(async () => (await recorded()).shown.at(-1)?.body).toBe('From the near pier');
    expect((await recorded()).shown).toHaveLength(before + 1);
    expect(await conversation(nia, 'Remy Ferry').count()).toBe(0);
  });

  it('are closed when their message is deleted, and an edit does not ring', async () => {
    const { messages } = await apiOf(await createAccount('Rio Ferry'));
    const sent = await messages.create.mutate({
      handle: nia.handle,
      message: 'From the wrong pier',
      clientMessageUuid: v7(),
    });
    const shown = async () => (await recorded()).shown.map(({ body }) => body);
    await expect.poll(async () => (await shown()).at(-1)).toBe('From the wrong pier');
    const before = await shown();
    const address = {
      messageGroupUuid: sent.messageGroupUuid,
      messageUuid: sent.uuid,
      createdAt: sent.createdAt,
    };
    await messages.edit.mutate({ ...address, message: 'From the right pier', revision: 0 });
    await conversation(nia, 'Rio Ferry').getByText('From the right pier').waitFor();
    await messages.delete.mutate(address);
    await expect.poll(() => nia.page.evaluate<string[]>('recorded.closed')).toContain('From the wrong pier');
    expect(await shown()).toEqual(before);
  });
});
