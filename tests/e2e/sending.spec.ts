import type { Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectBrowser } from './support/browser.ts';
import { forgetKept } from './support/kept.ts';
import { conversation, createPair, message, type TestUser, visitAs, write } from './support/people.ts';
import { abortSends, isSend, refuseSends } from './support/requests.ts';
import {
  bubbleStates,
  bubbles,
  clickInThread,
  composer,
  expectLastBubbles,
  toolbarButton,
  untilFocused,
  untilStill,
} from './support/thread.ts';

const browser = await connectBrowser();
const [ada, grace] = await createPair(browser, ['Ada Vale', 'Grace Holm']);

const thread = ({ page }: TestUser) => page.getByRole('log');

describe('a message that is sent', () => {
  it('is shown as pending within two frames, and becomes sent without moving', async () => {
    const { page } = ada;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(isSend, async (route) => {
      await held;
      await route.continue();
    });
    await composer(page).fill('Within a frame');
    const frames = await composer(page).evaluate(async (field) => {
      const log = document.querySelector('[role=log]');
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      for (let frame = 1; frame < 100; frame++) {
        await new Promise(requestAnimationFrame);
        if (log?.textContent?.includes('Within a frame')) return frame;
      }
      return null;
    });
    expect(frames).toBeLessThanOrEqual(2);
    const bubble = bubbles(page).last();
    expect(await bubble.getAttribute('data-state')).toBe('pending');
    await untilStill(page);
    const before = await bubble.boundingBox();
    // The button to copy is to the left of the clock, not on it.
    await bubble.hover();
    const clock = await thread(ada).getByRole('img', { name: 'Sending' }).boundingBox();
    const endOfCopy = async () => {
      const copy = await toolbarButton(bubble, 'Copy message').boundingBox();
      return (copy?.x ?? 0) + (copy?.width ?? 0);
    };
    // Until the toolbar is shown, the button is where only assistive technology finds it.
    await expect.poll(endOfCopy).toBeLessThanOrEqual(clock?.x ?? 0);
    release();
    await expect.poll(() => bubble.getAttribute('data-state')).toBe('message');
    await untilStill(page);
    expect(await bubble.boundingBox()).toEqual(before);
    await page.unroute(isSend);
    await message(grace, 'Within a frame').waitFor();
  });

  it('is marked as failed, retried with the same id, and sent before the later ones', async () => {
    const ids: string[] = [];
    ada.page.on('request', (request) => {
      const body = isSend(new URL(request.url())) ? request.postData() : null;
      if (body?.includes('First of two')) ids.push(/"clientMessageUuid":"([^"]+)"/.exec(body)?.[1] ?? '');
    });
    const stop = await refuseSends(ada.page, 'SERVICE_UNAVAILABLE', 'store_unavailable');
    await write(ada, 'First of two');
    await thread(ada).getByText('Not sent yet.').waitFor();
    await write(ada, 'Second of two');
    await expectLastBubbles(ada.page, ['failed: First of two', 'pending: Second of two']);
    // While sends are refused the button comes back after each attempt, also after an automatic one.
    const attempts = ids.length;
    await clickInThread(ada.page.getByRole('button', { name: 'Try again' }));
    await expect.poll(() => ids.length).toBeGreaterThan(attempts);
    await stop();
    await message(grace, 'Second of two').waitFor();
    // Without polling: even a temporary wrong order is wrong.
    expect((await bubbleStates(grace.page)).slice(-2)).toEqual(['message: First of two', 'message: Second of two']);
    expect(ids.length).toBeGreaterThanOrEqual(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('is retried automatically when the server did not answer', async () => {
    const stop = await abortSends(ada.page);
    await write(ada, 'Automatic retry');
    await thread(ada).getByText('Not sent yet.').waitFor();
    await stop();
    await message(grace, 'Automatic retry').waitFor();
    await expect.poll(() => thread(ada).getByText('Not sent').count()).toBe(0);
  });

  it('counts as sent when its answer is lost but its event arrives', async () => {
    await ada.page.route(isSend, async (route) => {
      if (!route.request().postData()?.includes('Answer lost')) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await write(ada, 'Answer lost');
    // Sent only once the first one is: every attempt to repeat that one is aborted too.
    await write(ada, 'After the lost answer');
    await message(grace, 'After the lost answer').waitFor();
    await expectLastBubbles(ada.page, ['message: Answer lost', 'message: After the lost answer']);
    await ada.page.unroute(isSend);
  });

  it('can be deleted when refused, which sends the later ones', async () => {
    const stop = await refuseSends(ada.page, 'NOT_FOUND', 'message_group_not_found');
    await write(ada, 'Refused for good');
    await thread(ada).getByText('Not sent.').waitFor();
    await conversation(ada, grace.displayName).getByText('Not sent: Refused for good').waitFor();
    await write(ada, 'Behind the refused');
    await thread(ada).getByText('Waiting for the message above').waitFor();
    await stop();
    await clickInThread(ada.page.getByRole('button', { name: 'Delete' }));
    await untilFocused(composer(ada.page));
    await message(grace, 'Behind the refused').waitFor();
    // Sent for its sender too: the next test goes offline.
    await expectLastBubbles(ada.page, ['message: Behind the refused']);
    await expect.poll(() => thread(ada).getByText('Waiting for').count()).toBe(0);
    await expect.poll(() => thread(ada).getByText('Refused for good').count()).toBe(0);
    expect(await thread(grace).getByText('Refused for good').count()).toBe(0);
  });
});

describe('offline', () => {
  it('the page shows it, keeps messages, and sends them in order when the network is back', async () => {
    await ada.context.setOffline(true);
    await ada.page.getByText('You’re offline.').waitFor();
    for (const text of ['Offline one', 'Offline two', 'Offline three']) await write(ada, text);
    await expectLastBubbles(ada.page, ['pending: Offline one', 'pending: Offline two', 'pending: Offline three']);
    await conversation(ada, grace.displayName).getByText('You: Offline three').waitFor();
    await ada.context.setOffline(false);
    await message(grace, 'Offline three').waitFor();
    const sent = ['message: Offline one', 'message: Offline two', 'message: Offline three'];
    expect((await bubbleStates(grace.page)).slice(-3)).toEqual(sent);
    await expect.poll(() => ada.page.getByText('You’re offline.').count()).toBe(0);
  });

  it('the page keeps messages when the tab is closed before the network is back', async () => {
    const address = ada.page.url();
    await ada.context.setOffline(true);
    await write(ada, 'Written before the tab was closed');
    await message(ada, 'Written before the tab was closed').waitFor();
    await ada.page.close();
    await ada.context.setOffline(false);
    ada.page = await ada.context.newPage();
    await ada.page.goto(address);
    await message(grace, 'Written before the tab was closed').waitFor();
    await message(ada, 'Written before the tab was closed').waitFor();
  });
});

/** Leaves every call without an answer, like a dead connection, until the returned function is called. */
async function silenceServer({ page }: TestUser) {
  let isSilent = true;
  const isCall = ({ pathname }: URL) => pathname.startsWith('/trpc/');
  await page.route(isCall, (route) => (isSilent ? undefined : route.continue()));
  return () => {
    isSilent = false;
  };
}

describe('a server that does not answer', () => {
  let quiet: TestUser;

  beforeAll(async () => {
    quiet = await visitAs(browser, ada);
    await quiet.page.clock.install();
    await quiet.page.goto(ada.page.url());
    await composer(quiet.page).waitFor();
  });

  afterAll(() => quiet.context.close());

  it('is reported within 10 seconds; the message is sent again with the same id when it answers', async () => {
    const { page } = quiet;
    const ids: string[] = [];
    page.on('request', (request) => {
      const body = isSend(new URL(request.url())) ? request.postData() : null;
      if (body?.includes('Into silence')) ids.push(/"clientMessageUuid":"([^"]+)"/.exec(body)?.[1] ?? '');
    });
    const answer = await silenceServer(quiet);
    await write(quiet, 'Into silence');
    await expect.poll(() => ids.length).toBe(1);
    await page.clock.fastForward(8_000);
    await page.getByRole('status').getByText('Can’t reach Cruddur.').waitFor();
    await page.clock.fastForward(7_000);
    await thread(quiet).getByText('Not sent yet. Can’t reach Cruddur.').waitFor();
    answer();
    await page.clock.fastForward(1_000);
    await message(grace, 'Into silence').waitFor();
    await expect.poll(() => page.getByText('Can’t reach Cruddur.').count()).toBe(0);
    expect(new Set(ids).size).toBe(1);
  });

  it('is also reported on a first visit, with a message and a button that stay during retries', async () => {
    const { page } = quiet;
    await forgetKept(page);
    const answer = await silenceServer(quiet);
    const isMe = (request: Request) => request.url().includes('users.me');
    await Promise.all([page.waitForRequest(isMe), page.reload({ waitUntil: 'commit' })]);
    // Later parts of the page may start timers only now.
    const words = page.getByRole('alert').getByText('Can’t reach Cruddur.');
    await expect
      .poll(async () => {
        await page.clock.fastForward(8_000);
        return words.count();
      })
      .toBe(1);
    const button = await page.getByRole('button', { name: 'Try again' }).elementHandle();
    for (let tries = 0; tries < 2; tries++) {
      await Promise.all([
        page.waitForRequest(isMe),
        page.clock.fastForward(15_000).then(() => page.clock.fastForward(5_000)),
      ]);
      expect(await button?.evaluate((element) => element.isConnected)).toBe(true);
      expect(await words.count()).toBe(1);
    }
    // While no call is answered, the button stays.
    await button?.click();
    answer();
    await page.clock.fastForward(15_000);
    await message(quiet, 'Into silence').waitFor();
  });

  it('does not keep a message whose page’s clock is set forward by five minutes', async () => {
    await quiet.page.clock.setSystemTime(Date.now() + 5 * 60_000);
    await write(quiet, 'Five minutes ahead');
    await message(grace, 'Five minutes ahead').waitFor();
    expect(await thread(quiet).getByText('Not sent').count()).toBe(0);
  });
});

describe('a browser that wrongly reports that there is no network', () => {
  it('shows and sends messages', async () => {
    const misled = await visitAs(browser, ada);
    await misled.page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false });
    });
    await misled.page.goto(ada.page.url());
    await write(misled, 'Online after all');
    await message(grace, 'Online after all').waitFor();
    expect(await misled.page.getByText('You’re offline.').count()).toBe(0);
    await misled.context.close();
  });
});

describe('two tabs of one user', () => {
  it('send each message once, in the order of writing', async () => {
    const second = { ...ada, page: await ada.context.newPage() };
    await second.page.goto(ada.page.url());
    await composer(second.page).waitFor();
    await ada.context.setOffline(true);
    await second.page.getByText('You’re offline.').waitFor();
    const texts = ['Tab one, first', 'Tab two, second', 'Tab one, third', 'Tab two, fourth'];
    for (const [index, text] of texts.entries()) await write(index % 2 === 0 ? ada : second, text);
    // Each tab shows the pending messages of the other.
    await message(ada, 'Tab two, fourth').waitFor();
    await ada.context.setOffline(false);
    await message(grace, 'Tab two, fourth').waitFor();
    const sent = texts.map((text) => `message: ${text}`);
    expect((await bubbleStates(grace.page)).slice(-sent.length)).toEqual(sent);
    await expectLastBubbles(second.page, sent);
    await second.page.close();
  });
});
