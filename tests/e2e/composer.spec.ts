import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { message, signIn } from './support/people.ts';
import { type NewPerson, signUpPair } from './support/sign-up.ts';
import { composer, slipStates } from './support/thread.ts';

let browser: Browser;
let ada: NewPerson;
let grace: NewPerson;

beforeAll(async () => {
  browser = await launchBrowser();
  [ada, grace] = await signUpPair(browser, ['Ada Vale', 'Grace Holm']);
});

afterAll(() => browser.close());

const lastSlip = async () => (await slipStates(ada.page)).at(-1);

describe('the form', () => {
  it('has the focus when a conversation opens', async () => {
    await ada.page.goto('/messages');
    await ada.page.getByRole('link', { name: /Grace Holm/ }).click();
    await expect.poll(() => composer(ada.page).evaluate((field) => field === document.activeElement)).toBe(true);
  });

  it('sends on Enter, and breaks the line on Shift and Enter', async () => {
    await composer(ada.page).pressSequentially('one');
    await ada.page.keyboard.press('Shift+Enter');
    await composer(ada.page).pressSequentially('two');
    await ada.page.keyboard.press('Enter');
    await expect.poll(lastSlip).toBe('message: one\ntwo');
    expect(await composer(ada.page).inputValue()).toBe('');
  });

  it('leaves Enter to an input method, which ends its composition by it', async () => {
    const { page } = ada;
    const before = await lastSlip();
    const session = await ada.context.newCDPSession(page);
    await composer(page).focus();
    await session.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
    await page.keyboard.press('Enter');
    expect(await lastSlip()).toBe(before);
    await session.send('Input.insertText', { text: '日本' });
    expect(await composer(page).inputValue()).toContain('日本');
    await page.keyboard.press('Enter');
    await expect.poll(lastSlip).toContain('日本');
  });

  it('leaves the Enter to it that Safari tells of after the composition has ended', async () => {
    await composer(ada.page).fill('かな');
    await composer(ada.page).evaluate((field) => {
      const key = { key: 'Enter', keyCode: 229, isComposing: false, bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent('keydown', key));
    });
    expect(await composer(ada.page).inputValue()).toBe('かな');
    await composer(ada.page).fill('');
  });

  it('grows to eight lines, then scrolls', async () => {
    const height = () => composer(ada.page).evaluate((field) => field.clientHeight);
    const heights: number[] = [];
    for (const lines of [1, 4, 8, 12]) {
      await composer(ada.page).fill(Array.from({ length: lines }, (_, index) => `line ${index}`).join('\n'));
      heights.push(await height());
    }
    const [one = 0, four = 0, eight = 0, twelve = 0] = heights;
    const line = (four - one) / 3;
    expect(line).toBeGreaterThan(15);
    expect(Math.round((eight - one) / line)).toBe(7);
    expect(twelve).toBe(eight);
    await composer(ada.page).fill('');
  });

  it('counts characters near the limit, and sends nothing beyond it', async () => {
    const { page } = ada;
    const send = page.getByRole('button', { name: 'Send' });
    await composer(page).fill('x'.repeat(800));
    expect(await page.getByText('/1,024').count()).toBe(0);
    await composer(page).fill('😀'.repeat(1024));
    await page.getByText('1,024/1,024').waitFor();
    expect(await send.isEnabled()).toBe(true);
    await composer(page).fill('😀'.repeat(1025));
    await page.getByText('1,025/1,024').waitFor();
    expect(await send.isDisabled()).toBe(true);
    const before = await lastSlip();
    await page.keyboard.press('Enter');
    expect(await lastSlip()).toBe(before);
    await composer(page).fill('   \n ');
    expect(await send.isDisabled()).toBe(true);
    await composer(page).fill('');
  });

  it('takes rich text as plain', async () => {
    const { page } = ada;
    await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(async () => {
      const item = new ClipboardItem({
        'text/html': new Blob(['<b>bold</b> and <i>italic</i>'], { type: 'text/html' }),
        'text/plain': new Blob(['bold and italic'], { type: 'text/plain' }),
      });
      await navigator.clipboard.write([item]);
    });
    await composer(page).focus();
    await page.keyboard.press('Control+v');
    expect(await composer(page).inputValue()).toBe('bold and italic');
    await composer(page).fill('');
  });
});

describe('a draft', () => {
  it('belongs to its conversation, and is there after a reload', async () => {
    const { page } = ada;
    const thread = page.url();
    await composer(page).fill('Half a thought');
    await page.goto('/messages/new/londo');
    expect(await composer(page).inputValue()).toBe('');
    await composer(page).fill('To londo');
    await page.goto(thread);
    await page.reload();
    expect(await composer(page).inputValue()).toBe('Half a thought');
    await page.goto('/messages/new/londo');
    expect(await composer(page).inputValue()).toBe('To londo');
    await composer(page).fill('');
    await page.goto(thread);
  });

  it('is not touched by what arrives', async () => {
    await composer(grace.page).fill('While you write');
    await composer(grace.page).press('Enter');
    await message(ada, 'While you write').waitFor();
    expect(await composer(ada.page).inputValue()).toBe('Half a thought');
  });

  it('is wiped at sign-out', async () => {
    const { page } = ada;
    const thread = page.url();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/signin');
    const kept = await page.evaluate(() => Object.entries(localStorage).flat().join(' '));
    expect(kept).not.toContain('Half a thought');
    await signIn(ada, ada.handle, ada.password);
    await page.goto(thread);
    await message(ada, 'While you write').waitFor();
    expect(await composer(page).inputValue()).toBe('');
  });
});
