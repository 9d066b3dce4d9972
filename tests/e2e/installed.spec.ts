import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAccount, type TestAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { conversation, message, sendMessage, signOut, type TestUser, visitAs } from './support/people.ts';
import { bubbles, composer } from './support/thread.ts';

const browser = await connectBrowser();

describe('the installed app', () => {
  let ada: TestUser;
  let other: TestAccount;

  beforeAll(async () => {
    const [one, two] = await Promise.all([createAccount('Ada Quay'), createAccount('Olive Quay')]);
    other = two;
    await sendMessage(other, one.handle);
    ada = await visitAs(browser, one);
    // The bundled browser has no icon to show a number on.
    await ada.context.addInitScript(() => {
      const badges: (number | undefined)[] = [];
      Object.assign(window, { badges });
      Object.assign(navigator, { setAppBadge: async (count?: number) => void badges.push(count) });
    });
    await ada.page.goto('/messages');
    await conversation(ada, 'Olive Quay').waitFor();
  });

  const lastBadge = (page: Page) => page.evaluate(() => (window as unknown as { badges: number[] }).badges.at(-1));

  it("meets Chromium's criteria to be installed", async () => {
    const { page, context } = ada;
    const session = await context.newCDPSession(page);
    // Chromium also checks this; the bundled one, a shell without windows, finds no errors anywhere.
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
    const { errors, data = '', url } = await session.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    const manifest = JSON.parse(data) as Manifest;
    expect(manifest).toMatchObject({
      name: 'Cruddur Messages',
      start_url: '/messages',
      scope: '/',
      display: 'standalone',
    });
    const icons = await Promise.all(manifest.icons.map((icon) => readIcon(new URL(icon.src, url), icon)));
    expect(icons).toEqual(['any 192x192', 'any 512x512', 'maskable 192x192', 'maskable 512x512']);
  });

  it('has a number on its icon for what is unread', async () => {
    const { page } = ada;
    await expect.poll(() => lastBadge(page)).toBe(1);
    await conversation(ada, 'Olive Quay').click();
    await expect.poll(() => lastBadge(page)).toBe(0);
  });

  it('opens the picker by its shortcut, once', async () => {
    const { page } = ada;
    await page.goto('/messages?new_message');
    await page.getByRole('combobox', { name: 'Name or handle' }).waitFor();
    await page.waitForURL('**/messages');
    await page.reload();
    await conversation(ada, 'Olive Quay').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('makes a draft for the person who is picked of what another app shares, and sends nothing', async () => {
    const { page } = ada;
    await page.goto(
      `/messages?${new URLSearchParams({ share_title: 'The harbour', share_url: 'https://a.example/?b=c#d' })}`,
    );
    await page.getByRole('combobox', { name: 'Name or handle' }).fill(other.handle);
    await page.getByRole('option', { name: /Olive Quay/ }).click();
    await expect.poll(() => composer(page).inputValue()).toBe('The harbour\nhttps://a.example/?b=c#d');
    await message(ada, 'Hello!').waitFor();
    expect(await bubbles(page).count()).toBe(1);
    expect(page.url()).not.toContain('share');
  });

  it("gives the browser's bars the colour of the theme that is chosen, also after a reload", async () => {
    const { page } = ada;
    const bars = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')]
          .filter(({ media }) => matchMedia(media).matches)
          .map(({ content }) => content),
      );
    /** As `#rrggbb`. */
    const paper = () =>
      page.evaluate(() => {
        const parts = getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? [];
        return `#${parts.map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`;
      });
    await page.goto('/settings');
    for (const theme of ['Dark', 'Light', 'System']) {
      await page.getByRole('radio', { name: theme, exact: true }).check();
      const colour = await paper();
      expect([theme, await bars()]).toEqual([theme, [colour]]);
      await page.reload();
      await page.getByRole('radio', { name: theme, exact: true }).and(page.locator(':checked')).waitFor();
      expect([theme, await bars()]).toEqual([theme, [colour]]);
    }
  });

  it('loses its number when the person signs out', async () => {
    const { page } = ada;
    await sendMessage(other, ada.handle, 'Still there?');
    await page.goto('/messages');
    await expect.poll(() => lastBadge(page)).toBe(1);
    await signOut(ada);
    await expect.poll(() => lastBadge(page)).toBe(0);
  });
});

interface ManifestIcon {
  src: string;
  sizes: string;
  purpose?: string;
}

interface Manifest {
  icons: ManifestIcon[];
}

/** An icon's purpose and size, of which the size is read from the file. */
async function readIcon(url: URL, { purpose = 'any', sizes }: ManifestIcon): Promise<string> {
  const png = Buffer.from(await (await fetch(url)).arrayBuffer());
  const size = `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
  expect([url.pathname, size]).toEqual([url.pathname, sizes]);
  return `${purpose} ${size}`;
}
