import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { launchBrowserWithClipboard } from './support/browser.ts';
import { createPair, keepScreenshots, message, openGroup, type TestUser, write, writeMany } from './support/people.ts';
import {
  bubbles,
  clickInThread,
  clickToolbar,
  composer,
  distanceFromEnd,
  expectPasted,
  focusOn,
  isInView,
  scrollThread,
  untilStill,
} from './support/thread.ts';

const DESKTOP = { width: 1280, height: 800 };
const TALL = 8_000;
/** Texts of many lengths. For some, the time does not fit on the last line. */
const LENGTHS = Array.from({ length: 51 }, (_, i) =>
  'Down by the harbour a lantern burns all night. '.repeat(4).slice(0, 20 + i),
);

const browser = await launchBrowserWithClipboard();
const [ada, grace] = await createPair(browser, ['Ada Vale', 'Grace Holm']);
await ada.context.grantPermissions(['clipboard-write']);

/** Writes messages without a browser, and waits until Ada's page shows the last one. */
async function writeAll(sender: TestUser, texts: readonly string[]): Promise<void> {
  await writeMany(sender, openGroup(ada), texts);
  await expect.poll(() => bubbles(ada.page).last().innerText()).toContain(texts.at(-1));
}

/** The drawn runs whose time is not between its bubble and the next row, or beyond the edge of the thread. */
const misplacedTimes = (page: Page) =>
  page.getByRole('log').evaluate((log) => {
    const view = log.getBoundingClientRect();
    const rows = [...log.querySelectorAll<HTMLElement>('[data-view-key]')].filter((row) => row.querySelector('time'));
    return rows
      .filter((row, index) => {
        const bubble = row.querySelector('[data-key]')?.getBoundingClientRect();
        const time = row.querySelector('time');
        const next = rows[index + 1]?.getBoundingClientRect();
        if (time === null || bubble === undefined) return true;
        // Within a run, the time is invisible until the bubble has the pointer or the focus.
        if (getComputedStyle(time.parentElement ?? time).opacity === '0') return false;
        const { top, bottom, left, right } = time.getBoundingClientRect();
        return top < bubble.bottom || bottom > (next?.top ?? view.bottom) || left < view.left || right > view.right;
      })
      .map((row) => row.textContent);
  });

/** The texts of the bubbles that show their time, from top to bottom. */
const timedTexts = (page: Page) =>
  bubbles(page).evaluateAll((elements) =>
    elements
      .filter((bubble) => {
        const time = bubble.closest('[data-view-key]')?.querySelector('time');
        return time && getComputedStyle(time.parentElement ?? time).opacity === '1';
      })
      .map((bubble) => bubble.querySelector('[data-text]')?.textContent),
  );

describe('the time of a message', () => {
  it('is below the last one of a run, clear of all bubbles at any length and width', async () => {
    const { page } = ada;
    await writeAll(grace, LENGTHS);
    await writeAll(ada, ['مرحبا بك في المرفأ '.repeat(5), '🎉']);
    for (const width of [390, 600, 1280]) {
      await page.setViewportSize({ width, height: TALL });
      await expect.poll(() => bubbles(page).count()).toBeGreaterThan(LENGTHS.length);
      await untilStill(page);
      expect(await misplacedTimes(page)).toEqual([]);
    }
    await page.setViewportSize(DESKTOP);
    await keepScreenshots(ada, 'bubbles');
    await page.setViewportSize(DESKTOP);
  });

  it('is shown once per run, and of the others on hover, on focus, and to screen readers', async () => {
    const { page } = ada;
    await writeAll(ada, ['One for the run']);
    await writeAll(grace, ['First of a run', 'Second of a run']);
    await untilStill(page);
    expect((await timedTexts(page)).slice(-2)).toEqual(['One for the run', 'Second of a run']);
    const first = bubbles(page).filter({ hasText: 'First of a run' });
    const shown = async () => (await timedTexts(page)).includes('First of a run');
    await first.hover();
    await expect.poll(shown).toBe(true);
    await composer(page).hover();
    await expect.poll(shown).toBe(false);
    await focusOn(first);
    await expect.poll(shown).toBe(true);
    await focusOn(composer(page));
    expect(await first.textContent()).toMatch(/^Grace Holm, \d\d:\d\d: First of a run/);
  });

  it('moves no bubble when the run grows', async () => {
    const { page } = ada;
    const boxes = async (texts: string[]) => {
      await untilStill(page);
      const found = await Promise.all(texts.map((text) => bubbles(page).filter({ hasText: text }).boundingBox()));
      const [first] = found;
      return found.map((box) => box && first && [box.y - first.y, box.width, box.height]);
    };
    const before = await boxes(['First of a run', 'Second of a run']);
    await writeAll(grace, ['Third of a run']);
    expect(await boxes(['First of a run', 'Second of a run'])).toEqual(before);
  });
});

describe('direction', () => {
  it('of a message does not reach its time or its links', async () => {
    const { page } = ada;
    await writeAll(grace, ['שלום\u202e https://evil.example/moc.knab//:sptth', '\u202ehttps://evil.example/a']);
    // The position of letters proves their order.
    const isDrawnInOrder = (selector: string) =>
      bubbles(page).evaluateAll(
        (elements, part) =>
          elements.slice(-2).map((bubble) => {
            const found = bubble.querySelector(part);
            const text = document.createTreeWalker(found ?? bubble, NodeFilter.SHOW_TEXT).nextNode();
            if (!text) throw new Error(`no text in ${part}`);
            const places = Array.from(text.textContent ?? '', (_, index) => {
              const range = document.createRange();
              range.setStart(text, index);
              range.setEnd(text, index + 1);
              return range.getBoundingClientRect();
            });
            return places.every((place, index) => {
              const before = places[index - 1];
              return before === undefined || place.left >= before.left || place.top > before.top;
            });
          }),
        selector,
      );
    await expect.poll(() => isDrawnInOrder('a')).toEqual([true, true]);
  });

  it('and other letters hide no host', async () => {
    await writeAll(grace, ['https://\u0430pple.com/sale']);
    const link = bubbles(ada.page).last().getByRole('link');
    await expect.poll(() => link.innerText()).toBe('https://\u0430pple.com/sale (xn--pple-43d.com)');
  });
});

describe('a message', () => {
  it('of a thousand lines is folded until it is unfolded, where the reader is', async () => {
    const { page } = ada;
    await writeAll(grace, ['Before', `${'\n'.repeat(1022)}a`]);
    await untilStill(page);
    expect(await distanceFromEnd(page)).toBeLessThan(1);
    expect(await isInView(message(ada, 'Before'))).toBe(true);
    const long = bubbles(page).last();
    const box = await long.boundingBox();
    expect(box?.height).toBeLessThan(600);
    await clickInThread(long.getByRole('button', { name: 'Show more' }));
    await expect.poll(async () => (await long.boundingBox())?.height).toBeGreaterThan(20_000);
    expect((await long.boundingBox())?.width).toBe(box?.width);
    expect(await isInView(message(ada, 'Before'))).toBe(true);
    await long.getByRole('button', { name: 'Show less' }).press('Enter');
    await expect.poll(async () => (await long.boundingBox())?.height).toBe(box?.height);
    // The page learns a moment later that its reader is at the end again.
    await untilStill(page);
    await write(grace, 'After');
    await expect.poll(() => isInView(message(ada, 'After'))).toBe(true);
  });

  it('is folded where the width of the window makes it long, and only there', async () => {
    const { page } = ada;
    const words = 'Down by the harbour a lantern burns all night. '.repeat(22).slice(0, 1020);
    const isFolded = async () => (await bubbles(page).last().getByRole('button', { name: 'Show more' }).count()) === 1;
    const resize = async (width: number, folded: boolean) => {
      await page.setViewportSize({ ...DESKTOP, width });
      await expect.poll(isFolded).toBe(folded);
      await untilStill(page);
      expect(await distanceFromEnd(page)).toBeLessThan(1);
    };
    await writeAll(grace, [words]);
    expect(await isFolded()).toBe(false);
    await resize(390, true);
    await resize(1280, false);
    await page.setViewportSize({ ...DESKTOP, width: 390 });
    await page.reload();
    await expect.poll(isFolded).toBe(true);
    await resize(1280, false);
  });

  it('has links that are safe, and no others', async () => {
    await write(grace, 'https://cruddur.example/a javascript:alert(1) <b>bold</b> me@cruddur.com');
    const bubble = bubbles(ada.page).filter({ hasText: 'javascript:' });
    const hrefs = () => bubble.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    // What finds links is loaded after the thread.
    await expect.poll(hrefs).toEqual(['https://cruddur.example/a', 'mailto:me@cruddur.com']);
    expect(await bubble.getByRole('link').first().getAttribute('rel')).toContain('noopener');
    expect(await bubble.locator('b').count()).toBe(0);
  });

  it('keeps its line breaks, and is large if it is only emoji', async () => {
    await write(grace, 'one\n\ntwo');
    await write(grace, 'New three');
    await write(grace, '🎉\n🎊');
    const party = bubbles(ada.page).last().locator('p > span');
    await expect.poll(() => party.textContent()).toBe('🎉\n🎊');
    expect((await party.boundingBox())?.height).toBeGreaterThan(100);
    const sizes = await Promise.all(
      [party, message(ada, 'New three')].map((text) => text.evaluate((element) => getComputedStyle(element).fontSize)),
    );
    expect(Number.parseFloat(sizes[0] ?? '')).toBeGreaterThan(2 * Number.parseFloat(sizes[1] ?? ''));
    const lines = bubbles(ada.page).filter({ hasText: 'one' }).filter({ hasText: 'two' }).locator('p > span');
    const [three, single] = await Promise.all([lines.boundingBox(), message(ada, 'New three').boundingBox()]);
    expect(three?.height).toBeGreaterThan(2.5 * (single?.height ?? Number.POSITIVE_INFINITY));
  });

  it('can be copied', async () => {
    const bubble = bubbles(ada.page).filter({ hasText: 'New three' });
    await clickToolbar(bubble, 'Copy message');
    await expectPasted(ada.page, 'New three');
  });

  it('that is selected by a triple click is copied without the line breaks after it', async () => {
    const { page } = ada;
    await writeAll(grace, ['I pointed at the ceiling.', 'Then we ran.\nWe hid.', 'After it']);
    await untilStill(page);
    for (const line of ['I pointed at the ceiling.', 'Then we ran.']) {
      const bubble = bubbles(page).filter({ hasText: line }).locator('[data-text]');
      await bubble.click({ clickCount: 3, position: { x: 10, y: 10 } });
      await page.keyboard.press('ControlOrMeta+c');
      await expectPasted(page, line);
    }
  });

  it('of a link is copied without the host that is drawn after it', async () => {
    const { page } = ada;
    await writeAll(grace, ['See https://\u0430pple.com/lantern']);
    const text = bubbles(page).last().locator('[data-text]');
    await text.evaluate((element) => document.getSelection()?.selectAllChildren(element));
    await page.keyboard.press('ControlOrMeta+c');
    await expectPasted(page, 'See https://\u0430pple.com/lantern');
  });

  it('is drawn with its markup, and copied as it was typed', async () => {
    const { page } = ada;
    const typed =
      'A *bold* and _leaning_ `pier`:\n```\nconst wide = "0123456789".repeat(10) + "0123456789".repeat(20);\n```\ndone';
    await writeAll(grace, [typed.replace('done', '0123456789'.repeat(12)), 'Before the markup']);
    await writeMany(ada, openGroup(ada), [typed]);
    const text = bubbles(page).filter({ hasText: 'A bold and leaning pier:' }).last().locator('[data-text]');
    await text.getByText('done').waitFor();
    expect(await text.locator('strong, em, code').allTextContents()).toEqual([
      'bold',
      'leaning',
      'pier',
      'const wide = "0123456789".repeat(10) + "0123456789".repeat(20);',
    ]);
    await keepScreenshots(ada, 'markup');
    // A wide line of code wraps: nothing in a thread scrolls sideways.
    await page.setViewportSize({ width: 390, height: 800 });
    const block = text.locator('[data-block]');
    const size = () => block.evaluate((code) => [code.scrollWidth > code.clientWidth, code.clientHeight > 36]);
    await expect.poll(size).toEqual([false, true]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.setViewportSize(DESKTOP);
    const select = (found: typeof text) =>
      found.evaluate((element) => document.getSelection()?.selectAllChildren(element));
    await select(text);
    await page.keyboard.press('ControlOrMeta+c');
    await expectPasted(page, typed);
    await select(text.locator('strong'));
    await page.keyboard.press('ControlOrMeta+c');
    await expectPasted(page, 'bold');
  });

  it('that is selected with others is copied with its sender and time, also when it is scrolled away meanwhile', async () => {
    const { page } = ada;
    await writeAll(grace, ['First of three']);
    await writeAll(ada, ['Second of three']);
    await writeAll(grace, ['Third of three']);
    await untilStill(page);
    const [from, to] = await Promise.all(
      ['First of three', 'Third of three'].map((text) => message(ada, text).boundingBox()),
    );
    if (!from || !to) throw new Error('the messages are not in view');
    await page.mouse.move(from.x + 1, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width / 2, to.y + 2, { steps: 5 });
    await page.mouse.move(to.x + to.width + 60, to.y + to.height / 2, { steps: 5 });
    await page.mouse.up();
    await scrollThread(page, -3000);
    await expect.poll(() => isInView(message(ada, 'Third of three'))).toBe(false);
    await scrollThread(page, 50_000);
    await expect.poll(() => isInView(message(ada, 'Third of three'))).toBe(true);
    await page.keyboard.press('ControlOrMeta+c');
    await composer(page).press('ControlOrMeta+v');
    const clock = /, \d\d:\d\d: /g;
    await expect
      .poll(async () => (await composer(page).inputValue()).replaceAll(clock, ' at a time: ').split('\n'))
      .toEqual([
        'Grace Holm at a time: First of three',
        'Ada Vale at a time: Second of three',
        'Grace Holm at a time: Third of three',
      ]);
    await composer(page).fill('');
  });
});
