import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { signIn, type Visitor, visit } from './support/people.ts';
import { composer } from './support/thread.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const THREAD = `/messages/${SEEDED_MESSAGE_GROUP_UUID}`;

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

/** What axe finds against the page by WCAG 2.2 AA and its own best practices, a line each. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate(
    (options) => (window as unknown as { axe: { run(o: unknown): Promise<unknown> } }).axe.run(options),
    {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    } satisfies RunOptions,
  );
  return (results as AxeResults).violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
  );
}

for (const colorScheme of ['light', 'dark'] as const) {
  describe(`axe, in the ${colorScheme} theme, has nothing against`, () => {
    let andrew: Visitor;

    beforeAll(async () => {
      andrew = await visit(browser, { colorScheme });
    });

    afterAll(() => andrew.context.close());

    it.each(['/signin', '/signup', '/confirm', '/recover', '/nowhere'])('%s', async (path) => {
      await andrew.page.goto(path);
      await andrew.page.getByRole('heading', { level: 1 }).waitFor();
      expect(await violations(andrew.page)).toEqual([]);
    });

    it('a sign-in that was refused', async () => {
      const { page } = andrew;
      await page.goto('/signin');
      await page.getByLabel('Handle or email').fill('andrewbrown');
      await page.getByLabel('Password', { exact: true }).fill('wrong');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('alert').waitFor();
      expect(await violations(page)).toEqual([]);
      await signIn(andrew, 'andrewbrown');
    });

    it.each([
      ['/messages', 'Pick up a thread.'],
      [THREAD, 'I will heat the iron. Both.'],
      ['/messages/new/nobody-of-this-name', 'There is nobody called'],
      ['/messages/new/andrewbrown', 'That is you.'],
      ['/messages/00000000-0000-4000-8000-000000000000', 'There is no such conversation.'],
    ])('%s', async (path, words) => {
      await andrew.page.goto(path);
      await andrew.page.getByRole('main').getByText(words).waitFor();
      expect(await violations(andrew.page)).toEqual([]);
    });

    it('the thread on a phone', async () => {
      await andrew.page.setViewportSize({ width: 390, height: 844 });
      await andrew.page.goto(THREAD);
      await andrew.page.getByRole('log').getByText('I will heat the iron. Both.').waitFor();
      expect(await violations(andrew.page)).toEqual([]);
      await andrew.page.setViewportSize({ width: 1280, height: 800 });
    });

    it('the picker, the shortcuts and the account’s menu', async () => {
      const { page } = andrew;
      await page.goto(THREAD);
      await composer(page).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('lo');
      await page.getByRole('option').first().waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+/');
      await page.getByRole('dialog').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Account' }).click();
      await page.getByRole('menu').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
    });

    it('what is offline, too long and not sent', async () => {
      const { page } = andrew;
      await page.route('**/trpc/messages.create**', (route) => route.abort());
      await composer(page).fill('Will not go');
      await composer(page).press('Enter');
      await page.getByRole('log').getByText('Not sent yet.').waitFor();
      await andrew.context.setOffline(true);
      await composer(page).fill('x'.repeat(1030));
      await page.getByText('You are offline.').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Delete' }).click();
    });
  });
}
