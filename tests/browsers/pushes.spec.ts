import { formatPushPayload, type PushPayload } from '@cruddur/config/push-payload';
import type { Page } from 'playwright-core';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOf, createAccount, type TestAccount } from '../e2e/support/accounts.ts';
import { message, sendMessage } from '../e2e/support/people.ts';
import { sharedStack } from '../e2e/support/shared-stack.ts';
import { type Chromium, launchChromium, signInAt } from './support/chromium.ts';

/** That pushes arrive is the subject of `tests/e2e/pushes.spec.ts`. */
describe('a push to Chromium', () => {
  let browser: Chromium;
  let page: Page;
  let wolf: TestAccount;
  let group: string;
  let otherGroup: string;
  /** Raises the push in the service worker. */
  let deliver: (payload: PushPayload) => Promise<unknown>;

  beforeAll(async () => {
    const [vera, two, xenia] = await Promise.all([
      createAccount('Vera Weir'),
      createAccount('Wolf Weir'),
      createAccount('Xenia Weir'),
    ]);
    wolf = two;
    [group, otherGroup] = await Promise.all([sendMessage(wolf, vera.handle), sendMessage(xenia, vera.handle)]);
    browser = await launchChromium();
    const [watcher] = browser.context.pages();
    if (!watcher) throw new Error('Chromium has no page');
    const devTools = await browser.context.newCDPSession(watcher);
    let registrationId: string | undefined;
    devTools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      registrationId = registrations[0]?.registrationId ?? registrationId;
    });
    await devTools.send('ServiceWorker.enable');
    page = await signInAt(browser, vera);
    await page.goto('/settings');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const { webUrl: origin } = await sharedStack();
    deliver = async (payload) => {
      await expect.poll(() => registrationId).toBeDefined();
      const data = formatPushPayload(payload);
      await devTools.send('ServiceWorker.deliverPushMessage', { origin, registrationId: registrationId ?? '', data });
    };
  });
  afterAll(() => browser?.close());

  const worker = () => {
    const [running] = browser.context.serviceWorkers();
    if (!running) throw new Error('no service worker has started');
    return running;
  };

  /** A message that was written at this minute. */
  const messageAt = (minute: number, text: string | null) => ({
    kind: 'message' as const,
    messageGroupUuid: group,
    messageUuid: v7(),
    createdAt: timeOf(minute),
    displayName: 'Wolf Weir',
    text,
    unread: 1,
  });
  const fromXenia = () => ({ messageGroupUuid: otherGroup, displayName: 'Xenia Weir' });
  const closeThrough = (through: string, messageGroupUuid = group) =>
    deliver({ kind: 'close', messageGroupUuid, through });

  /** Waits until the desktop shows these notifications, and no others. */
  const expectShown = (...notifications: { title: string; body: string }[]) =>
    expect.poll(() => browser.desktop.shown()).toEqual(notifications);

  it('shows a message, and a newer one in its place, while no page is open', async () => {
    await page.close();
    await deliver(messageAt(1, 'The *gate* opens at nine'));
    await expectShown({ title: 'Wolf Weir', body: 'The gate opens at nine' });
    await deliver(messageAt(3, 'No, at ten'));
    await expectShown({ title: 'Wolf Weir', body: 'No, at ten' });
    // Late.
    await deliver(messageAt(2, 'Or at half past nine'));
    await deliver({ ...messageAt(2, null), ...fromXenia() });
    await expectShown({ title: 'Wolf Weir', body: 'No, at ten' }, { title: 'Xenia Weir', body: 'New message' });
  });

  it('closes the notification of a message that was read or deleted, and not that of a later one', async () => {
    await closeThrough(timeOf(2));
    await closeThrough(timeOf(2), otherGroup);
    await expectShown({ title: 'Wolf Weir', body: 'No, at ten' });
    await closeThrough(timeOf(3));
    await expectShown();
  });

  it('opens the conversation at a click', async () => {
    await deliver(messageAt(4, 'The gate is open'));
    await expectShown({ title: 'Wolf Weir', body: 'The gate is open' });
    const opened = browser.context.waitForEvent('page');
    browser.desktop.click('The gate is open');
    page = await opened;
    await message({ page }, 'Hello!').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/messages/${group}`);
    await expectShown();
  });

  it('shows nothing where a page has the conversation in view', async () => {
    await worker().evaluate(waitLonger);
    await deliver(messageAt(5, 'Are you coming?'));
    // Pushes are handled in order, so the other conversation's proves that this one was not shown.
    await deliver({ ...messageAt(5, 'Any news of the gate?'), ...fromXenia() });
    await expectShown({ title: 'Xenia Weir', body: 'Any news of the gate?' });
  });

  it('brings the open page to the front and to the conversation at a click', async () => {
    await worker().evaluate(recordFocused);
    browser.desktop.click('Any news of the gate?');
    await page.getByRole('heading', { name: 'Xenia Weir' }).waitFor();
    // Chromium refuses it without a click. A client's address is that of its load.
    await expect.poll(() => worker().evaluate('focused')).toEqual([`/messages/${group}`]);
    expect(browser.context.pages()).toHaveLength(2);
    await expectShown();
  });

  it('shows a message once, also if the page has shown it', async () => {
    // Not before: it would also show the first messages, if they arrive late.
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Notifications' }).click();
    await page.keyboard.press('Escape');
    const { messages } = await apiOf(wolf);
    const text = 'The gate is shut';
    const sent = await messages.create.mutate({ messageGroupUuid: group, message: text, clientMessageUuid: v7() });
    const { uuid: messageUuid, createdAt } = sent;
    await expectShown({ title: 'Wolf Weir', body: text });
    await deliver({ ...messageAt(6, text), messageUuid, createdAt });
    await closeThrough(createdAt);
    await deliver({ ...messageAt(6, 'Bring a boat'), messageGroupUuid: v7(), displayName: 'Yuri Weir' });
    await expectShown({ title: 'Yuri Weir', body: 'Bring a boat' });
  });
});

/** As times of messages are written. */
const timeOf = (minute: number) => `2026-11-20T08:0${minute}:00.000000+00:00`;

/** In the worker: makes it wait half a minute for what pages answer. On a busy machine, a second may be too short. */
function waitLonger(): void {
  const start = setTimeout;
  Object.assign(self, { setTimeout: (run: () => void, ms: number) => start(run, ms * 30) });
}

/** In the worker: records the pages that are brought to the front, which a DevTools session does not show. */
function recordFocused(): void {
  const focused: string[] = [];
  const { WindowClient } = self as unknown as {
    WindowClient: { prototype: { focus: () => Promise<{ url: string }> } };
  };
  const { focus } = WindowClient.prototype;
  WindowClient.prototype.focus = async function () {
    const page = await focus.call(this);
    focused.push(new URL(page.url).pathname);
    return page;
  };
  Object.assign(self, { focused });
}
