import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { databaseParts, databaseUrlOf } from './database-url.ts';
import { EnvError, readOrExit } from './env-error.ts';
import { DEFAULT_TABLE_NAME } from './names.ts';

export { EnvError, readOrExit };

/** The repository's root: `.env` and `.local/` are found from there, whatever the working directory. */
export const ROOT_DIR = fileURLToPath(new URL('../../..', import.meta.url));

/** Ids of the pool and client that the embedded Cognito emulator is seeded with. */
export const EMBEDDED_COGNITO = { userPoolId: 'ca-central-1_CruddurLocal', clientId: 'cruddurlocalwebclient0000' };

const EMBEDDED_CURSOR_SECRET = 'cursors-of-the-embedded-stack-only';

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
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  ...databaseParts,
  AWS_ENDPOINT_URL_DYNAMODB: z.url().optional(),
  AWS_REGION: text,
  AWS_ACCESS_KEY_ID: text,
  AWS_PROFILE: text,
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: text,
  AWS_WEB_IDENTITY_TOKEN_FILE: text,
  COGNITO_USER_POOL_ID: text,
  COGNITO_CLIENT_ID: text,
  COGNITO_ENDPOINT: z.url().optional(),
  CURSOR_SECRET: z.string().min(32, 'must have 32 characters or more').optional(),
});

/** Where each service of the stack is, and whether the embedded cloud brings it. */
export interface StackEnv {
  webPort: number;
  apiPort: number;
  /** Folder of the embedded services' data. */
  localDataDir: string;
  tableName: string;
  region: string;
  dynamodb: { embedded: boolean; port: number /** Undefined: the region's own endpoint. */; endpoint?: string };
  postgres: { embedded: boolean; port: number; url: string };
  cognito: {
    embedded: boolean;
    port: number;
    userPoolId: string;
    clientId: string;
    /** Undefined: the region's own endpoint. */
    endpoint?: string;
  };
  /** Key material of the cursors' encryption; every server instance needs the same. */
  cursorSecret: string;
}

/**
 * Parses an environment with a zod schema.
 *
 * @throws {EnvError} naming every variable that does not fit, and why.
 */
export function parseEnv<T extends z.ZodType>(shape: T, env: Record<string, string | undefined>): z.output<T> {
  // An empty variable counts as absent: that is how a line of `.env.example` is switched off.
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = shape.safeParse(present);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new EnvError(`The environment does not fit. ${problems.join('; ')}`);
}

/** The process's environment, with what a `.env` file at the root adds to it. */
export function processEnv(): Record<string, string | undefined> {
  const file = path.join(ROOT_DIR, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
  // Node 20 is supported here on purpose: the SDK's notice, at every start, would tell nothing new.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return process.env;
}

/**
 * Reads where the stack's services are. A service whose variables are absent is embedded (`packages/local` starts it).
 *
 * @param env - variables by name; the process's own when left out
 * @throws {EnvError} naming the variables that do not fit, or that are missing although related ones are set
 */
export function readStackEnv(env: Record<string, string | undefined> = processEnv()): StackEnv {
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
    throw new EnvError('The environment does not fit. COGNITO_CLIENT_ID: is needed with COGNITO_USER_POOL_ID');
  }
  const cognitoEndpoint = cognitoEmbedded ? `http://127.0.0.1:${vars.COGNITO_PORT}` : vars.COGNITO_ENDPOINT;
  const dynamodbEndpoint = dynamodbEmbedded ? `http://127.0.0.1:${vars.DYNAMODB_PORT}` : vars.AWS_ENDPOINT_URL_DYNAMODB;
  return {
    webPort: vars.WEB_PORT,
    apiPort: vars.API_PORT,
    localDataDir: path.resolve(ROOT_DIR, vars.LOCAL_DATA_DIR ?? '.local'),
    tableName: vars.DDB_TABLE,
    region: vars.AWS_REGION ?? 'ca-central-1',
    dynamodb: {
      embedded: dynamodbEmbedded,
      port: vars.DYNAMODB_PORT,
      ...(dynamodbEndpoint === undefined ? {} : { endpoint: dynamodbEndpoint }),
    },
    postgres: {
      embedded: databaseUrl === undefined,
      port: vars.POSTGRES_PORT,
      url: databaseUrl ?? `postgresql://postgres:postgres@127.0.0.1:${vars.POSTGRES_PORT}/cruddur`,
    },
    cognito: {
      embedded: cognitoEmbedded,
      port: vars.COGNITO_PORT,
      userPoolId: vars.COGNITO_USER_POOL_ID ?? EMBEDDED_COGNITO.userPoolId,
      clientId: vars.COGNITO_CLIENT_ID ?? EMBEDDED_COGNITO.clientId,
      ...(cognitoEndpoint === undefined ? {} : { endpoint: cognitoEndpoint }),
    },
    cursorSecret: vars.CURSOR_SECRET ?? cursorSecretOf(databaseUrl),
  };
}

/**
 * For development: every instance has the same database URL, and it holds a password. A deployment sets its own secret,
 * since the URL changes with each rotation of the password; `apps/server/src/env.ts` asks for it.
 */
function cursorSecretOf(databaseUrl: string | undefined): string {
  if (databaseUrl === undefined) return EMBEDDED_CURSOR_SECRET;
  return createHash('sha256').update(`cursor secret of ${databaseUrl}`).digest('base64url');
}
