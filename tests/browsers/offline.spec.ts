import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOf } from '../e2e/support/accounts.ts';
import { keptEntries } from '../e2e/support/kept.ts';
import { sharedStack } from '../e2e/support/shared-stack.ts';
import { type CuttableProxy, startCuttableProxy } from '../support/cuttable-proxy.ts';
import { BROWSERS } from './support/browsers.ts';
import { openConversation, type Visitor, visit } from './support/people.ts';

const LOG = { role: 'log' };

describe.each(BROWSERS)('without a connection, $name', ({ launch }) => {
  let network: CuttableProxy;
  let mia: Visitor;

  beforeAll(async () => {
    network = await startCuttableProxy((await sharedStack()).webUrl);
    mia = await visit(launch, ['Mia Sound', 'Noa Sound'], network.url);
    await openConversation(mia, 'Hello!');
    // The worker has the page's files.
    await mia.page.run(() => navigator.serviceWorker.ready.then(() => null));
  });

  afterAll(async () => {
    await mia?.page.close();
    await network?.cut();
  });

  const write = async (text: string) => {
    await mia.page.type(text, { role: 'textbox', name: `Message to ${mia.other.displayName}` });
    await mia.page.press('Enter');
    await mia.page.see(LOG, { text });
  };

  /** Waits until the other person has these messages, and no others. */
  const expectSent = async (texts: string[]) => {
    const { messages } = await apiOf(mia.other);
    const list = async () => (await messages.list.query({ messageGroupUuid: mia.messageGroupUuid })).items;
    await expect.poll(async () => (await list()).map(({ message }) => message)).toEqual(texts);
  };

  it('keeps what one writes, and sends it in order once the connection is back', async () => {
    const { page } = mia;
    network.reset();
    await write('Written in the tunnel');
    await write('Still in the tunnel');
    await page.see({ text: 'Can’t reach Cruddur. Retrying. Your messages will be sent when we reconnect.' });
    await network.restore();
    await expectSent(['Hello!', 'Written in the tunnel', 'Still in the tunnel']);
    const states = () =>
      page.run(() =>
        [...document.querySelectorAll('[data-testid=message]')].map((bubble) => bubble.getAttribute('data-state')),
      );
    await expect.poll(states).toEqual(['message', 'message', 'message']);
  });

  it('shows the conversation after a reload, with what was not sent, and sends it later', async () => {
    const { page, messageGroupUuid } = mia;
    const kept = async () => (await page.run(keptEntries))[`thread:${messageGroupUuid}`];
    await expect.poll(kept).toContain('Still in the tunnel');
    network.reset();
    await write('Before the reload');
    await page.goto(`/messages/${messageGroupUuid}`);
    for (const text of ['Still in the tunnel', 'Before the reload']) await page.see(LOG, { text });
    await write('After the reload');
    await network.restore();
    const tunnel = ['Written in the tunnel', 'Still in the tunnel'];
    await expectSent(['Hello!', ...tunnel, 'Before the reload', 'After the reload']);
  });
});
