import { z } from 'zod';

const list = z.string().transform((text) => text.split(','));
const schema = z.object({
  CLUSTER: z.string(),
  TASK_DEFINITION: z.string(),
  SUBNETS: list,
  SECURITY_GROUPS: list,
});

export type MigrationTask = z.output<typeof schema>;

export function readMigrationEnv(env: Record<string, string | undefined> = process.env): MigrationTask {
  return schema.parse(env);
}
