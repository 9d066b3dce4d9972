import { expect, it } from 'vitest';
import { createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { conversation, createPair, message, sendMessage, write } from './support/people.ts';
import { abortSends } from './support/requests.ts';
import { composer } from './support/thread.ts';

const browser = await connectBrowser();
const [[ada, grace], hal] = await Promise.all([
  createPair(browser, ['Ada Vale', 'Grace Holm']),
  createAccount('Hal Reed'),
]);

/** Wraps all text of a page in foreign elements, as translators do. */
function translatePage() {
  const wrapText = (root: Node) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found: Text[] = [];
    while (walker.nextNode()) found.push(walker.currentNode as Text);
    for (const text of found) {
      if (text.data.trim() === '' || text.parentElement?.closest('font, script, style, textarea')) continue;
      const font = document.createElement('font');
      text.replaceWith(font);
      font.append(text.data);
    }
  };
  const observer = new MutationObserver(() => document.body && wrapText(document.body));
  observer.observe(document, { childList: true, characterData: true, subtree: true });
}

it('a translated page still works: messages, links, typing, unread counts and the order of the list', async () => {
  const { page } = ada;
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await sendMessage(grace, ada.handle, 'Look: https://cruddur.example/a (a map)');
  await ada.context.addInitScript(translatePage);
  await page.reload();
  await page.getByRole('main').getByRole('link', { name: 'https://cruddur.example/a' }).waitFor();

  await sendMessage(hal, ada.handle, 'First of Hal');
  const row = conversation(ada, 'Hal Reed');
  await row.getByText('1', { exact: true }).waitFor();
  await sendMessage(hal, ada.handle, 'Second of Hal');
  await row.getByText('2', { exact: true }).waitFor();
  await row.getByText('Second of Hal').waitFor();

  const typing = page.getByText('is typing');
  await composer(grace.page).pressSequentially('Well');
  await typing.waitFor();
  await composer(grace.page).press('Enter');
  await typing.waitFor({ state: 'detached' });
  await message(ada, 'Well').waitFor();
  const first = page.getByRole('navigation', { name: 'Conversations' }).getByRole('link').first();
  await expect.poll(() => first.innerText()).toMatch(/Grace Holm[\s\S]*\nWell$/);

  const stop = await abortSends(page);
  await write(ada, 'Of my own');
  await page.getByText(/^Not sent yet/).waitFor();
  // Before sends pass again: a retry of the page's own would remove the button.
  await page.getByRole('button', { name: 'Try again' }).click();
  await stop();
  await message(grace, 'Of my own').waitFor();
  await expect.poll(() => first.innerText()).toMatch(/\nYou: Of my own$/);
  await write(grace, 'Got it');
  await expect.poll(() => first.innerText()).toMatch(/\nGot it$/);

  await row.click();
  await message(ada, 'Second of Hal').waitFor();
  await expect.poll(() => row.getByText('2', { exact: true }).count()).toBe(0);
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(errors).toEqual([]);
});
