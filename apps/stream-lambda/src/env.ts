import { DEFAULT_TABLE_NAME } from '@cruddur/config';
import { databaseSchema } from '@cruddur/config/database-url';
import * as z from 'zod/mini';

const schema = z.object({
  DDB_TABLE: z._default(z.string().check(z.minLength(3)), DEFAULT_TABLE_NAME),
  AWS_REGION: z.string().check(z.minLength(1)),
});

const streamSchema = z.extend(schema, {
  /** The bucket of records that no retry can fix, or a folder. Absent: they are repeated like others. */
  FAILED_RECORDS_URL: z.optional(z.url()),
});

const indexSchema = z.extend(streamSchema, databaseSchema.shape);

const rowsSchema = z.extend(streamSchema, {
  /** Absent: no one is notified. */
  PUSH_QUEUE_URL: z.optional(z.url()),
  /** As for the server: what carries live events. Absent: PostgreSQL does, and nothing is announced. */
  REDIS_URL: z.optional(z.string().check(z.regex(/^rediss?:/))),
  /** Of Secrets Manager: the password of the URL's user. */
  REDIS_SECRET_ID: z.optional(z.string().check(z.minLength(1))),
});

const pushSchema = z.extend(schema, {
  PUSH_QUEUE_URL: z.url(),
  /** The secret with the keys, in Secrets Manager. Absent: `VAPID_KEYS` has them. */
  VAPID_SECRET_ID: z.optional(z.string()),
  VAPID_KEYS: z.optional(z.string()),
  VAPID_SUBJECT: z.string().check(z.regex(/^(mailto:|https:)/)),
  PUSH_SERVICES: z.optional(z.string()),
});

export type PushEnv = z.output<typeof pushSchema>;

/** The environment of the Lambda that moves group rows, except for the `POWERTOOLS_*` variables, which Powertools reads itself. */
export const readLambdaEnv = (env: Variables = process.env): z.output<typeof rowsSchema> =>
  parseVariables(rowsSchema, env);

/** The environment of the Lambda that keeps the search index. */
export const readIndexEnv = (env: Variables = process.env): z.output<typeof indexSchema> =>
  parseVariables(indexSchema, env);

/** The environment of the Lambda that sends pushes. */
export const readPushEnv = (env: Variables = process.env): PushEnv => parseVariables(pushSchema, env);

type Variables = Record<string, string | undefined>;

function parseVariables<Schema extends z.ZodMiniType>(of: Schema, env: Variables): z.output<Schema> {
  // An empty variable counts as absent, as in `.env.example`.
  const result = of.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!result.success) throw new Error(`The environment is invalid. ${z.prettifyError(result.error)}`);
  return result.data;
}
