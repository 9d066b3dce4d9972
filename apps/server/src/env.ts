import { EnvError, parseEnv, processEnv, readStackEnv, type StackEnv } from '@cruddur/config/env';
import { z } from 'zod';
import { readTelemetryEnv, type TelemetryEnv } from './telemetry/telemetry-env.ts';

const schema = z.object({
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  API_HOST: z.string().default('127.0.0.1'),
  WEB_ORIGINS: z.string().optional(),
  RATE_LIMIT_FACTOR: z.coerce.number().positive().default(1),
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
});

/** What the server takes from its environment. */
export interface ServerEnv {
  stack: StackEnv;
  host: string;
  logLevel: z.output<typeof schema>['LOG_LEVEL'];
  /** Pages of other origins that may call the API. */
  webOrigins: string[];
  /** What the rate limits are multiplied by: 1, but for load tests. */
  rateLimitFactor: number;
  /** Proxies in front of the server that write `X-Forwarded-For`: 0 has the header ignored. */
  trustedProxyHops: number;
  /** Undefined: nothing leaves the process. */
  telemetry: TelemetryEnv | undefined;
}

/** @throws {EnvError} naming every variable that does not fit */
export function readServerEnv(env: Record<string, string | undefined> = processEnv()): ServerEnv {
  const stack = readStackEnv(env);
  if (!env.CURSOR_SECRET && needsCursorSecret(stack)) {
    throw new EnvError(
      'CURSOR_SECRET: is required with a DynamoDB that is not embedded: 32 random characters or more, the same for every instance',
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
    telemetry: readTelemetryEnv(env),
  };
}

/** On AWS the database's password, which the secret would come from, is rotated; that of the embedded stack is public. */
function needsCursorSecret({ dynamodb, postgres }: StackEnv): boolean {
  return !dynamodb.embedded && (dynamodb.endpoint === undefined || postgres.embedded);
}

const migrateSchema = z
  .object({ SERVER_ROLE_NAME: z.string().optional(), SERVER_ROLE_PASSWORD: z.string().optional() })
  .refine(
    ({ SERVER_ROLE_NAME: name, SERVER_ROLE_PASSWORD: password }) => (name === undefined) === (password === undefined),
    {
      path: ['SERVER_ROLE_NAME'],
      error: 'goes with SERVER_ROLE_PASSWORD',
    },
  );

/**
 * What the migration takes from its environment: the owner's database, and the role that the server signs in as, where
 * it is not the owner's.
 *
 * @throws {EnvError} naming every variable that does not fit
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
