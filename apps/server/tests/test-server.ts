import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { createCognitoClient, ensureCognitoAccount } from '@cruddur/cognito';
import type { StackEnv } from '@cruddur/config/env';
import { migrateDatabase } from '@cruddur/db';
import { ensureTable } from '@cruddur/ddb';
import { startCognito } from '@cruddur/local';
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';
import { inject } from 'vitest';
import { createTestDatabase } from '../../../tests/support/database.ts';
import type { AppRouter } from '../src/router.ts';
import { createServer } from '../src/server.ts';
import { createServices } from '../src/services.ts';

const PASSWORD = 'Lantern-2026!';

/** The API over HTTP, on stores and a user pool of its own. */
export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

/** @param options.via - stands between the server and a store, by the store's URL */
export async function startTestServer(options: { via?: (url: string) => Promise<string> } = {}) {
  const via = options.via ?? ((url: string) => Promise.resolve(url));
  const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-server-test-'));
  const [cognito, database] = await Promise.all([
    startCognito({ dataDir: dir, logFile: path.join(dir, 'cognito.log') }),
    createTestDatabase(),
  ]);
  await migrateDatabase(database.url);
  const region = 'ca-central-1';
  const stack: StackEnv = {
    webPort: 3000,
    apiPort: 0,
    localDataDir: dir,
    tableName: `test-${randomUUID()}`,
    region,
    dynamodb: { embedded: true, port: 0, endpoint: await via(inject('dynamodbEndpoint')) },
    postgres: { embedded: true, port: 0, url: await via(database.url) },
    cognito: { embedded: true, port: 0, ...cognito },
    cursorSecret: 'a secret for the cursors of tests',
  };
  const services = createServices({ stack }, () => {});
  await ensureTable(services.store.client, stack.tableName);
  const lines: string[] = [];
  const server = await createServer(services, {
    logLevel: 'info',
    webOrigins: ['http://localhost:3000'],
    logStream: { write: (line) => lines.push(line) },
  });
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  const admin = createCognitoClient({ region, endpoint: cognito.endpoint, embedded: true });

  /** Makes an account, and signs in. */
  async function signIn(handle: string, displayName = handle) {
    const email = `${handle}@cruddur.example`;
    const sub = await ensureCognitoAccount(admin, cognito.userPoolId, {
      handle,
      displayName,
      email,
      password: PASSWORD,
    });
    const { AuthenticationResult } = await admin.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: cognito.clientId,
        AuthParameters: { USERNAME: handle, PASSWORD },
      }),
    );
    const accessToken = AuthenticationResult?.AccessToken ?? '';
    return { sub, accessToken, idToken: AuthenticationResult?.IdToken ?? '', api: clientOf(url, accessToken) };
  }

  return {
    url,
    lines,
    stack,
    services,
    cognito,
    signIn,
    async stop() {
      await server.close();
      await Promise.all([services.close(), cognito.stop()]);
      admin.destroy();
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The typed client, as the web app uses it. */
export function clientOf(url: string, accessToken?: string) {
  const headers = accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc`, headers })] });
}

/** The code and reason that a call was refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code?: string; reason?: string | null }> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TRPCClientError)) throw new Error('the call was not refused', { cause: error });
  const { data } = error as TRPCClientError<AppRouter>;
  return { code: data?.code, reason: data?.reason };
}
