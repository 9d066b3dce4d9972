import { Aws, Stack } from 'aws-cdk-lib';
import { type FargateTaskDefinition, Secret } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { DataStack } from '../data/data-stack.ts';
import { suppressNag } from '../nag.ts';
import type { Settings } from '../settings.ts';
import type { ApiTasks } from './api-tasks.ts';

/** What the commands in `bin/src/operator-commands.ts` do with the table. A test finds the same actions in their bundle. */
const OPERATOR_TABLE_ACTIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'ConditionCheckItem',
  'DeleteItem',
  'DescribeTable',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
] as const;

/** The container's name, which `bin/aws/run` overrides, and the first part of its log streams' names. */
const OPERATOR_CONTAINER = 'operator';

interface OperatorTaskProps {
  settings: Settings;
  data: DataStack;
}

/**
 * Defines the task in which `bin/aws/run` runs an operator's command: the API's image with another program, the database's
 * owner, and a separate role. No service runs it, so nothing of it exists between commands.
 */
export function createOperatorTask(
  tasks: ApiTasks,
  { settings, data }: OperatorTaskProps,
): { task: FargateTaskDefinition; logs: LogGroup } {
  const { ownerSecret } = data.database;
  // A scan keeps what it compares of every group in memory.
  const task = tasks.task('Operator', { cpu: 1024, memoryLimitMiB: 4096 });
  const logs = tasks.container(task, OPERATOR_CONTAINER, {
    // Replaced by each run.
    command: ['node', 'dist/operator.js', '--help'],
    environment: {
      AWS_REGION: Stack.of(tasks).region,
      DDB_TABLE: data.table.tableName,
      COGNITO_USER_POOL_ID: data.userPool.userPoolId,
      ...tasks.databaseEnvironment(),
    },
    secrets: {
      DATABASE_USER: Secret.fromSecretsManager(ownerSecret, 'username'),
      DATABASE_PASSWORD: Secret.fromSecretsManager(ownerSecret, 'password'),
    },
  });
  task.addToTaskRolePolicy(
    new PolicyStatement({
      actions: OPERATOR_TABLE_ACTIONS.map((action) => `dynamodb:${action}`),
      // The prefix: a restored table is verified before it is served.
      resources: [`arn:${Aws.PARTITION}:dynamodb:${Aws.REGION}:${Aws.ACCOUNT_ID}:table/${settings.tableName}*`],
    }),
  );
  task.addToTaskRolePolicy(
    new PolicyStatement({ actions: ['cognito-idp:ListUsers'], resources: [data.userPool.userPoolArn] }),
  );
  suppressNag(task.taskRole, {
    [`IAM5[Resource::arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/${settings.tableName}*]`]:
      'A restored table has another name with the same prefix (docs/recovery.md).',
  });
  return { task, logs };
}
