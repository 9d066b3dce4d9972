import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { apiOf } from '../e2e/support/accounts.ts';
import { writeMany } from '../e2e/support/people.ts';
import { BROWSERS } from './support/browsers.ts';
import { PATIENCE } from './support/page.ts';
import { openConversation, type Visitor, visit } from './support/people.ts';

const LOG = { role: 'log' };
const IN_CONVERSATION = 'Search in this conversation';

describe.each(BROWSERS)('the search in $name', ({ launch }) => {
  let ida: Visitor;

  beforeAll(async () => {
    ida = await visit(launch, ['Ida Cape', 'Otto Cape']);
    const knots = Array.from({ length: 70 }, (_, index) => (index % 60 === 5 ? `Bowline ${index}` : `Knot ${index}`));
    await writeMany(ida, ida.messageGroupUuid, knots);
    await openConversation(ida, 'Knot 69');
    // The index is up to two seconds behind.
    const api = await apiOf(ida);
    await vi.waitFor(
      async () => expect((await api.messages.search.query({ query: 'bowline' })).items).toHaveLength(2),
      PATIENCE,
    );
  });

  afterAll(() => ida?.page.close());

  it('above the list finds messages, and goes to the one that is chosen', async () => {
    const { page } = ida;
    expect(await page.count(LOG, { text: 'Bowline 5' })).toBe(0);
    await page.type('bowline', { role: 'combobox', name: 'Search' });
    // The found word, which is marked, is an element of its own.
    const hit = [{ role: 'group', name: 'Messages' }, { text: '5' }];
    await page.see(...hit);
    // Until all is found, results move down.
    await expect.poll(() => page.count({ role: 'status', name: 'Searching' })).toBe(0);
    await page.click(...hit);
    await page.see(LOG, { text: 'Bowline 5' });
  });

  it('in a conversation walks from hit to hit, and highlights them', async () => {
    const { page } = ida;
    await page.click({ role: 'button', name: IN_CONVERSATION });
    await page.type('bowline', { role: 'searchbox', name: IN_CONVERSATION });
    await page.see({ text: '1 of 2' });
    await page.see(LOG, { text: 'Bowline 65' });
    await page.click({ role: 'button', name: 'Older result' });
    await page.see(LOG, { text: 'Bowline 5' });
    const highlighted = () => page.run(() => [...(CSS.highlights.get('found-now') ?? [])].map(String));
    await expect.poll(highlighted).toEqual(['Bowline']);
  });
});
