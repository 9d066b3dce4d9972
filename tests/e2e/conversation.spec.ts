import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import { describe, expect, it } from 'vitest';
import { connectBrowser } from './support/browser.ts';
import { conversation, keepScreenshots, message, signIn, signOut, signUp, visit, write } from './support/people.ts';
import { untilFocused } from './support/thread.ts';

const FIRST_LINE = 'Bayko! Are you still the person who owns a soldering iron and no sense of caution?';
const LAST_LINE = 'I will heat the iron. Both.';

const browser = await connectBrowser();
const [andrew, loren] = [await visit(browser), await visit(browser)];

describe('signing in', () => {
  it('is required of a signed-out visitor, and leads to the requested page', async () => {
    const { page } = andrew;
    await page.goto(`/messages/${SEEDED_MESSAGE_GROUP_UUID}`);
    await page.waitForURL(/\/signin/);
    await keepScreenshots(andrew, 'signin');
    await signIn(andrew, 'andrewbrown');
    await page.waitForURL(`**/messages/${SEEDED_MESSAGE_GROUP_UUID}`);
  });

  it('reports a wrong password', async () => {
    const { page } = loren;
    await page.goto('/signin');
    await page.getByLabel('Handle or email').fill('loren');
    await page.getByLabel('Password', { exact: true }).fill('Not-the-password-1!');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/password/i)
      .waitFor();
    await signIn(loren, 'loren@cruddur.example');
    await page.waitForURL('**/messages');
    await page.getByText('No messages yet.').filter({ visible: true }).waitFor();
    expect(await page.getByText('Select a conversation').count()).toBe(0);
    await keepScreenshots(loren, 'messages-empty');
  });
});

describe('the seeded conversation', () => {
  it('opens at its newest message', async () => {
    await message(andrew, LAST_LINE).waitFor();
    await keepScreenshots(andrew, 'thread');
  });

  it('shows older pages on scrolling up, to the very first line', async () => {
    const log = andrew.page.getByRole('log');
    await log.hover();
    await expect
      .poll(
        async () => {
          await andrew.page.mouse.wheel(0, -4000);
          return message(andrew, FIRST_LINE).isVisible();
        },
        { interval: 150 },
      )
      .toBe(true);
  });
});

describe('two people', () => {
  it('write to each other after one enters the other’s handle', async () => {
    await andrew.page.goto('/messages/new/loren');
    await andrew.page.getByText('@loren').first().waitFor();
    await keepScreenshots(andrew, 'new-conversation');
    await write(andrew, 'Loren, is the lake still frozen?');
    await andrew.page.waitForURL(/\/messages\/[0-9a-f-]{36}$/);
    await message(andrew, 'Loren, is the lake still frozen?').waitFor();

    await conversation(loren, 'Andrew Brown').click();
    await message(loren, 'Loren, is the lake still frozen?').waitFor();
    await write(loren, 'Only where the goats stand.');
    await message(andrew, 'Only where the goats stand.').waitFor();
  });

  it('see the conversation move up in both lists', async () => {
    await conversation(loren, 'Andrew Brown').getByText('Only where the goats stand.').waitFor();
    await conversation(andrew, 'Loren Ipsum').getByText('Only where the goats stand.').waitFor();
    const first = andrew.page.getByRole('navigation', { name: 'Conversations' }).getByRole('link').first();
    await expect.poll(() => first.innerText()).toContain('Loren Ipsum');
    await keepScreenshots(loren, 'messages');
  });

  it('find the conversation unchanged after a reload', async () => {
    await andrew.page.reload();
    await message(andrew, 'Loren, is the lake still frozen?').waitFor();
    await message(andrew, 'Only where the goats stand.').waitFor();
    const texts = await andrew.page.getByRole('log').innerText();
    expect(texts.indexOf('still frozen')).toBeLessThan(texts.indexOf('goats stand'));
  });

  it('see that a handle does not exist', async () => {
    await andrew.page.goto('/messages/new/nobody-of-this-name');
    await andrew.page
      .getByText(/no one has the handle/i)
      .first()
      .waitFor();
    await keepScreenshots(andrew, 'nobody');
  });
});

describe('a new user', () => {
  it('cannot choose an invisible name, a name with @, or the handle ..', async () => {
    const { page, context } = await visit(browser);
    await page.goto('/signup');
    const problemOf = async (label: string, typed: string): Promise<string> => {
      const field = page.getByLabel(label, { exact: true });
      await field.press('ControlOrMeta+A');
      await page.keyboard.insertText(typed);
      return await field.evaluate((input: HTMLInputElement) => input.validationMessage);
    };
    expect(await problemOf('Name', '\u200b\u2800')).toBe('Enter your name.');
    expect(await problemOf('Name', 'Eve @andrewbrown')).toContain('can’t contain @');
    expect(await problemOf('Name', 'Eve')).toBe('');
    expect(await problemOf('Handle', '..')).not.toBe('');
    expect(await problemOf('Handle', 'e..e')).toBe('');
    await context.close();
  });

  it('sees at the field that the handle is taken', async () => {
    const { page, context } = await visit(browser);
    await page.goto('/signup');
    await page.getByLabel('Name', { exact: true }).fill('Another Loren');
    await page.getByLabel('Handle', { exact: true }).fill('loren');
    await page.getByLabel('Email').fill('another@cruddur.example');
    await page.getByLabel('Password', { exact: true }).fill('Harbour-Lights-7!');
    await page.getByRole('button', { name: 'Create account' }).click();
    const refused = page.getByRole('textbox', { name: 'Handle', description: /This handle is taken/ });
    await refused.waitFor();
    await untilFocused(refused);
    expect(await refused.getAttribute('aria-invalid')).toBe('true');
    const [field, words] = await Promise.all([refused.boundingBox(), page.getByRole('alert').boundingBox()]);
    expect((words?.y ?? 0) - (field?.y ?? 0) - (field?.height ?? 0)).toBeLessThan(16);
    await context.close();
  });

  it('signs up with a code, and sends and receives messages', async () => {
    const mira = await visit(browser);
    await mira.page.goto('/signup');
    await keepScreenshots(mira, 'signup');
    await signUp(mira, { handle: 'mira', displayName: 'Mira Vale', password: 'Harbour-Lights-7!' });

    await loren.page.goto('/messages/new/mira');
    await write(loren, 'Welcome, Mira!');
    await loren.page.waitForURL(/\/messages\/[0-9a-f-]{36}$/);
    await conversation(mira, 'Loren Ipsum').click();
    await message(mira, 'Welcome, Mira!').waitFor();
    await write(mira, 'Thank you! Which way to the goats?');
    await message(loren, 'Thank you! Which way to the goats?').waitFor();
    await mira.context.close();
  });

  it('leads to the code, and explains it, when someone signs in before confirming', async () => {
    const { page, context } = await visit(browser);
    await page.goto('/signup');
    await page.getByLabel('Name', { exact: true }).fill('Ines Holm');
    await page.getByLabel('Handle', { exact: true }).fill('ines');
    await page.getByLabel('Email').fill('ines@cruddur.example');
    await page.getByLabel('Password', { exact: true }).fill('Harbour-Lights-7!');
    await page.getByRole('button', { name: 'Create account' }).click();
    // The sign-up page has the same link, without the handle, and stays a moment after the URL has changed.
    await page.getByRole('heading', { name: 'Confirm your account' }).waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Password', { exact: true }).fill('Harbour-Lights-7!');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL('**/confirm');
    await page.getByRole('status').getByText('not confirmed yet').waitFor();
    await context.close();
  });
});

describe('a forgotten password', () => {
  it('is replaced with a code', async () => {
    const londo = await visit(browser);
    const { page } = londo;
    const username = page.getByLabel('Handle or email');
    await page.goto('/signin');
    await username.fill('lond');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByRole('button', { name: 'Send code' }).waitFor();
    await keepScreenshots(londo, 'recover');
    // The typed handle is kept on both pages, but not in the URL.
    expect(await username.inputValue()).toBe('lond');
    await username.fill('@londo');
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Password', { exact: true }).waitFor();
    expect([await username.inputValue(), new URL(page.url()).search]).toEqual(['londo', '']);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByRole('button', { name: 'Send code' }).click();
    // As some mail programs show it.
    await page.getByLabel('Code').fill(' 123 456');
    await page.getByLabel('New password', { exact: true }).fill('Another-Lantern-8!');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.waitForURL(/\/(signin|messages)/);
    if (page.url().includes('signin')) await signIn(londo, 'londo', 'Another-Lantern-8!');
    await londo.context.close();
  });
});

describe('signing out', () => {
  it('leads to the sign-in page, and hides the messages from the next visitor', async () => {
    const { page } = andrew;
    await page.goto('/messages');
    await conversation(andrew, 'Loren Ipsum').waitFor();
    await keepScreenshots(andrew, 'list');
    await signOut(andrew);
    await page.waitForURL(/\/signin/);
    await page.goto('/messages');
    await page.waitForURL(/\/signin/);
  });
});
