import type { Page } from 'playwright-core';

/** Whether a request sends a message. Other calls may be in its batch, such as that the person is typing. */
export const isSend = ({ pathname }: URL): boolean =>
  pathname.startsWith('/trpc/') && procedures(pathname).includes('messages.create');

const procedures = (pathname: string): string[] => pathname.slice('/trpc/'.length).split(',');

/** Leaves every send without an answer until the returned function is called. */
export async function abortSends(page: Page): Promise<() => Promise<void>> {
  await page.route(isSend, (route) => route.abort());
  return () => page.unroute(isSend);
}

/** Refuses every send until the returned function is called. */
export async function refuseSends(page: Page, code: string, reason: string): Promise<() => Promise<void>> {
  const refusal = { error: { message: 'no', code: -32000, data: { code, httpStatus: 500, reason } } };
  await page.route(isSend, (route) => {
    const { pathname } = new URL(route.request().url());
    const body = JSON.stringify(procedures(pathname).map(() => refusal));
    return route.fulfill({ status: 500, contentType: 'application/json', body });
  });
  return () => page.unroute(isSend);
}
