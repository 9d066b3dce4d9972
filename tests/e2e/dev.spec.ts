import { createDatabase, listIndexedMessages } from '@cruddur/db';
import { afterAll, describe, expect, it } from 'vitest';
import { connectBrowser } from './support/browser.ts';
import { conversation, expectReloadable, message, signIn, visit, write } from './support/people.ts';
import { isPortOpen, startDevStack } from './support/stack.ts';
import { isInView } from './support/thread.ts';

// Only what differs from the production build: Vite serves the page from its sources, tsx runs server and stream runner.

const browser = await connectBrowser();
// After the shared stack, because two stacks that start at the same time slow each other down.
const stack = await startDevStack();
afterAll(() => stack.stop());
const options = { baseURL: stack.webUrl };
const andrew = await visit(browser, options);

describe('npm run dev', () => {
  it('serves the page, which shows an error when its program does not load', async () => {
    const { page } = andrew;
    await expectReloadable(page);
  });

  it('serves no service worker, but what removes one that a build has left at this address', async () => {
    const response = await fetch(`${stack.webUrl}/service-worker.js`);
    expect(response.headers.get('content-type')).toBe('text/javascript');
    expect(await response.text()).toContain('registration.unregister()');
  });

  it('carries messages between two people live, and keeps them in both lists', async () => {
    const bayko = await visit(browser, options);
    await Promise.all([signIn(andrew, 'andrewbrown'), signIn(bayko, 'bayko')]);
    await conversation(andrew, 'Andrew Bayko').click();
    await conversation(bayko, 'Andrew Brown').click();
    await message(bayko, 'I will heat the iron. Both.').waitFor();
    await write(bayko, 'Bring the other iron.');
    await message(andrew, 'Bring the other iron.').waitFor();
    await write(andrew, 'Both, then.');
    await message(bayko, 'Both, then.').waitFor();
    await bayko.context.close();
    // The list that a page loads with comes from the table, where the stream runner updates it.
    await expect
      .poll(async () => {
        await andrew.page.reload();
        // `innerText` would be empty: the row has not been drawn yet.
        return conversation(andrew, 'Andrew Bayko').textContent();
      })
      .toContain('Both, then.');
  });

  it('keeps the search index of what was sent', async () => {
    const { db, close } = createDatabase(`postgresql://postgres:postgres@127.0.0.1:${stack.env.POSTGRES_PORT}/cruddur`);
    const texts = async () => (await listIndexedMessages(db, { limit: 1000 })).map(({ folded }) => folded);
    await expect.poll(texts).toEqual(expect.arrayContaining(['bring the other iron.', 'both, then.']));
    await close();
  });

  it('opens a conversation at its first unread message, although strict mode runs effects twice', async () => {
    const { page } = andrew;
    await page.goto('/messages');
    await conversation(andrew, 'Andrew Bayko').waitFor();
    const bayko = await visit(browser, options);
    await signIn(bayko, 'bayko');
    await conversation(bayko, 'Andrew Brown').click();
    for (let number = 1; number <= 12; number++) await write(bayko, `Iron number ${number}`);
    await conversation(andrew, 'Andrew Bayko').getByText('Iron number 12').waitFor();
    await conversation(andrew, 'Andrew Bayko').click();
    await expect.poll(() => isInView(page.getByRole('heading', { name: 'New messages' }))).toBe(true);
    await bayko.context.close();
  });

  it('allows only pages of Vite’s origin to call the API on its port', async () => {
    const allowed = async (origin: string) => {
      const headers = { origin, 'access-control-request-method': 'POST' };
      const preflight = await fetch(`${stack.apiUrl}/trpc/users.me`, { method: 'OPTIONS', headers });
      return preflight.headers.get('access-control-allow-origin');
    };
    expect(await allowed(stack.webUrl)).toBe(stack.webUrl);
    expect(await allowed('https://elsewhere.example')).toBeNull();
    const status = await andrew.page.evaluate(
      async (url) => (await fetch(url, { headers: { authorization: 'Bearer none' } })).status,
      `${stack.apiUrl}/trpc/users.me`,
    );
    expect(status).toBe(401);
  });

  it('ends all that it started at SIGTERM', async () => {
    expect(stack.output()).toContain(stack.env.WEB_PORT);
    expect(await stack.stop()).toEqual({ byItself: true });
    const ports = Object.entries(stack.env).filter(([name]) => name.endsWith('_PORT'));
    expect(ports).toHaveLength(5);
    for (const [name, port] of ports) await expect.poll(() => isPortOpen(port), { message: name }).toBe(false);
  });
});
