import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { type Visitor, visit } from './people.ts';

/** Somebody new, signed in at a browser of their own. */
export interface NewPerson extends Visitor {
  handle: string;
  displayName: string;
  password: string;
}

/** Signs somebody up by the page's own forms: no other file of tests knows them, so none disturbs them. */
export async function signUp(
  browser: Browser,
  displayName: string,
  options: Parameters<typeof visit>[1] = {},
): Promise<NewPerson> {
  const visitor = await visit(browser, options);
  const { page } = visitor;
  const handle = `${displayName.split(' ')[0]?.toLowerCase()}-${randomBytes(3).toString('hex')}`;
  const password = 'Harbour-Lights-7!';
  await page.goto('/signup');
  await page.getByLabel('Name', { exact: true }).fill(displayName);
  await page.getByLabel('Handle', { exact: true }).fill(handle);
  await page.getByLabel('Email').fill(`${handle}@cruddur.example`);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Make my account' }).click();
  await page.getByLabel('Code').fill('123456');
  await page.getByRole('button', { name: 'Confirm', exact: true }).click();
  await page.waitForURL('**/messages');
  // Others find somebody from their first call on.
  await page.getByRole('button', { name: 'Account' }).waitFor();
  return { ...visitor, handle, displayName, password };
}

/** Two new people in a conversation of theirs, both looking at it. */
export async function signUpPair(browser: Browser, names: [string, string]): Promise<[NewPerson, NewPerson]> {
  const [one, other] = [await signUp(browser, names[0]), await signUp(browser, names[1])];
  await one.page.goto(`/messages/new/${other.handle}`);
  const box = one.page.getByRole('textbox', { name: /^Message/ });
  await box.fill('Hello!');
  await box.press('Enter');
  await one.page.waitForURL(/\/messages\/[0-9a-f-]{36}$/);
  await other.page.goto(new URL(one.page.url()).pathname);
  await other.page.getByRole('log').getByText('Hello!', { exact: true }).waitFor();
  return [one, other];
}
