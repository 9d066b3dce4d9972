import { z } from 'zod';

const list = z.string().transform((text) => text.split(','));
const schema = z.object({
  CLUSTER: z.string(),
  TASK_DEFINITION: z.string(),
  SUBNETS: list,
  SECURITY_GROUPS: list,
});

/** Which task is run, and where. */
export type MigrationTask = z.output<typeof schema>;

/** What the step of the deployment takes from its environment. */
export function readMigrationEnv(env: Record<string, string | undefined> = process.env): MigrationTask {
  return schema.parse(env);
}
