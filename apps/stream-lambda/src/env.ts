import { DEFAULT_TABLE_NAME } from '@cruddur/config';
import { databaseSchema } from '@cruddur/config/database-url';
import * as z from 'zod/mini';

const schema = z.object({
  DDB_TABLE: z._default(z.string().check(z.minLength(3)), DEFAULT_TABLE_NAME),
  AWS_REGION: z.string().check(z.minLength(1)),
});

const indexSchema = z.extend(schema, {
  ...databaseSchema.shape,
  /** Of Secrets Manager: the user and password, which a Lambda cannot receive as variables. */
  DATABASE_SECRET_ID: z.optional(z.string().check(z.minLength(1))),
});

export type IndexEnv = z.output<typeof indexSchema>;

/** The environment of the Lambda that moves group rows, except for the `POWERTOOLS_*` variables, which Powertools reads itself. */
export const readLambdaEnv = (env: Variables = process.env): z.output<typeof schema> => parseVariables(schema, env);

/** The environment of the Lambda that keeps the search index, likewise. */
export const readIndexEnv = (env: Variables = process.env): IndexEnv => parseVariables(indexSchema, env);

type Variables = Record<string, string | undefined>;

function parseVariables<Schema extends z.ZodMiniType>(of: Schema, env: Variables): z.output<Schema> {
  // An empty variable counts as absent, as in `.env.example`.
  const result = of.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!result.success) throw new Error(`The environment is invalid. ${z.prettifyError(result.error)}`);
  return result.data;
}
