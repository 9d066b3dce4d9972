import { EnvError, parseEnv, processEnv, readStackEnv, type StackEnv } from '@cruddur/config/env';
import { parsePushServices } from '@cruddur/config/push-services';
import { readLocalVapidKeys } from '@cruddur/config/vapid-keys';
import type { DatabaseRoles } from '@cruddur/db';
import { z } from 'zod';
import type { PushSettings } from './context.ts';
import { readTelemetryEnv, type TelemetryEnv } from './telemetry/telemetry-env.ts';

const schema = z.object({
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  API_HOST: z.string().default('127.0.0.1'),
  WEB_ORIGINS: z.string().optional(),
  RATE_LIMIT_FACTOR: z.coerce.number().positive().default(1),
  VAPID_PUBLIC_KEY: z.string().length(87, 'must be the public key that bin/push/keys prints').optional(),
  PUSH_SERVICES: z.string().optional(),
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
});

/** The server's configuration. */
export interface ServerEnv {
  stack: StackEnv;
  host: string;
  logLevel: z.output<typeof schema>['LOG_LEVEL'];
  /** Other origins whose pages may call the API. */
  webOrigins: string[];
  /** Multiplies the rate limits: 1 except in load tests. */
  rateLimitFactor: number;
  /** Number of proxies in front that write `X-Forwarded-For`. With 0 the header is ignored. */
  trustedProxyHops: number;
  push: PushSettings;
  /** Undefined: nothing is exported. */
  telemetry: TelemetryEnv | undefined;
}

/** @throws {EnvError} naming every invalid variable */
export function readServerEnv(env: Record<string, string | undefined> = processEnv()): ServerEnv {
  const stack = readStackEnv(env);
  if (!env.CURSOR_SECRET && needsCursorSecret(stack)) {
    throw new EnvError(
      'CURSOR_SECRET: is required unless DynamoDB is embedded: 32 random characters or more, the same for every instance',
    );
  }
  const vars = parseEnv(schema, env);
  const local = [`http://localhost:${stack.webPort}`, `http://127.0.0.1:${stack.webPort}`];
  return {
    stack,
    host: vars.API_HOST,
    logLevel: vars.LOG_LEVEL,
    webOrigins: vars.WEB_ORIGINS?.split(',').map((origin) => origin.trim()) ?? local,
    rateLimitFactor: vars.RATE_LIMIT_FACTOR,
    trustedProxyHops: vars.TRUSTED_PROXY_HOPS,
    push: {
      publicKey: vars.VAPID_PUBLIC_KEY ?? localPublicKey(stack),
      services: parsePushServices(vars.PUSH_SERVICES),
    },
    telemetry: readTelemetryEnv(env),
  };
}

/** The embedded stack creates its keys before the server starts. */
function localPublicKey({ dynamodb, localDataDir }: StackEnv): string | undefined {
  return dynamodb.embedded ? readLocalVapidKeys(localDataDir)?.publicKey : undefined;
}

/** The default is derived from the database's password, which AWS rotates and which is public in the embedded stack. */
function needsCursorSecret({ dynamodb, postgres }: StackEnv): boolean {
  return !dynamodb.embedded && (dynamodb.endpoint === undefined || postgres.embedded);
}

const migrateSchema = z
  .object({ API_ROLE_NAME: z.string().optional(), INDEX_ROLE_NAME: z.string().optional() })
  .refine(({ API_ROLE_NAME: api, INDEX_ROLE_NAME: index }) => (api === undefined) === (index === undefined), {
    path: ['API_ROLE_NAME'],
    error: 'must be set together with INDEX_ROLE_NAME',
  });

/**
 * Reads the migration's configuration: the owner's database, and the roles of the API and the search index if they are not the owner's.
 *
 * @throws {EnvError} naming every invalid variable
 */
export function readMigrateEnv(env: Record<string, string | undefined> = processEnv()): {
  databaseUrl: string;
  roles: DatabaseRoles | undefined;
} {
  const { API_ROLE_NAME: api, INDEX_ROLE_NAME: index } = parseEnv(migrateSchema, env);
  return {
    databaseUrl: readStackEnv(env).postgres.url,
    roles: api === undefined || index === undefined ? undefined : { api, index },
  };
}
