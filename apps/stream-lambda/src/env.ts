import { DEFAULT_TABLE_NAME } from '@cruddur/config';
import * as z from 'zod/mini';

const schema = z.object({
  DDB_TABLE: z._default(z.string().check(z.minLength(3)), DEFAULT_TABLE_NAME),
  AWS_REGION: z.string().check(z.minLength(1)),
});

/** The Lambda's environment, except for the `POWERTOOLS_*` variables, which Powertools reads itself. */
export function readLambdaEnv(env: Record<string, string | undefined> = process.env): z.output<typeof schema> {
  const result = schema.safeParse(env);
  if (!result.success) throw new Error(`The environment is invalid. ${z.prettifyError(result.error)}`);
  return result.data;
}
