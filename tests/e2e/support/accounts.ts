import { randomBytes } from 'node:crypto';
import { InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { createCognitoClient, ensureCognitoAccount } from '@cruddur/cognito';
import { EMBEDDED_COGNITO } from '@cruddur/config/env';
import { SEEDED_PASSWORD } from '@cruddur/config/seed';
import type { AppRouter } from '@cruddur/server';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import { sharedStack } from './shared-stack.ts';

/** Someone who can sign in. */
export interface Account {
  handle: string;
  displayName: string;
  password: string;
}

/** What Cognito returns on sign-in. */
interface Tokens {
  accessToken: string;
  idToken: string;
  refreshToken: string;
}

type Api = TRPCClient<AppRouter>;

async function cognitoClient() {
  const { cognitoUrl: endpoint } = await sharedStack();
  return createCognitoClient({ region: 'ca-central-1', endpoint, embedded: true });
}

/** Creates an account that no other spec file uses, and the person's row. */
export async function createAccount(displayName: string): Promise<Account> {
  const handle = `${displayName.split(' ')[0]?.toLowerCase()}-${randomBytes(3).toString('hex')}`;
  const account = { handle, displayName, password: 'Harbour-Lights-7!' };
  const client = await cognitoClient();
  await ensureCognitoAccount(client, EMBEDDED_COGNITO.userPoolId, {
    ...account,
    email: `${handle}@cruddur.example`,
  });
  client.destroy();
  // The first call creates the person's row: from then on others can find them and write to them.
  await (await apiOf(account)).users.me.query();
  return account;
}

/** A seeded person's account. */
export const seeded = (handle: string): Account => ({ handle, displayName: handle, password: SEEDED_PASSWORD });

/** Signs in without a browser. Each call starts a session that no other sign-out ends. */
export async function signInByApi({ handle, password }: Account): Promise<Tokens> {
  const client = await cognitoClient();
  const { AuthenticationResult } = await client.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: EMBEDDED_COGNITO.clientId,
      AuthParameters: { USERNAME: handle, PASSWORD: password },
    }),
  );
  client.destroy();
  const {
    AccessToken: accessToken = '',
    IdToken: idToken = '',
    RefreshToken: refreshToken = '',
  } = AuthenticationResult ?? {};
  return { accessToken, idToken, refreshToken };
}

/** A typed API client that acts for a person. It is faster than typing into a page. */
export async function apiOf(account: Account): Promise<Api> {
  const [{ webUrl }, { accessToken }] = await Promise.all([sharedStack(), signInByApi(account)]);
  const headers = { authorization: `Bearer ${accessToken}` };
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${webUrl}/trpc`, headers })] });
}

/** The entries of `localStorage` in which Amplify keeps the session. */
export function storedTokens(tokens: Tokens): { name: string; value: string }[] {
  const payload = tokens.accessToken.split('.')[1] ?? '';
  const { username } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { username: string };
  const prefix = `CognitoIdentityServiceProvider.${EMBEDDED_COGNITO.clientId}`;
  const ofUser = Object.entries(tokens).map(([name, value]) => ({ name: `${prefix}.${username}.${name}`, value }));
  return [...ofUser, { name: `${prefix}.LastAuthUser`, value: username }];
}
