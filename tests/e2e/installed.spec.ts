import { beforeAll, describe, expect, it } from 'vitest';
import { createAccount, type TestAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { conversation, message, sendMessage, type TestUser, visitAs } from './support/people.ts';
import { bubbles, composer } from './support/thread.ts';

const browser = await connectBrowser();

/** That Chromium installs it is the subject of `tests/browsers/install.spec.ts`. */
describe('the installed app', () => {
  let ada: TestUser;
  let other: TestAccount;

  beforeAll(async () => {
    const [one, two] = await Promise.all([createAccount('Ada Quay'), createAccount('Olive Quay')]);
    other = two;
    await sendMessage(other, one.handle);
    ada = await visitAs(browser, one);
    await ada.page.goto('/messages');
    await conversation(ada, 'Olive Quay').waitFor();
  });

  it('has a manifest with icons of the sizes that it names', async () => {
    const href = await ada.page.locator('link[rel=manifest]').getAttribute('href');
    const url = new URL(href ?? '', ada.page.url());
    const manifest = (await (await fetch(url)).json()) as Manifest;
    expect(manifest).toMatchObject({
      name: 'Cruddur Messages',
      start_url: '/messages',
      scope: '/',
      display: 'standalone',
    });
    const icons = await Promise.all(manifest.icons.map((icon) => readIcon(new URL(icon.src, url), icon)));
    expect(icons).toEqual(['any 192x192', 'any 512x512', 'maskable 192x192', 'maskable 512x512']);
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
