import { EnvError, parseEnv, processEnv, readStackEnv, type StackEnv } from '@cruddur/config/env';
import { parsePushServices } from '@cruddur/config/push-services';
import { readLocalVapidKeys } from '@cruddur/config/vapid-keys';
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
  .object({ SERVER_ROLE_NAME: z.string().optional(), SERVER_ROLE_PASSWORD: z.string().optional() })
  .refine(
    ({ SERVER_ROLE_NAME: name, SERVER_ROLE_PASSWORD: password }) => (name === undefined) === (password === undefined),
    { path: ['SERVER_ROLE_NAME'], error: 'must be set together with SERVER_ROLE_PASSWORD' },
  );

/**
 * Reads the migration's configuration: the owner's database, and the server's role if it is not the owner's.
 *
 * @throws {EnvError} naming every invalid variable
 */
export function readMigrateEnv(env: Record<string, string | undefined> = processEnv()): {
  databaseUrl: string;
  serverRole: { name: string; password: string } | undefined;
} {
  const { SERVER_ROLE_NAME: name, SERVER_ROLE_PASSWORD: password } = parseEnv(migrateSchema, env);
  return {
    databaseUrl: readStackEnv(env).postgres.url,
    serverRole: name === undefined || password === undefined ? undefined : { name, password },
  };
}
