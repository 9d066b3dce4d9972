import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { message, sendMessage, visitAs } from './support/people.ts';
import { pressEscape, untilFocused } from './support/thread.ts';

const browser = await connectBrowser();
const account = await createAccount('Ada Stone');
const other = await createAccount('Olive Stone');
const thread = await sendMessage(account, other.handle);
await sendMessage(other, account.handle, 'Hello, Ada!');
const ada = await visitAs(browser, account);

async function openThread(): Promise<void> {
  await ada.page.goto(`/messages/${thread}`);
  await message(ada, 'Hello, Ada!').waitFor();
}

const rows = (page: Page) => page.getByRole('navigation', { name: 'Conversations' }).getByRole('link');

/** Opens the list with another name and handle for the other person, which sign-up might refuse. */
async function openListWith(displayName: string, handle = other.handle): Promise<Locator> {
  const { page } = ada;
  // The page that is left may still be waiting for an answer.
  await page.unrouteAll({ behavior: 'wait' });
  await page.route(/messageGroups\.list/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text())
      .replaceAll(`"displayName":"${other.displayName}"`, `"displayName":${JSON.stringify(displayName)}`)
      .replaceAll(`"handle":"${other.handle}"`, `"handle":"${handle}"`);
    await route.fulfill({ response, body });
  });
  await page.goto('/messages');
  const row = rows(page).filter({ hasText: `@${handle}` });
  await row.waitFor();
  // Another typeface is wider.
  await page.evaluate(() => document.fonts.ready);
  return row;
}

/** Whether a text is drawn whole, and within its row. */
const isWhole = (row: Locator, text: string) =>
  row.getByText(text, { exact: true }).evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const [inner, box] = [range.getBoundingClientRect(), element.getBoundingClientRect()];
    const outer = element.closest('a')?.getBoundingClientRect();
    // Chromium cuts a text for the smallest fraction of a pixel that it lacks.
    return inner.width <= box.width && outer !== undefined && box.top >= outer.top && box.bottom <= outer.bottom;
  });

describe('a name in the list', () => {
  it.each([
    ['Andrew Brown', 'andrewbrown'],
    ['Mae', 'a-handle-of-thirty-characters-'],
    ['Wilhelmina Feather', 'wilhelmina-of-the-feathers'],
  ])('%s @%s is drawn whole', async (name, handle) => {
    for (const width of [1280, 390]) {
      await ada.page.setViewportSize({ width, height: 844 });
      const row = await openListWith(name, handle);
      expect([width, await isWhole(row, name), await isWhole(row, `@${handle}`)]).toEqual([width, true, true]);
    }
  });

  it('does not hide the handle, however long it is, and with a false handle in it', async () => {
    for (const name of ['Andrew Brown @andrewbrown', 'W'.repeat(80)]) {
      const row = await openListWith(name, 'deceiver');
      expect([name, await isWhole(row, '@deceiver')]).toEqual([name, true]);
    }
  });

  it('with stacked marks paints nothing outside its row and avatar', async () => {
    const { page } = ada;
    await page.setViewportSize({ width: 1280, height: 844 });
    /** What is around the row's text: the strips above and below it, and above the row. */
    const surroundings = async (row: Locator) => {
      const box = await row.boundingBox();
      if (box === null) throw new Error('the row is not drawn');
      const { x, y, width, height } = box;
      const strips = [
        { x, y: y - 40, width, height: 48 },
        { x, y: y + height - 8, width: 60, height: 8 },
      ];
      return Promise.all(strips.map(async (clip) => (await page.screenshot({ clip })).toString('base64')));
    };
    const row = await openListWith('Zoe Brown');
    // Parts of the page may load after the list.
    let plain: string[] = [];
    const isSettled = async () => {
      const before = plain.join();
      plain = await surroundings(row);
      return plain.join() === before;
    };
    await expect.poll(isSettled).toBe(true);
    const marks = Array.from({ length: 76 }, (_, index) => String.fromCodePoint(0x0300 + index)).join('');
    const marked = await openListWith(`Z${marks}oe Brown`);
    await expect.poll(() => surroundings(marked)).toEqual(plain);
  });
});

it('headings have the typeface of the page', async () => {
  const { page } = ada;
  await openThread();
  const faces = await page
    .locator('body, h1, h2, header p')
    .evaluateAll((elements) => elements.map((element) => getComputedStyle(element).fontFamily));
  expect(faces.length).toBeGreaterThan(3);
  expect(new Set(faces).size).toBe(1);
});

describe('with forced colours, which remove backgrounds and shadows', () => {
  /** Whether an element has an edge: a border or an outline. */
  const hasEdge = (found: Locator) =>
    found.first().evaluate((element) => {
      const { borderTopStyle, borderTopWidth, outlineStyle } = getComputedStyle(element);
      return (borderTopStyle !== 'none' && borderTopWidth !== '0px') || outlineStyle !== 'none';
    });
  const expectEdge = (found: Locator) => expect.poll(() => hasEdge(found)).toBe(true);

  it('bubbles, the open row, fields, menu items and the switch have edges', async () => {
    const { page } = ada;
    await openThread();
    await page.emulateMedia({ forcedColors: 'active' });
    for (const color of ['own', 'theirs']) await expectEdge(page.locator(`[data-testid=message].bg-${color}`));
    await expectEdge(page.locator('nav a[aria-current=page]'));

    await page.keyboard.press('Control+k');
    await untilFocused(page.getByRole('combobox', { name: 'Name or handle' }));
    await page.keyboard.type('lo');
    await expectEdge(page.locator('[role=option][aria-selected=true]'));
    await pressEscape(page.getByRole('dialog'));

    await page.keyboard.press('Control+/');
    await expectEdge(page.getByRole('switch'));
    await expectEdge(page.getByRole('switch').locator('span'));
    await pressEscape(page.getByRole('dialog'));

    await page.getByRole('button', { name: 'Account' }).click();
    await expectEdge(page.getByRole('menuitemradio', { name: 'System', checked: true }));
    await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).hover();
    await expectEdge(page.getByRole('menuitem', { name: 'Keyboard shortcuts' }));
    expect(await hasEdge(page.getByRole('menuitem', { name: 'Sign out' }))).toBe(false);
    await pressEscape(page.getByRole('menu'));

    await page.getByRole('button', { name: /^About / }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Block…' }).click();
    const question = page.getByRole('alertdialog');
    await expectEdge(question.getByRole('button', { name: 'Block' }));
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    await page.emulateMedia({ forcedColors: 'none' });
  });
});

describe('on a page from right to left', () => {
  const box = async (found: Locator) => {
    const drawn = await found.boundingBox();
    if (drawn === null) throw new Error('not drawn');
    return { ...drawn, right: drawn.x + drawn.width };
  };
  /** Tests before may have given the other person another name. */
  const openPlainThread = async () => {
    await ada.page.unrouteAll({ behavior: 'wait' });
    await openThread();
  };
  const turn = () => ada.page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));

  it('a row, its menu and the bubbles are mirrored, and handles are not', async () => {
    const { page } = ada;
    await page.setViewportSize({ width: 1280, height: 800 });
    await openPlainThread();
    await turn();
    const row = rows(page).filter({ hasText: other.displayName });
    const handle = row.getByText(`@${other.handle}`);
    expect(await handle.evaluate((element) => getComputedStyle(element).direction)).toBe('ltr');
    const preview = await row.getByText('Hello, Ada!').evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return { text: range.getBoundingClientRect().right, line: element.getBoundingClientRect().right };
    });
    expect(preview.text).toBeCloseTo(preview.line, 0);

    await row.click({ button: 'right' });
    const item = page.getByRole('menuitem', { name: 'Pin to top' });
    // The menu moves to its place after it was drawn.
    const gap = async () => (await box(item.locator('svg'))).x - (await box(item.getByText('Pin to top'))).right;
    await expect.poll(gap).toBeGreaterThanOrEqual(0);
    await pressEscape(page.getByRole('menu'));

    const [own, theirs] = [await box(message(ada, 'Hello!')), await box(message(ada, 'Hello, Ada!'))];
    expect(own.x).toBeLessThan(theirs.x);
  });

  it('a switch that is on has its knob at the left', async () => {
    const { page } = ada;
    await page.goto('/settings');
    const typing = page.getByRole('switch', { name: 'Typing' });
    await typing.waitFor();
    await turn();
    const knob = () => typing.evaluate((element) => getComputedStyle(element, '::before').translate);
    await expect.poll(knob).toMatch(/^-/);
    expect(await typing.evaluate((element) => getComputedStyle(element, '::before').right)).toBe('2px');
  });
});
