import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOf, createAccount, type TestAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { conversation, sendMessage, signOut, type TestUser, visitAs } from './support/people.ts';
import { type PushedBrowser, pushedBrowser } from './support/pushes.ts';

const browser = await connectBrowser();

/** What the worker shows, and what a click does, is the subject of `tests/browsers/pushes.spec.ts`. */
describe('pushes to a browser', () => {
  let vera: TestUser;
  let wolf: TestAccount;
  let group: string;
  let pushed: PushedBrowser;

  beforeAll(async () => {
    const [one, other] = await Promise.all([createAccount('Vera Lock'), createAccount('Wolf Lock')]);
    [vera, wolf] = [await visitAs(browser, one, { serviceWorkers: 'allow' }), other];
    group = await sendMessage(wolf, vera.handle);
    pushed = await pushedBrowser(vera, await vera.context.newPage());
    await vera.page.goto('/settings');
  });
  afterAll(() => vera?.context.close());

  const devices = () => vera.page.getByRole('list', { name: 'Devices with notifications' }).getByRole('listitem');

  it('begin when the person switches notifications on, and settings list the browser', async () => {
    await expect.poll(() => vera.page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
    await vera.page.getByRole('switch', { name: 'Notifications' }).click();
    await devices().getByText('Chrome · Linux · This browser').waitFor();
    expect((await (await apiOf(vera)).devices.list.query({})).items).toMatchObject([{ name: 'Chrome · Linux' }]);
  });

  it('show a message while no page is open, and replace it by a newer one', async () => {
    await vera.page.close();
    await sendMessage(wolf, vera.handle, 'The *gate* opens at nine');
    await pushed.deliverMessage('The *gate* opens at nine');
    await expect.poll(() => pushed.shown()).toEqual([{ title: 'Wolf Lock', body: 'The gate opens at nine' }]);
    await sendMessage(wolf, vera.handle, 'No, at ten');
    await pushed.deliverMessage('No, at ten');
    await expect.poll(() => pushed.shown()).toEqual([{ title: 'Wolf Lock', body: 'No, at ten' }]);
  });

  it('close the notification when the message is read or deleted elsewhere', async () => {
    const { messageGroups } = await apiOf(vera);
    const { messages } = await apiOf(wolf);
    const send = async (text: string) => {
      const sent = await messages.create.mutate({ messageGroupUuid: group, message: text, clientMessageUuid: v7() });
      await pushed.deliverMessage(text);
      await expect.poll(() => pushed.shown()).toEqual([{ title: 'Wolf Lock', body: text }]);
      return sent;
    };
    const { createdAt } = await send('The water is high');
    await messageGroups.markRead.mutate({ messageGroupUuid: group, createdAt });
    await pushed.deliverClose(createdAt);
    await expect.poll(() => pushed.shown()).toEqual([]);
    const wrong = await send('Sent to the wrong lock');
    await messages.delete.mutate({ messageGroupUuid: group, messageUuid: wrong.uuid, createdAt: wrong.createdAt });
    await pushed.deliverClose(wrong.createdAt);
    await expect.poll(() => pushed.shown()).toEqual([]);
  });

  it('end with the session', async () => {
    await sendMessage(wolf, vera.handle, 'The gate is open');
    await pushed.deliverMessage('The gate is open');
    await expect.poll(() => pushed.shown()).toHaveLength(1);
    vera = { ...vera, page: await vera.context.newPage() };
    await vera.page.goto('/messages');
    await conversation(vera, 'Wolf Lock').waitFor();
    await signOut(vera);
    await vera.page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
    const { devices: api } = await apiOf(vera);
    await expect.poll(async () => (await api.list.query({})).items).toEqual([]);
    await expect.poll(() => vera.page.evaluate(() => localStorage.getItem('test:subscribed-with'))).toBeNull();
    // The next person at this browser must not read it.
    await expect.poll(() => pushed.shown()).toEqual([]);
  });
});
