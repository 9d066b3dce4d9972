import { randomBytes } from 'node:crypto';
import { createCognitoClient, ensureCognitoAccount } from '@cruddur/cognito';
import { EMBEDDED_COGNITO } from '@cruddur/config/env';
import { SEEDED_PASSWORD } from '@cruddur/config/seed';
import type { AppRouter } from '@cruddur/server';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import { signInWithPassword } from '../../support/cognito.ts';
import { sharedStack } from './shared-stack.ts';

/** A user who can sign in. */
export interface TestAccount {
  handle: string;
  displayName: string;
  password: string;
}

/** How long a call of a test may take, in milliseconds. */
const CALL_MS = 60_000;

type Tokens = Awaited<ReturnType<typeof signInWithPassword>>;

type Api = TRPCClient<AppRouter>;

/** Creates an account for one spec file, and the user's row. */
export async function createAccount(displayName: string): Promise<TestAccount> {
  const handle = `${displayName.split(' ')[0]?.toLowerCase()}-${randomBytes(3).toString('hex')}`;
  const account = { handle, displayName, password: 'Harbour-Lights-7!' };
  const { cognitoUrl: endpoint } = await sharedStack();
  const client = createCognitoClient({ region: 'ca-central-1', endpoint, embedded: true });
  await ensureCognitoAccount(client, EMBEDDED_COGNITO.userPoolId, {
    ...account,
    email: `${handle}@cruddur.example`,
  });
  client.destroy();
  // The first call creates the row, so that others can find the user.
  await (await apiOf(account)).users.me.query();
  return account;
}

/** The account of a seeded user. */
export const seeded = (handle: string): TestAccount => ({ handle, displayName: handle, password: SEEDED_PASSWORD });

/** Signs in without a browser. */
export async function signInByApi(account: TestAccount): Promise<Tokens> {
  const { cognitoUrl: endpoint } = await sharedStack();
  return signInWithPassword({ endpoint, clientId: EMBEDDED_COGNITO.clientId }, account);
}

/** A call that hangs fails, so that the test says which one it was. */
const fetchInTime: typeof fetch = (url, options) => {
  const limit = AbortSignal.timeout(CALL_MS);
  return fetch(url, { ...options, signal: options?.signal ? AbortSignal.any([options.signal, limit]) : limit });
};

/**
 * An API client for a user: faster than using a page.
 *
 * @param origin - of another instance than the shared stack's
 */
export async function apiOf(account: TestAccount, origin?: string): Promise<Api> {
  const [{ webUrl }, { accessToken }] = await Promise.all([sharedStack(), signInByApi(account)]);
  const headers = { authorization: `Bearer ${accessToken}` };
  const link = httpLink({ url: new URL('/trpc', origin ?? webUrl).href, headers, fetch: fetchInTime });
  return createTRPCClient<AppRouter>({ links: [link] });
}

/** Amplify's entries in `localStorage` for a session. */
export function storedTokens(tokens: Tokens): { name: string; value: string }[] {
  const payload = tokens.accessToken.split('.')[1] ?? '';
  const { username } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { username: string };
  const prefix = `CognitoIdentityServiceProvider.${EMBEDDED_COGNITO.clientId}`;
  const ofUser = Object.entries(tokens).map(([name, value]) => ({ name: `${prefix}.${username}.${name}`, value }));
  return [...ofUser, { name: `${prefix}.LastAuthUser`, value: username }];
}
