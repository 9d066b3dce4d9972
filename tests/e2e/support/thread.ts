import type { Locator, Page } from 'playwright-core';

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

/** The topmost slip wholly in view, with its place on the screen. */
export async function topSlip(page: Page): Promise<{ key: string; y: number }> {
  return page.getByRole('log').evaluate((log) => {
    const top = log.getBoundingClientRect().top;
    const inView = [...log.querySelectorAll<HTMLElement>('[data-key]')].find(
      (slip) => slip.getBoundingClientRect().top > top + 100,
    );
    if (inView === undefined) throw new Error('no slip is in view');
    return { key: inView.dataset.key ?? '', y: inView.getBoundingClientRect().top };
  });
}

/** Where a slip stands on the screen. */
export const placeOf = (page: Page, key: string): Promise<number> =>
  page.locator(`[data-key="${key}"]`).evaluate((slip) => slip.getBoundingClientRect().top);
