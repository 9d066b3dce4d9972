import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { connectBrowser } from './support/browser.ts';
import { createPair, message, write } from './support/people.ts';
import { bubbles, pressEscape } from './support/thread.ts';

// The Content-Security-Policy would block most of this too: contexts of this file bypass it, so that the page's own
// handling is what is tested.
const RUN = 'window.hacked=1';
const NAME = `Mallory <img src=/nowhere onerror="${RUN}">`;

const TEXTS = [
  `<script>${RUN}</script>`,
  `<img src=/nowhere onerror="${RUN}">`,
  `<svg><animate onbegin="${RUN}" attributeName=x dur=1s>`,
  `javascript:${RUN}//https://harbour.example`,
  `<a href="javascript:${RUN}">https://harbour.example/a</a>`,
  `https://harbour.example/"onmouseover="${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  'vbscript:msgbox(1) file:///etc/passwd',
  'https://user:secret@harbour.example/b',
  `{{constructor.constructor("${RUN}")()}} \${${RUN}}`,
];

const browser = await connectBrowser();
const [mallory, victor] = await createPair(browser, [NAME, 'Victor Plain'], { bypassCSP: true });

/** The parts of a page that could run or load something, apart from its own. */
const hostileParts = (page: Page) =>
  page.evaluate(() => ({
    hacked: 'hacked' in window,
    foreign: [
      ...document.querySelectorAll(
        'script:not([src^="/"]), img:not([src^="/"]), img[src="/nowhere"], iframe, object, embed, animate',
      ),
    ].map((element) => element.outerHTML),
    handlers: [...document.querySelectorAll('*')]
      .filter((element) => element.getAttributeNames().some((name) => name.startsWith('on')))
      .map((element) => element.outerHTML),
    protocols: [...new Set([...document.querySelectorAll('a')].map(({ protocol }) => protocol))].sort(),
  }));

const HARMLESS = { hacked: false, foreign: [], handlers: [] };
const isOwnOrHttps = (protocol: string) => protocol === 'http:' || protocol === 'https:';

async function expectHarmless(page: Page): Promise<void> {
  const { protocols, ...parts } = await hostileParts(page);
  expect(parts).toEqual(HARMLESS);
  expect(protocols.filter((protocol) => !isOwnOrHttps(protocol))).toEqual([]);
}

describe('markup and scripts', () => {
  it('in messages are text, for the sender and the recipient', async () => {
    for (const text of TEXTS) {
      await write(mallory, text);
      await message(mallory, text).waitFor();
    }
    for (const { page } of [mallory, victor]) {
      for (const text of TEXTS) {
        // A text may be split into links: it reads the same.
        await expect.poll(() => bubbles(page).filter({ hasText: text }).count()).toBeGreaterThan(0);
      }
      await expectHarmless(page);
    }
  });

  it('in links lead only to http and https, without a referrer', async () => {
    const links = victor.page.getByRole('log').getByRole('link');
    // What finds links is loaded after the thread.
    await links.first().waitFor();
    for (const link of await links.all()) {
      expect(await link.getAttribute('href')).toMatch(/^https:\/\//);
      expect((await link.getAttribute('rel'))?.split(' ')).toEqual(expect.arrayContaining(['noopener', 'noreferrer']));
    }
  });

  it('in names are text in the list, above the thread and in the search', async () => {
    const { page } = victor;
    await page.reload();
    await page.getByRole('navigation', { name: 'Conversations' }).getByText(NAME, { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'New message' }).first().click();
    await page.getByRole('combobox', { name: 'Name or handle' }).fill(mallory.handle);
    await page.getByRole('option').getByText(NAME).first().waitFor();
    await expectHarmless(page);
    await pressEscape(page.getByRole('dialog'));
  });

  it('in addresses are no one’s handle', async () => {
    const { page } = victor;
    for (const handle of [`<img src=/nowhere onerror="${RUN}">`, `javascript:${RUN}`, '..%2f..%2fsignin']) {
      await page.goto(`/messages/new/${encodeURIComponent(handle)}`);
      await page
        .getByText(/no one has the handle/i)
        .first()
        .waitFor();
      await expectHarmless(page);
    }
  });

  it('in the address to return to after signing in do not lead to another site', async () => {
    const { page } = victor;
    for (const place of ['//evil.example/', 'https://evil.example/', `javascript:${RUN}`, '/\\evil.example']) {
      await page.goto(`/signin?returnTo=${encodeURIComponent(place)}&return_to=${encodeURIComponent(place)}`);
      await page.waitForURL('**/messages**');
      expect(new URL(page.url()).hostname).not.toContain('evil');
      await expectHarmless(page);
    }
  });
});
