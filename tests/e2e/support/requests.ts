import type { Page } from 'playwright-core';

/** Whether a request sends a message. It is never in a batch. */
export const isSend = ({ pathname }: URL): boolean => pathname === '/trpc/messages.create';

/** Leaves every send without an answer until the returned function is called. */
export async function abortSends(page: Page): Promise<() => Promise<void>> {
  await page.route(isSend, (route) => route.abort());
  return () => page.unroute(isSend);
}

/**
 * Aborts the first request for a URL, and lets the later ones through. Not by `times: 1`: Playwright then stops intercepting
 * while the page loads. On a busy machine, pages that did so have waited forever for a part of themselves.
 */
export async function abortFirst(page: Page, url: string): Promise<void> {
  let isFirst = true;
  await page.route(url, (route) => {
    if (!isFirst) return route.continue();
    isFirst = false;
    return route.abort();
  });
}

/**
 * Holds every call of a procedure until the returned function is called. What happens meanwhile happens before the call, whatever the
 * page may learn of it.
 */
export async function holdCalls(page: Page, procedure: string): Promise<() => void> {
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  const isCall = ({ pathname }: URL) => pathname.includes(procedure);
  await page.route(isCall, async (route) => {
    await isReleased;
    await route.continue();
  });
  return release;
}

/** Refuses every send until the returned function is called. */
export async function refuseSends(page: Page, code: string, reason: string): Promise<() => Promise<void>> {
  const refusal = { error: { message: 'no', code: -32000, data: { code, httpStatus: 500, reason } } };
  const body = JSON.stringify(refusal);
  await page.route(isSend, (route) => route.fulfill({ status: 500, contentType: 'application/json', body }));
  return () => page.unroute(isSend);
}
