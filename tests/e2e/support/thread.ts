import type { Locator, Page } from 'playwright-core';

/** What another person does is seen within a poll or two. */
export const SOON = { timeout: 10_000 };

/** The message slips in view, top to bottom. */
export const slips = (page: Page): Locator => page.getByRole('log').getByTestId('message');

/** The form's field. */
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Message/ });

/** Each slip in view as `state: text`, without its time and who wrote it. */
export async function slipStates(page: Page): Promise<string[]> {
  return slips(page).evaluateAll((elements) =>
    elements.map(
      (element) => `${element.getAttribute('data-state')}: ${element.querySelector('p > span')?.textContent}`,
    ),
  );
}

/** How far the thread is scrolled from its end, in pixels. */
export const distanceFromEnd = (page: Page): Promise<number> =>
  page.getByRole('log').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);

/** Scrolls the thread by so many pixels, as a wheel does. */
export async function scrollThread(page: Page, by: number): Promise<void> {
  await page.getByRole('log').hover();
  await page.mouse.wheel(0, by);
}
