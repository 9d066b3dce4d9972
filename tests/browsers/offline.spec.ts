import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOf } from '../e2e/support/accounts.ts';
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
  });

  afterAll(async () => {
    await mia?.page.close();
    await network?.cut();
  });

  it('keeps what one writes, and sends it in order once the connection is back', async () => {
    const { page, other, messageGroupUuid } = mia;
    const texts = ['Written in the tunnel', 'Still in the tunnel'];
    network.reset();
    for (const text of texts) {
      await page.type(text, { role: 'textbox', name: `Message to ${other.displayName}` });
      await page.press('Enter');
      await page.see(LOG, { text });
    }
    await page.see({ text: 'Can’t reach Cruddur. Retrying. Your messages will be sent when we reconnect.' });
    await network.restore();
    const api = await apiOf(other);
    const sent = async () => (await api.messages.list.query({ messageGroupUuid })).items.map(({ message }) => message);
    await expect.poll(sent).toEqual(['Hello!', ...texts]);
    const states = () =>
      page.run(() =>
        [...document.querySelectorAll('[data-testid=message]')].map((bubble) => bubble.getAttribute('data-state')),
      );
    await expect.poll(states).toEqual(['message', 'message', 'message']);
  });
});
