import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { conversation, message, write } from './support/people.ts';
import { type NewPerson, signUpPair } from './support/sign-up.ts';

// A browser without a screen shows no notifications: the page's calls are noted in place of them.
const NOTED_NOTIFICATIONS = `
  window.noted = { asked: 0, shown: [] };
  window.Notification = class {
    static permission = 'default';
    static async requestPermission() {
      window.noted.asked++;
      return (this.permission = 'granted');
    }
    constructor(title, options) {
      window.noted.shown.push({ title, body: options.body });
      window.noted.last = this;
    }
    close() {}
  };
`;

interface Noted {
  asked: number;
  shown: { title: string; body: string }[];
}

let browser: Browser;
let nia: NewPerson;
let olga: NewPerson;

beforeAll(async () => {
  browser = await launchBrowser();
  [nia, olga] = await signUpPair(browser, ['Nia Ferry', 'Olga Ferry']);
  await nia.context.addInitScript(NOTED_NOTIFICATIONS);
  await nia.page.goto('/messages');
  await conversation(nia, 'Olga Ferry').waitFor();
}, 90_000);

afterAll(() => browser.close());

const noted = () => nia.page.evaluate<Noted>('({ asked: noted.asked, shown: noted.shown })');
const menuItem = () => nia.page.getByRole('menuitemcheckbox', { name: 'Notify me of new messages' });

describe('notifications', () => {
  it('are asked for only on a click', async () => {
    await write(olga, 'Before any was wanted');
    await conversation(nia, 'Olga Ferry').getByText('Before any was wanted').waitFor();
    await nia.page.getByRole('button', { name: 'Account' }).click();
    await menuItem().waitFor();
    expect(await noted()).toEqual({ asked: 0, shown: [] });
    expect(await menuItem().getAttribute('aria-checked')).toBe('false');
    await menuItem().click();
    await expect.poll(() => menuItem().getAttribute('aria-checked')).toBe('true');
    expect((await noted()).asked).toBe(1);
    await nia.page.keyboard.press('Escape');
  });

  it('tell of messages in a conversation that is not in view, and lead to it', async () => {
    await write(olga, 'The boat leaves at six');
    await expect
      .poll(async () => (await noted()).shown)
      .toEqual([{ title: 'Olga Ferry', body: 'The boat leaves at six' }]);
    await nia.page.evaluate('noted.last.onclick()');
    await message(nia, 'The boat leaves at six').waitFor();
  });

  it('are silent about what one is looking at', async () => {
    await write(olga, 'From the other pier');
    await message(nia, 'From the other pier').waitFor();
    // Longer than a notification waits for a newer message.
    await nia.page.waitForTimeout(1_500);
    expect((await noted()).shown).toHaveLength(1);
  });
});
