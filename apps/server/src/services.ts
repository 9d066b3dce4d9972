import { createCognitoClient, getCognitoProfile } from '@cruddur/cognito';
import type { StackEnv } from '@cruddur/config/env';
import { createDatabase, createSignIn, observeQueries } from '@cruddur/db';
import { createDynamoDb, createMessageStore, traceCalls } from '@cruddur/ddb';
import { createTokenVerifier } from './auth/verify-token.ts';
import type { PushSettings, Services } from './context.ts';
import { createBothBuses } from './live/both-buses.ts';
import { createCatchUps } from './live/catch-ups.ts';
import type { EventBus } from './live/event-bus.ts';
import { createPostgresBus, type PostgresBusOptions } from './live/postgres-bus.ts';
import { createRedisBus } from './live/redis-bus.ts';
import { createStreams } from './live/streams.ts';
import { createPeople } from './people.ts';
import { createRateLimits } from './rate-limits.ts';
import { createSettings } from './settings.ts';
import { createTelemetry, type Telemetry } from './telemetry/telemetry.ts';

/** Most open streams on one instance: per person (tabs and devices), and in total (memory: docs/benchmarks.md). */
export const STREAM_LIMITS = { ofPerson: 20, inAll: 10000 };

/** Creates the server's services. They connect when they are first used. */
export function createServices(
  options: { stack: StackEnv; push?: PushSettings; rateLimitFactor?: number; telemetry?: Telemetry },
  onError: (error: Error) => void,
): Services & { close(): Promise<void> } {
  const {
    stack,
    push = { publicKey: undefined, services: [] },
    rateLimitFactor = 1,
    telemetry = createTelemetry(),
  } = options;
  const { url, auth } = stack.postgres;
  const getPassword = auth === 'iam' ? createSignIn(url, stack.region) : undefined;
  const database = createDatabase(url, { getPassword, onError, applicationName: 'cruddur-server' });
  const client = createDynamoDb({ region: stack.region, ...stack.dynamodb });
  if (!telemetry.isSilent) {
    observeQueries(database.pool, telemetry.onDatabaseCall);
    traceCalls(client, telemetry.onDynamoDbCall);
  }
  const cognito = createCognitoClient({ region: stack.region, ...stack.cognito });
  const people = createPeople({
    db: database.db,
    getProfile: (accessToken) =>
      telemetry.traceRequest('Cognito GetUser', () => getCognitoProfile(cognito, accessToken)),
  });
  const store = createMessageStore({
    client,
    tableName: stack.tableName,
    cursorSecret: stack.cursorSecret,
    findPerson: people.byUuid,
    onMalformedItem: onError,
  });
  const onBus = { db: database.db, url, getPassword, store: telemetry.meterStore(store), onError };
  const bus = telemetry.instrumentBus(createBus(stack, onBus));
  const limits = { ofPerson: STREAM_LIMITS.ofPerson * rateLimitFactor, inAll: STREAM_LIMITS.inAll };
  const streams = createStreams(bus, limits, (code) =>
    onError(Object.assign(new Error('the client is too slow'), { name: 'StreamDropped', code })),
  );
  telemetry.reportOpenStreams(streams);
  return {
    telemetry,
    db: database.db,
    store,
    bus,
    streams,
    push,
    catchUps: createCatchUps(),
    // The clock of messages, so that a position is before everything that this process writes later.
    now: store.clock,
    people,
    settings: createSettings({ db: database.db, bus }),
    verifyToken: createTokenVerifier(stack.cognito),
    rateLimits: createRateLimits(rateLimitFactor),
    async close() {
      await streams.close();
      await bus.close();
      await database.close();
      client.destroy();
      cognito.destroy();
      await telemetry.close();
    },
  };
}

function createBus({ redisUrl: url, redisWithNotify }: StackEnv, options: PostgresBusOptions): EventBus {
  if (url === undefined) return createPostgresBus(options);
  const bus = createRedisBus({ url, onError: options.onError });
  return redisWithNotify ? createBothBuses(createPostgresBus(options), bus) : bus;
}
