import { ECSClient } from '@aws-sdk/client-ecs';
import { readMigrationEnv } from './env.ts';
import { runTask } from './run-task.ts';

/** Called by CloudFormation before it changes the service; an error ends the deployment. */
export const handler = (): Promise<void> => runTask(new ECSClient({}), readMigrationEnv());
