import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { apiOf } from '../e2e/support/accounts.ts';
import { writeMany } from '../e2e/support/people.ts';
import { BROWSERS } from './support/browsers.ts';
import { PATIENCE } from './support/page.ts';
import { type Visitor, visit } from './support/people.ts';

const LOG = { role: 'log' };

describe.each(BROWSERS)('a conversation in $name', ({ name, launch }) => {
  let ada: Visitor;

  beforeAll(async () => {
    ada = await visit(launch, ['Ada Quay', 'Grace Quay']);
    const lines = Array.from({ length: 70 }, (_, index) => `Line ${index + 1}`);
    await writeMany(ada, ada.messageGroupUuid, lines);
  });

  afterAll(() => ada?.page.close());

  it('is listed after signing in with the form, and opens at its newest message', async () => {
    const { page, handle, password, other } = ada;
    await page.goto('/');
    await page.type(handle, { role: 'textbox', name: 'Handle or email' });
    await page.type(password, { label: 'Password' });
    await page.press('Enter');
    await page.click({ role: 'navigation', name: 'Conversations' }, { text: other.displayName });
    await page.see({ role: 'heading', name: other.displayName });
    await page.see(LOG, { text: 'Line 70' });
    expect(await page.path()).toBe(`/messages/${ada.messageGroupUuid}`);
  });

  it('loads older messages as one scrolls up', async () => {
    const { page } = ada;
    expect(await page.count(LOG, { text: 'Hello!' })).toBe(0);
    await vi.waitFor(async () => {
      await page.scroll(-2000, LOG);
      expect(await page.count(LOG, { text: 'Hello!' })).toBe(1);
    }, PATIENCE);
    await page.see(LOG, { text: 'Hello!' });
  });

  it('shows what one sends, and what the other person writes, when it is written', async () => {
    const { page, other, messageGroupUuid } = ada;
    await page.type(`Sent from ${name}`, { role: 'textbox', name: `Message to ${other.displayName}` });
    await page.press('Enter');
    await page.see(LOG, { text: `Sent from ${name}` });
    const api = await apiOf(other);
    await expect
      .poll(async () => (await api.messages.list.query({ messageGroupUuid })).items.at(-1)?.message)
      .toBe(`Sent from ${name}`);
    await writeMany(other, messageGroupUuid, ['An answer']);
    await page.see(LOG, { text: 'An answer' });
    await page.keepScreenshots(`conversation-${name.toLowerCase()}`);
  });
});
