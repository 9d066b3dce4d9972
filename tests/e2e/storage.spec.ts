import { describe, expect, it } from 'vitest';
import { createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { closeAccountMenu, message, sendMessage, signIn, signOut, visit, write } from './support/people.ts';
import { composer } from './support/thread.ts';

/** Makes every access to storage throw, as in a browser that blocks site data. */
function block(): void {
  for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(window, name, {
      get() {
        throw new DOMException('Access is denied for this document.', 'SecurityError');
      },
    });
  }
}

/** Makes `localStorage` reject writes, as with a full quota. */
function fill(): void {
  const setItem = Reflect.get(Storage.prototype, 'setItem');
  Storage.prototype.setItem = function (...entry) {
    if (this === window.localStorage) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    setItem.apply(this, entry);
  };
}

const browser = await connectBrowser();
const [grace, ada] = await Promise.all([createAccount('Grace Holm'), createAccount('Ada Vale')]);
const thread = `/messages/${await sendMessage(grace, ada.handle)}`;

describe.each([
  ['blocked', block],
  ['full', fill],
])('a browser whose storage is %s', (name, prepare) => {
  it('signs in, sends and signs out, and shows that drafts are not kept', async () => {
    const visitor = await visit(browser);
    const { page } = visitor;
    await visitor.context.addInitScript(prepare);
    await page.goto(thread);
    await signIn(visitor, ada.handle, ada.password);
    await message(visitor, 'Hello!').waitFor();
    await page.getByText('Drafts and unsent messages are kept only until you close or reload this page.').waitFor();
    await write(visitor, `Sent with storage ${name}`);
    await message(visitor, `Sent with storage ${name}`).waitFor();
    await expect.poll(() => page.getByRole('img', { name: 'Sending' }).count()).toBe(0);
    await composer(page).fill('A draft');
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await closeAccountMenu(visitor);
    await signOut(visitor);
    await page.waitForURL('**/signin');
    await visitor.context.close();
  });
});
