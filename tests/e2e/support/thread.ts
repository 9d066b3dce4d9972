import type { Locator, Page, Response } from 'playwright-core';
import { expect, vi } from 'vitest';

/** The drawn message bubbles, top to bottom. */
export const bubbles = (page: Page): Locator => page.getByRole('log').getByTestId('message');

/** The field that a message is typed into. */
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Message/ });

/** Each drawn bubble as `state: text`. */
export async function bubbleStates(page: Page): Promise<string[]> {
  return bubbles(page).evaluateAll((elements) =>
    elements.map(
      (element) => `${element.getAttribute('data-state')}: ${element.querySelector('p > span')?.textContent}`,
    ),
  );
}

/** Waits until the last bubbles are these, each as `state: text`. */
export async function expectLastBubbles(page: Page, expected: string[]): Promise<void> {
  await expect.poll(async () => (await bubbleStates(page)).slice(-expected.length)).toEqual(expected);
}

/** Pastes into the composer until it has this text. The keyboard is used because scripts may not read the clipboard. */
export async function expectPasted(page: Page, text: string): Promise<void> {
  const paste = async () => {
    await composer(page).fill('');
    await composer(page).press('ControlOrMeta+v');
    return composer(page).inputValue();
  };
  await expect.poll(paste).toBe(text);
  await composer(page).fill('');
}

/** Whether an element has the focus. Waits for nothing: an element that is not there has none. */
export const hasFocus = (element: Locator): Promise<boolean> =>
  element.evaluateAll((found) => found.some((one) => one === document.activeElement));

/** Waits until an element has the focus. */
export const untilFocused = (element: Locator): Promise<void> => expect.poll(() => hasFocus(element)).toBe(true);

/**
 * Gives an element the focus once it can have it. Playwright's `focus` waits only until the element is in the page, and the
 * browser ignores it for an invisible one, such as a row that is drawn but not yet measured: the next key would go elsewhere.
 */
export async function focusOn(element: Locator): Promise<void> {
  const takesFocus = async () => {
    await element.focus();
    return hasFocus(element);
  };
  await expect.poll(takesFocus).toBe(true);
}

/**
 * Presses a key on an element that gets the focus before. If something else has taken the focus meanwhile, such as a page that is
 * still opening, it tries again: the key would do something else there.
 */
export async function pressOn(element: Locator, key: string): Promise<void> {
  const press = async () => {
    await focusOn(element);
    const heard = await element.evaluateHandle((target) => {
      const keys: Event[] = [];
      target.addEventListener('keydown', (event) => keys.push(event), { capture: true });
      return keys;
    });
    await element.page().keyboard.press(key);
    if ((await heard.evaluate(({ length }) => length)) === 0) throw new Error(`${key} went elsewhere`);
  };
  await vi.waitFor(press, { timeout: 30_000 });
}

/** Closes a menu or dialog by the keyboard, once the focus is in it: what was just drawn may not listen to keys yet. */
export async function pressEscape(opened: Locator): Promise<void> {
  const isFocusInside = () => opened.evaluateAll((found) => found.some((one) => one.contains(document.activeElement)));
  await expect.poll(isFocusInside).toBe(true);
  await opened.page().keyboard.press('Escape');
  await opened.waitFor({ state: 'detached' });
}

/** Closes the open dialog by the keyboard, and waits until what had the focus before has it again: that is a moment later. */
export async function closeDialog(page: Page, focusedBefore: Locator): Promise<void> {
  await pressEscape(page.getByRole('dialog'));
  await untilFocused(focusedBefore);
}

/** How far the thread is scrolled from its end, in pixels. */
export const distanceFromEnd = (page: Page): Promise<number> =>
  page.getByRole('log').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);

/** Scrolls the thread by this many pixels with the mouse wheel. */
export async function scrollThread(page: Page, by: number): Promise<void> {
  await page.getByRole('log').hover();
  await page.mouse.wheel(0, by);
}

/**
 * Scrolls the thread down to its end, and returns the texts that were drawn on the way. It looks before each step, once all rows
 * in view are drawn: what a step leaves above the view is not drawn any more.
 *
 * @param last - the text of the newest message
 * @throws {Error} if the end is not reached
 */
export async function readDown(page: Page, last: string): Promise<Set<string>> {
  const seen = new Set<string>();
  // Steps are counted, not seconds: how long one takes depends on the machine.
  for (let step = 0; step < 100; step++) {
    await untilStill(page);
    for (const text of await bubbles(page).locator('[data-text]').allTextContents()) seen.add(text);
    if (seen.has(last) && (await distanceFromEnd(page)) < 1) return seen;
    await scrollThread(page, 500);
  }
  throw new Error('the end of the thread was not reached in 100 steps');
}

/**
 * Whether an element is drawn within the visible part of its scrolling ancestor, the thread by default. Playwright's
 * `isVisible` is also true for what is scrolled out of view.
 */
export const isInView = (found: Locator, scroller = '[role=log]'): Promise<boolean> =>
  found.evaluateAll(
    (elements, selector) =>
      elements.some((element) => {
        const view = element.closest(selector)?.getBoundingClientRect();
        const { top, bottom, height } = element.getBoundingClientRect();
        return view !== undefined && height > 0 && top >= view.top && bottom <= view.bottom;
      }),
    scroller,
  );

/**
 * Waits until the thread has not moved or grown for twenty frames: rows are measured after drawing, and virtua corrects the
 * place for those above 150 ms after the last scrolling, which is nine frames.
 */
export async function untilStill(page: Page): Promise<void> {
  await page.getByRole('log').evaluate(async (log) => {
    const places = () =>
      [...log.querySelectorAll('[data-key]')].map((bubble) => bubble.getBoundingClientRect().top).join();
    const state = () => `${log.scrollTop} ${log.scrollHeight} ${places()}`;
    let before = state();
    for (let frames = 0; frames < 20; frames++) {
      await new Promise(requestAnimationFrame);
      const after = state();
      if (after !== before) frames = 0;
      before = after;
    }
  });
}

/** Waits until the page shows that its person's last message was read. */
export const untilSeen = (page: Page): Promise<void> =>
  bubbles(page).last().locator('xpath=../..').getByText('Seen', { exact: true }).waitFor();

/** A button of the toolbar that shows next to a bubble while the mouse points at it. */
export const toolbarButton = (bubble: Locator, name: string): Locator =>
  bubble.locator('xpath=..').getByRole('button', { name, exact: true });

/**
 * Points at a bubble with the mouse, and clicks a button of its toolbar. A bubble that moves away from the mouse takes its
 * toolbar with it: then this points at it again.
 */
export async function clickToolbar(bubble: Locator, name: string): Promise<void> {
  await clickMoving(toolbarButton(bubble, name), () => bubble.hover());
}

/** Clicks something in the thread, which may move as it fills. */
export const clickInThread = (target: Locator): Promise<void> => clickMoving(target, async () => undefined);

/** Tries again if the target moved between pressing and releasing the mouse button: the browser does not count that as a click. */
async function clickMoving(target: Locator, prepare: () => Promise<void>): Promise<void> {
  const click = async () => {
    await untilStill(target.page());
    await prepare();
    const listen = (element: SVGElement | HTMLElement) => {
      const clicks: Event[] = [];
      element.addEventListener('click', (event) => clicks.push(event), { capture: true });
      return clicks;
    };
    // Not for a minute: a bubble that has moved away has no toolbar until the mouse points at it again.
    const seen = await target.evaluateHandle(listen, undefined, { timeout: 5_000 });
    const failure: unknown = await target.click({ timeout: 5_000 }).then(
      () => new Error('it moved while it was clicked'),
      (error: unknown) => error,
    );
    // On a busy machine it may run out of time after the click, and a second one would take the first one back.
    if ((await seen.evaluate(({ length }) => length)) === 0) throw failure;
  };
  await vi.waitFor(click, { timeout: 60_000 });
}

/** The topmost bubble in view, with its position on the screen, once the thread is still. */
export async function topBubble(page: Page): Promise<{ key: string; y: number }> {
  await untilStill(page);
  return page.getByRole('log').evaluate((log) => {
    const top = log.getBoundingClientRect().top;
    const inView = [...log.querySelectorAll<HTMLElement>('[data-key]')].find(
      (bubble) => bubble.getBoundingClientRect().top > top + 100,
    );
    if (inView === undefined) throw new Error('no bubble is in view');
    return { key: inView.dataset.key ?? '', y: inView.getBoundingClientRect().top };
  });
}

/** Where a bubble is on the screen, once the thread is still. */
export async function placeOf(page: Page, key: string): Promise<number> {
  await untilStill(page);
  return page.locator(`[data-key="${key}"]`).evaluate((bubble) => bubble.getBoundingClientRect().top);
}

/**
 * Does something that the page shows at once, and waits for the server's answer: before a reload, or before what another person
 * does next.
 *
 * @param procedure - that the page calls, such as `users.block`
 */
export async function untilAnswered(page: Page, procedure: string, act: () => Promise<unknown>): Promise<void> {
  const isAnswer = (response: Response) => response.ok() && new URL(response.url()).pathname.includes(procedure);
  await Promise.all([page.waitForResponse(isAnswer), act()]);
}
