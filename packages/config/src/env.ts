import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { DEFAULT_TABLE_NAME } from './constants.ts';
import { databaseSchema, databaseUrlOf } from './database-url.ts';
import { EnvError, readOrExit } from './env-error.ts';
import { withRedisPassword } from './redis-url.ts';

export { EnvError, readOrExit };

/** The repository's root, which has `.env` and `.local/`. */
export const ROOT_DIR = fileURLToPath(new URL('../../..', import.meta.url));

/** The pool and client of the embedded Cognito emulator. */
export const EMBEDDED_COGNITO = { userPoolId: 'ca-central-1_CruddurLocal', clientId: 'cruddurlocalwebclient0000' };

const port = (fallback: number) => z.coerce.number().int().min(1).max(65535).default(fallback);
const text = z.string().trim().min(1).optional();

const schema = z.object({
  WEB_PORT: port(3000),
  API_PORT: port(4567),
  DYNAMODB_PORT: port(8000),
  COGNITO_PORT: port(9229),
  POSTGRES_PORT: port(54320),
  LOCAL_DATA_DIR: text,
  DDB_TABLE: z
    .string()
    .regex(/^[\w.-]{3,255}$/, 'must be a DynamoDB table name')
    .default(DEFAULT_TABLE_NAME),
  ...databaseSchema.shape,
  AWS_ENDPOINT_URL_DYNAMODB: z.url().optional(),
  AWS_REGION: text,
  AWS_ACCESS_KEY_ID: text,
  AWS_PROFILE: text,
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: text,
  AWS_WEB_IDENTITY_TOKEN_FILE: text,
  COGNITO_USER_POOL_ID: text,
  COGNITO_CLIENT_ID: text,
  COGNITO_ENDPOINT: z.url().optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/[^\s,]+(,\s*rediss?:\/\/[^\s,]+)*$/, 'must be redis:// or rediss:// URLs, separated by commas')
    .optional(),
  REDIS_PASSWORD: text,
  REDIS_WITH_NOTIFY: z.stringbool().default(false),
  CURSOR_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
});

/** The address of each service, and whether it is embedded. Without an endpoint, a service is AWS's in the region. */
export type StackEnv = ReturnType<typeof readStackEnv>;

/** @throws {EnvError} that names every invalid variable */
export function parseEnv<T extends z.ZodType>(shape: T, env: Record<string, string | undefined>): z.output<T> {
  // An empty variable counts as absent, as in `.env.example`.
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = shape.safeParse(present);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new EnvError(problems.join('; '));
}

/** The process's environment, including the `.env` file at the repository's root. */
export function processEnv(): Record<string, string | undefined> {
  const file = path.join(ROOT_DIR, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
  // We support Node 20 on purpose.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return process.env;
}

/**
 * Reads the addresses of the services. A service without variables is embedded: `packages/local` starts it.
 *
 * @throws {EnvError} that names every invalid or missing variable
 */
export function readStackEnv(env: Record<string, string | undefined> = processEnv()) {
  const vars = parseEnv(schema, env);
  const databaseUrl = databaseUrlOf(vars);
  const hasAwsCredentials =
    vars.AWS_REGION !== undefined &&
    (vars.AWS_ACCESS_KEY_ID ??
      vars.AWS_PROFILE ??
      vars.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI ??
      vars.AWS_WEB_IDENTITY_TOKEN_FILE) !== undefined;
  const dynamodbEmbedded = vars.AWS_ENDPOINT_URL_DYNAMODB === undefined && !hasAwsCredentials;
  const cognitoEmbedded = vars.COGNITO_USER_POOL_ID === undefined;
  if (!cognitoEmbedded && vars.COGNITO_CLIENT_ID === undefined) {
    throw new EnvError('COGNITO_CLIENT_ID: is required with COGNITO_USER_POOL_ID');
  }
  return {
    webPort: vars.WEB_PORT,
    apiPort: vars.API_PORT,
    localDataDir: path.resolve(ROOT_DIR, vars.LOCAL_DATA_DIR ?? '.local'),
    tableName: vars.DDB_TABLE,
    region: vars.AWS_REGION ?? 'ca-central-1',
    dynamodb: {
      embedded: dynamodbEmbedded,
      port: vars.DYNAMODB_PORT,
      endpoint: dynamodbEmbedded ? `http://127.0.0.1:${vars.DYNAMODB_PORT}` : vars.AWS_ENDPOINT_URL_DYNAMODB,
    },
    postgres: {
      embedded: databaseUrl === undefined,
      auth: vars.DATABASE_AUTH ?? 'password',
      port: vars.POSTGRES_PORT,
      url: databaseUrl ?? `postgresql://postgres:postgres@127.0.0.1:${vars.POSTGRES_PORT}/cruddur`,
    },
    cognito: {
      embedded: cognitoEmbedded,
      port: vars.COGNITO_PORT,
      userPoolId: vars.COGNITO_USER_POOL_ID ?? EMBEDDED_COGNITO.userPoolId,
      clientId: vars.COGNITO_CLIENT_ID ?? EMBEDDED_COGNITO.clientId,
      endpoint: cognitoEmbedded ? `http://127.0.0.1:${vars.COGNITO_PORT}` : vars.COGNITO_ENDPOINT,
    },
    /** Carries live events between server instances instead of PostgreSQL. */
    redisUrl: vars.REDIS_URL && withRedisPassword(vars.REDIS_URL, vars.REDIS_PASSWORD),
    /** PostgreSQL carries them as well, while a deployment changes from one to the other. */
    redisWithNotify: vars.REDIS_WITH_NOTIFY,
    cursorSecret: vars.CURSOR_SECRET ?? developmentSecret(databaseUrl),
  };
}

/** Every server instance must derive the same secret. A deployment sets `CURSOR_SECRET`: `apps/server/src/env.ts`. */
function developmentSecret(databaseUrl = ''): string {
  return createHash('sha256').update(`cursor secret of ${databaseUrl}`).digest('base64url');
}
