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
import { v7 } from 'uuid';
import { inject } from 'vitest';
import { signInAt } from '../../../tests/support/cognito.ts';
import { type CuttableProxy, startCuttableProxy } from '../../../tests/support/cuttable-proxy.ts';
import { createTestDatabase } from '../../../tests/support/database.ts';
import { newRegion } from '../../../tests/support/dynamodb.ts';
import type { PushSettings } from '../src/context.ts';
import type { AppRouter } from '../src/router.ts';
import { createServer, type ServerOptions } from '../src/server.ts';
import { createServices } from '../src/services.ts';

/** The API over HTTP, with separate stores and a separate user pool. */
export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

/** One server instance. */
export type Instance = Awaited<ReturnType<typeof startInstance>>;

async function startInstance(stack: StackEnv, { rateLimitFactor = 1, push, ...options }: InstanceOptions = {}) {
  const errors: Error[] = [];
  const services = createServices({ stack, rateLimitFactor, push }, (error) => errors.push(error));
  const lines: string[] = [];
  const server = await createServer(services, {
    ...options,
    rateLimitFactor,
    logLevel: 'info',
    webOrigins: ['http://localhost:3000'],
    logStream: { write: (line) => lines.push(line) },
  });
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  return {
    url,
    lines,
    services,
    /** The HTTP server that listens. */
    http: server.server,
    /** Errors of idle connections. */
    errors,
    async stop() {
      await server.close();
      await services.close();
    },
  };
}

type InstanceOptions = Pick<ServerOptions, 'rateLimitFactor' | 'trustedProxyHops' | 'limits'> & { push?: PushSettings };

interface TestServerOptions extends InstanceOptions {
  /** Replaces a store's URL by that of a proxy. */
  via?: (url: string) => Promise<string>;
  /** Carries live events instead of PostgreSQL. */
  redisUrl?: string;
}

export async function startTestServer({
  via = (url) => Promise.resolve(url),
  redisUrl,
  ...options
}: TestServerOptions = {}) {
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
    region: newRegion(),
    dynamodb: { embedded: true, port: 0, endpoint: await via(inject('dynamodbEndpoint')) },
    postgres: { embedded: true, auth: 'password', port: 0, url: await via(database.url) },
    cognito: { embedded: true, port: 0, ...cognito },
    redisUrl,
    redisWithNotify: false,
    cursorSecret: 'a secret for the cursors of tests',
  };
  const first = await startInstance(stack, options);
  const { url, lines, services, http } = first;
  await ensureTable(services.store.client, stack.tableName);
  const others: Instance[] = [];
  /** Creates an account and signs in. */
  async function signIn(handle: string, displayName = handle) {
    const signedIn = await signInAt(cognito, handle, displayName);
    return { ...signedIn, api: clientOf(url, signedIn.accessToken) };
  }

  return {
    url,
    lines,
    stack,
    services,
    http,
    cognito,
    signIn,
    /** Starts another instance of the same service. `stores` replaces the addresses of its stores, for a proxy. */
    async startInstance(stores: Partial<StackEnv> = {}): Promise<Instance> {
      const other = await startInstance({ ...stack, ...stores }, options);
      others.push(other);
      return other;
    },
    async stop() {
      await Promise.all([first, ...others].map((each) => each.stop()));
      await cognito.stop();
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A server with a proxy in front of each store, which a test can cut, and a person who has written to another. */
export async function startCuttableServer() {
  const networks: CuttableProxy[] = [];
  const server = await startTestServer({
    async via(url) {
      const network = await startCuttableProxy(url);
      networks[url.startsWith('http') ? 0 : 1] = network;
      return network.url;
    },
  });
  const [dynamodb, postgres] = networks;
  if (!dynamodb || !postgres) throw new Error('the server does not use both stores');
  const [ana, ben] = [await server.signIn('ana'), await server.signIn('ben')];
  await Promise.all([ana.api.users.me.query(), ben.api.users.me.query()]);
  const first = await ana.api.messages.create.mutate({ message: 'Hello', clientMessageUuid: v7(), handle: 'ben' });
  return {
    server,
    dynamodb,
    postgres,
    ana,
    group: first.messageGroupUuid,
    stop: async () => {
      await server.stop();
      await Promise.all([dynamodb.cut(), postgres.cut()]);
    },
  };
}

/** The typed client of the web app. */
export function clientOf(url: string, accessToken?: string) {
  const headers = accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc`, headers })] });
}

/** The code and reason of a call's refusal. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code?: string; reason?: string | null }> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TRPCClientError)) throw new Error('the call was not refused', { cause: error });
  const { data } = error as TRPCClientError<AppRouter>;
  return { code: data?.code, reason: data?.reason };
}
