import { createAccount, signInByApi, storedTokens, type TestAccount } from '../../e2e/support/accounts.ts';
import { sendMessage } from '../../e2e/support/people.ts';
import { sharedStack } from '../../e2e/support/shared-stack.ts';
import type { Driver } from './driver.ts';
import { type BrowserPage, createPage } from './page.ts';

/** A person in a browser, and the one that they have a conversation with, who writes through the API. */
export interface Visitor extends TestAccount {
  page: BrowserPage;
  other: TestAccount;
  messageGroupUuid: string;
}

/**
 * Creates two people with a conversation of one message, `Hello!`, and starts a browser for the first of them.
 *
 * @param origin - where the browser finds the page, if not where everyone does. Cognito refuses to sign people in from there
 */
export async function visit(launch: () => Promise<Driver>, names: [string, string], origin?: string): Promise<Visitor> {
  const { webUrl } = await sharedStack();
  const [one, other] = await Promise.all([createAccount(names[0]), createAccount(names[1])]);
  const messageGroupUuid = await sendMessage(other, one.handle);
  const page = await createPage(await launch(), origin ?? webUrl);
  return { ...one, page, other, messageGroupUuid };
}

/** Puts a session into the browser, opens the conversation and waits for its newest message. */
export async function openConversation(visitor: Visitor, newest: string): Promise<void> {
  const { page, messageGroupUuid } = visitor;
  // Storage belongs to an address. This one of the page's has no program.
  await page.goto('/config.js');
  await page.run(storeSession, storedTokens(await signInByApi(visitor)));
  await page.goto(`/messages/${messageGroupUuid}`);
  await page.see({ role: 'log' }, { text: newest });
}

/** Puts a session into the storage of the page that it runs in. */
export function storeSession(tokens: { name: string; value: string }[]): void {
  for (const { name, value } of tokens) localStorage.setItem(name, value);
}
