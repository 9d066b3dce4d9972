import { describe, expect, it } from 'vitest';
import { launchBrowserWithClipboard } from './support/browser.ts';
import { createPair, message, signIn, signOut, write } from './support/people.ts';
import { bubbleStates, composer, expectLastBubbles, focusOn, pressOn, untilFocused } from './support/thread.ts';

const browser = await launchBrowserWithClipboard();
const [ada, grace] = await createPair(browser, ['Ada Vale', 'Grace Holm']);

const lastBubble = async () => (await bubbleStates(ada.page)).at(-1);

describe('the composer', () => {
  it('has the focus when a conversation opens', async () => {
    await ada.page.goto('/messages');
    await ada.page.getByRole('link', { name: /Grace Holm/ }).click();
    await untilFocused(composer(ada.page));
  });

  it('sends on Enter, and breaks the line on Shift+Enter', async () => {
    await composer(ada.page).pressSequentially('one');
    await ada.page.keyboard.press('Shift+Enter');
    await composer(ada.page).pressSequentially('two');
    await ada.page.keyboard.press('Enter');
    await expect.poll(lastBubble).toBe('message: one\ntwo');
    await expect.poll(() => composer(ada.page).inputValue()).toBe('');
  });

  it('ignores Enter during input method composition', async () => {
    const { page } = ada;
    const before = await lastBubble();
    const session = await ada.context.newCDPSession(page);
    await focusOn(composer(page));
    await session.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
    await page.keyboard.press('Enter');
    expect(await lastBubble()).toBe(before);
    await session.send('Input.insertText', { text: '日本' });
    await expect.poll(() => composer(page).inputValue()).toContain('日本');
    await page.keyboard.press('Enter');
    // The next message is the composed text: the first Enter sent nothing.
    await expect.poll(() => bubbleStates(page)).toEqual([expect.anything(), before, expect.stringContaining('日本')]);
  });

  it('ignores the Enter that Safari reports after a composition', async () => {
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

  it('counts characters near the limit, and sends nothing above it', async () => {
    const { page } = ada;
    const send = page.getByRole('button', { name: 'Send' });
    await composer(page).fill('x'.repeat(800));
    await expect.poll(() => page.getByText('/1,024').count()).toBe(0);
    await composer(page).fill('😀'.repeat(1024));
    await page.getByText('1,024/1,024').waitFor();
    await expect.poll(() => send.isEnabled()).toBe(true);
    await composer(page).fill('😀'.repeat(1025));
    await page.getByText('1,025/1,024').waitFor();
    await expect.poll(() => send.isDisabled()).toBe(true);
    const before = await lastBubble();
    await page.keyboard.press('Enter');
    expect(await lastBubble()).toBe(before);
    await composer(page).fill('   \n ');
    await expect.poll(() => send.isDisabled()).toBe(true);
    await composer(page).fill('');
  });

  it('pastes rich text as plain text', async () => {
    const { page } = ada;
    await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(async () => {
      const item = new ClipboardItem({
        'text/html': new Blob(['<b>bold</b> and <i>italic</i>'], { type: 'text/html' }),
        'text/plain': new Blob(['bold and italic'], { type: 'text/plain' }),
      });
      await navigator.clipboard.write([item]);
    });
    await pressOn(composer(page), 'Control+v');
    await expect.poll(() => composer(page).inputValue()).toBe('bold and italic');
    await composer(page).fill('');
  });

  it('receives what is typed and pasted elsewhere, from the first letter on', async () => {
    const { page } = ada;
    await focusOn(page.getByRole('log'));
    await page.keyboard.type('Typed, ');
    await pressOn(page.getByRole('button', { name: 'Emoji' }), 'Control+v');
    await expect.poll(() => composer(page).inputValue()).toBe('Typed, bold and italic');
    await composer(page).fill('');
  });

  it('stays, and says why, when a file is dropped on the page', async () => {
    const { page } = ada;
    const address = page.url();
    const session = await ada.context.newCDPSession(page);
    const data = { items: [], files: [import.meta.filename], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: 600, y: 300, data });
    await page.getByRole('status').getByText('Text only for now').waitFor();
    expect(page.url()).toBe(address);
  });
});

describe('a draft', () => {
  it('belongs to its conversation, and survives a reload', async () => {
    const { page } = ada;
    const thread = page.url();
    await composer(page).fill('Half a thought');
    await page.goto('/messages/new/londo');
    await expect.poll(() => composer(page).inputValue()).toBe('');
    await composer(page).fill('To londo');
    await page.goto(thread);
    await page.reload();
    await expect.poll(() => composer(page).inputValue()).toBe('Half a thought');
    await page.goto('/messages/new/londo');
    await expect.poll(() => composer(page).inputValue()).toBe('To londo');
    await composer(page).fill('');
    await page.goto(thread);
  });

  it('is not changed by a message that arrives', async () => {
    await write(grace, 'While you write');
    await message(ada, 'While you write').waitFor();
    expect(await composer(ada.page).inputValue()).toBe('Half a thought');
  });

  it('is shared by two tabs, and sent once', async () => {
    const { page } = ada;
    const other = await ada.context.newPage();
    await other.goto(page.url());
    await expect.poll(() => composer(other).inputValue()).toBe('Half a thought');
    await composer(other).press('End');
    await composer(other).pressSequentially(' more');
    await expect.poll(() => composer(page).inputValue()).toBe('Half a thought more');
    await composer(page).press('Enter');
    await message(ada, 'Half a thought more').waitFor();
    await expect.poll(() => composer(other).inputValue()).toBe('');
    await composer(other).press('Enter');
    await composer(other).pressSequentially('x');
    await expect.poll(() => composer(page).inputValue()).toBe('x');
    const sentOnce = ['message: While you write', 'message: Half a thought more'];
    for (const tab of [page, other]) await expectLastBubbles(tab, sentOnce);
    await composer(page).fill('Half a thought');
    await other.close();
  });

  it('is deleted at sign-out', async () => {
    const { page } = ada;
    const thread = page.url();
    await signOut(ada);
    await page.waitForURL('**/signin');
    const kept = await page.evaluate(() => Object.entries(localStorage).flat().join(' '));
    expect(kept).not.toContain('Half a thought');
    await signIn(ada, ada.handle, ada.password);
    await page.goto(thread);
    await message(ada, 'While you write').waitFor();
    expect(await composer(page).inputValue()).toBe('');
  });
});
