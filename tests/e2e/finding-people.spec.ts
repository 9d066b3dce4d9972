import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { visitAsSeeded } from './support/people.ts';
import { holdCalls } from './support/requests.ts';
import { closeDialog, composer, pressEscape, pressOn, untilFocused } from './support/thread.ts';

const browser = await connectBrowser();
const andrew = await visitAsSeeded(browser, 'andrewbrown');
await andrew.page.goto('/messages');

/** Opens the picker and types into it. */
async function search(page: Page, query: string): Promise<void> {
  if ((await page.getByRole('dialog').count()) === 0)
    await page.getByRole('button', { name: 'New message' }).first().click();
  await page.getByRole('combobox', { name: 'Name or handle' }).fill(query);
}

describe('the person picker', () => {
  it('finds by the first letters of a handle or of any word of a name', async () => {
    const { page } = andrew;
    for (const query of ['lon', 'MOLL', 'londo mollari']) {
      await search(page, query);
      await page.getByRole('option', { name: /Londo Mollari/ }).waitFor();
    }
  });

  it('shows a message for no results and for the user’s own handle', async () => {
    const { page } = andrew;
    await search(page, 'zzzz');
    await page.getByText('No people found for “zzzz”.').waitFor();
    await search(page, 'andrewbrown');
    await page.getByText('You can’t message yourself.').waitFor();
    await expect.poll(() => page.getByRole('option').count()).toBe(0);
  });

  it('loses no letter that is typed quickly on a slow device', async () => {
    const { page } = andrew;
    const device = await andrew.context.newCDPSession(page);
    await device.send('Emulation.setCPUThrottlingRate', { rate: 12 });
    for (let times = 0; times < 4; times++) {
      await search(page, '');
      await page.getByRole('combobox', { name: 'Name or handle' }).pressSequentially('bayk', { delay: 30 });
      expect(await page.getByRole('combobox', { name: 'Name or handle' }).inputValue()).toBe('bayk');
    }
    await device.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await page.getByRole('option', { name: /Andrew Bayko/ }).waitFor();
  });

  it('receives all letters that are typed before its code is loaded', async () => {
    const visitor = await visitAsSeeded(browser, 'andrewbrown');
    const { page } = visitor;
    let load = () => {};
    const asked = new Promise<void>((resolve) => {
      load = resolve;
    });
    await page.route('**/person-picker*', async (route) => {
      await asked;
      await route.continue();
    });
    await page.goto(`/messages/${SEEDED_MESSAGE_GROUP_UUID}`);
    await composer(page).click();
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('lor');
    await page.keyboard.press('Enter');
    load();
    await page.keyboard.type('en', { delay: 150 });
    await page.getByRole('option', { name: /Loren Ipsum/ }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Name or handle' }).inputValue()).toBe('loren');
    await closeDialog(page, composer(page));
    expect(await composer(page).inputValue()).toBe('');
    expect(await page.getByRole('log').getByText('lor', { exact: true }).count()).toBe(0);
    await visitor.context.close();
  });

  it('sends one request for letters that follow each other closely', async () => {
    const { page } = andrew;
    await search(page, '');
    const requested: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('users.search')) requested.push(request.url());
    });
    // In one task of the page, so that a busy machine puts no pause between them.
    await page.getByRole('combobox', { name: 'Name or handle' }).evaluate((field: HTMLInputElement) => {
      for (const length of [1, 2, 3, 4]) {
        field.setRangeText('lond'.slice(length - 1, length), length - 1, length - 1, 'end');
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
    });
    await page.getByRole('option', { name: /Londo Mollari/ }).waitFor();
    expect(requested).toHaveLength(1);
  });

  it('works with arrow keys and Enter, and opens the existing conversation', async () => {
    const { page } = andrew;
    await search(page, 'lo');
    await expect.poll(() => page.getByRole('option').count()).toBeGreaterThanOrEqual(2);
    const chosen = () => page.locator('[role=option][aria-selected=true]').textContent();
    const first = await chosen();
    await page.keyboard.press('ArrowDown');
    await expect.poll(chosen).not.toBe(first);
    await page.keyboard.press('ArrowUp');
    await expect.poll(chosen).toBe(first);

    await search(page, 'bayko');
    await page.getByRole('option', { name: /Andrew Bayko/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/messages\/[0-9a-f-]{36}$/);
    await page.getByRole('heading', { name: 'Andrew Bayko' }).waitFor();
    await untilFocused(composer(page));
  });

  it('closes on Escape and returns the focus', async () => {
    const { page } = andrew;
    await pressOn(composer(page), 'Control+k');
    await page.getByRole('combobox', { name: 'Name or handle' }).waitFor();
    await closeDialog(page, composer(page));
  });
});

/** Opens the picker with the keyboard. What follows goes wherever the focus is, as from a real keyboard. */
async function openByKey(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Name or handle' }).waitFor();
}

describe('the person picker, with the keyboard only', () => {
  it('has the focus in its field, and corrects a name where the caret is', async () => {
    const { page } = andrew;
    await openByKey(page);
    await page.keyboard.type('bayo');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('kX');
    expect(await page.getByRole('combobox', { name: 'Name or handle' }).inputValue()).toBe('baykXo');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Delete');
    await page.getByRole('option', { name: /Andrew Bayko/ }).waitFor();
    await page.keyboard.press('Enter');
    // This conversation may have been open before.
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('heading', { level: 1, name: 'Andrew Bayko' }).waitFor();
  });

  it('finds a handle that is typed with its @', async () => {
    const { page } = andrew;
    await openByKey(page);
    await page.keyboard.type('@londo');
    await page.getByRole('option', { name: /Londo Mollari/ }).waitFor();
    await pressEscape(page.getByRole('dialog'));
  });

  it('opens on Enter the person that the text in the field finds, also if the answer comes later', async () => {
    const { page } = andrew;
    let answer = () => {};
    const mayAnswer = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route(/users\.search.*(loren|lozzz)/, async (route) => {
      await mayAnswer;
      await route.continue();
    });
    const address = page.url();
    await openByKey(page);
    await page.keyboard.type('lo');
    await page.getByRole('option', { name: /Londo Mollari/ }).waitFor();
    await page.keyboard.type('ren');
    await page.keyboard.press('Enter');
    await page.getByText('Searching…').waitFor();
    expect(page.url()).toBe(address);
    answer();
    await page.getByRole('heading', { level: 1, name: 'Loren Ipsum' }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await openByKey(page);
    await page.keyboard.type('lo');
    await page.getByRole('option', { name: /Londo Mollari/ }).waitFor();
    await page.keyboard.type('zzz');
    await page.keyboard.press('Enter');
    await page.getByText('No people found for “lozzz”.').waitFor();
    await pressEscape(page.getByRole('dialog'));
    // Not by its address, which changes when another spec file writes to Loren for the first time.
    await page.getByRole('heading', { level: 1, name: 'Loren Ipsum' }).waitFor();
  });

  it('shows that there is no network instead of searching forever', async () => {
    const { page, context } = andrew;
    await openByKey(page);
    await context.setOffline(true);
    await page.keyboard.type('unknown');
    await page.getByRole('dialog').getByText('You’re offline.').waitFor();
    await context.setOffline(false);
    await page.getByText('No people found for “unknown”.').waitFor();
    await pressEscape(page.getByRole('dialog'));
  });

  it('keeps the focus and what is typed while a conversation opens behind it', async () => {
    const { page } = andrew;
    const mira = await createAccount('Mira Vane');
    const release = await holdCalls(page, 'messageGroups.find');
    await openByKey(page);
    await page.keyboard.type(mira.handle);
    await page.getByRole('option', { name: /Mira Vane/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('status', { name: 'Loading messages' }).waitFor();
    await openByKey(page);
    await page.keyboard.type('lon');
    release();
    // Behind a dialog, nothing has a role.
    await page.locator('textarea').waitFor();
    await page.keyboard.type('do');
    expect(await page.getByRole('combobox', { name: 'Name or handle' }).inputValue()).toBe('londo');
    await pressEscape(page.getByRole('dialog'));
  });
});

describe('an address of a new conversation', () => {
  it('shows that the handle is the user’s own', async () => {
    await andrew.page.goto('/messages/new/AndrewBrown');
    await andrew.page.getByText('You can’t message yourself.').waitFor();
    expect(await composer(andrew.page).count()).toBe(0);
  });

  it('leads to the existing conversation, in any case of the handle’s letters, or with its @', async () => {
    for (const handle of ['BAYKO', '@bayko']) {
      await andrew.page.goto(`/messages/new/${handle}`);
      await andrew.page.waitForURL(/\/messages\/[0-9a-f-]{36}$/);
    }
  });

  it('finds no one by a look-alike letter or a pattern', async () => {
    for (const handle of ['b%', "' OR 1=1 --", 'bаyko']) {
      await andrew.page.goto(`/messages/new/${encodeURIComponent(handle)}`);
      await andrew.page.getByText(/No one has the handle/).waitFor();
      await expect.poll(() => andrew.page.title()).toContain('Not found · Cruddur');
    }
  });
});
