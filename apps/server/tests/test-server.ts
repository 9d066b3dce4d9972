import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StackEnv } from '@cruddur/config/env';
import { migrateDatabase } from '@cruddur/db';
import { ensureTable } from '@cruddur/ddb';
import { startCognito } from '@cruddur/local';
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';
import { inject } from 'vitest';
import { signInAt } from '../../../tests/support/cognito.ts';
import { createTestDatabase } from '../../../tests/support/database.ts';
import type { AppRouter } from '../src/router.ts';
import { createServer } from '../src/server.ts';
import { createServices } from '../src/services.ts';

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
  const stack: StackEnv = {
    webPort: 3000,
    apiPort: 0,
    localDataDir: dir,
    tableName: `test-${randomUUID()}`,
    region: 'ca-central-1',
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
  /** Makes an account, and signs in. */
  async function signIn(handle: string, displayName = handle) {
    const signedIn = await signInAt(cognito, handle, displayName);
    return { ...signedIn, api: clientOf(url, signedIn.accessToken) };
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
