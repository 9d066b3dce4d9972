import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { conversation, write } from './support/people.ts';
import { type NewPerson, signUpPair } from './support/sign-up.ts';

let browser: Browser;
let una: NewPerson;
let vera: NewPerson;

beforeAll(async () => {
  browser = await launchBrowser();
  [una, vera] = await signUpPair(browser, ['Una Field', 'Vera Field']);
}, 90_000);

afterAll(() => browser.close());

const unreadMark = () => conversation(una, 'Vera Field').getByRole('img', { name: 'Unread' });

describe('what is unread', () => {
  it('is marked in the list, and counted in the title, until the conversation is opened', async () => {
    await una.page.goto('/messages');
    await conversation(una, 'Vera Field').waitFor();
    expect(await una.page.title()).toBe('Messages · Cruddur');
    await write(vera, 'Did you see the heron?');
    await unreadMark().waitFor();
    expect(await una.page.title()).toBe('(1) Messages · Cruddur');
    await una.page.reload();
    await unreadMark().waitFor();
    await conversation(una, 'Vera Field').click();
    await unreadMark().waitFor({ state: 'detached' });
    expect(await una.page.title()).toBe('Vera Field · Cruddur');
  });

  it('is not what one writes oneself, nor what comes in while one looks', async () => {
    await write(una, 'Twice, on the pier.');
    await write(vera, 'Then it was not a statue.');
    await conversation(una, 'Vera Field').getByText('Then it was not a statue.').waitFor();
    expect(await unreadMark().count()).toBe(0);
    await una.page.goto('/messages');
    await conversation(una, 'Vera Field').waitFor();
    expect(await una.page.title()).toBe('Messages · Cruddur');
  });
});
