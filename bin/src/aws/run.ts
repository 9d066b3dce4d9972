import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { bareCommand, type CommandIo } from '../cli/command.ts';
import { failed, refused } from '../cli/errors.ts';
import { operator } from '../moderation/moderation.ts';
import { findOperatorCommand, OPERATOR_COMMANDS } from '../operator-commands.ts';
import { type AwsSession, withAws } from './aws-command.ts';
import { followTask, type OperatorTask, startTask, type TaskEnd, type TaskWork } from './operator-task.ts';
import { requireOutputs } from './stack-outputs.ts';

const STARTS = 3;

const OUTPUTS = [
  'ClusterName',
  'OperatorTaskDefinitionArn',
  'OperatorSubnetIds',
  'OperatorSecurityGroupIds',
  'OperatorLogGroupName',
] as const;

export const createCommand = (io: CommandIo) =>
  bareCommand(io, 'bin/aws/run', {
    summary:
      "Runs an operator's command inside the network, where the database is, as a task of the image that is deployed. " +
      'Prints its output and ends with its exit code. Ctrl-C stops the task. ' +
      `The commands: ${OPERATOR_COMMANDS.join(', ')}.`,
    examples: [
      'bin/aws/run bin/ddb/verify prod --repair',
      'bin/aws/run --table cruddur-messages-restored-20261120-081500 -- bin/ddb/verify prod',
      'bin/aws/run bin/search/rebuild prod',
      'bin/aws/run bin/moderation/suspend londo prod --reason Spam --yes londo',
    ],
  })
    .argument('<COMMAND>', 'the command, such as bin/ddb/verify')
    .argument('[ARGUMENTS...]', 'its arguments, with prod')
    .option('--table <NAME>', 'use this table, for instance a restored one')
    .option('--database <HOST>', 'use this database, for instance a restored one')
    // What follows the command belongs to it.
    .passThroughOptions()
    .action(async (name, args, { table, database }) => {
      const words = commandWords(name, args);
      await withAws(io, {}, (aws) => run(aws, { words, table, database }));
    });

/** @throws {CommandError} before any task is started, for what could only fail in it */
function commandWords(name: string, args: readonly string[]): string[] {
  const command = findOperatorCommand(name);
  if (command === undefined) throw refused(`${name} cannot run as a task: only ${OPERATOR_COMMANDS.join(', ')} can.`);
  if (!args.includes('prod') && !args.includes('--help')) {
    throw refused(`Write prod: bin/aws/run bin/${command} ${[...args, 'prod'].join(' ')}`);
  }
  // In the task, the user has no name for the audit.
  const needsName = command.startsWith('moderation/') && !args.some((word) => word.startsWith('--by'));
  return [command, ...args, ...(needsName ? ['--by', operator(undefined)] : [])];
}

async function run(aws: AwsSession, work: TaskWork): Promise<void> {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const outputs = await requireOutputs(aws.client(CloudFormationClient), 'CruddurApi', OUTPUTS);
  const operatorTask: OperatorTask = {
    ecs: aws.client(ECSClient),
    logs: aws.client(CloudWatchLogsClient),
    cluster: outputs.ClusterName,
    taskDefinition: outputs.OperatorTaskDefinitionArn,
    subnets: outputs.OperatorSubnetIds.split(','),
    securityGroups: outputs.OperatorSecurityGroupIds.split(','),
    logGroupName: outputs.OperatorLogGroupName,
  };
  const { exitCode, reason } = await runTask(aws, operatorTask, work);
  if (aws.interrupted.aborted) throw refused(`Stopped the task (exit code ${exitCode ?? 'none'}).`);
  if (exitCode === undefined) throw failed(`The command did not run: ${reason}`);
  if (exitCode === 1) throw refused('The command ended with 1.');
  if (exitCode !== 0) throw failed(`The command ended with ${exitCode}: ${reason}`);
}

/** A task that could not start, for want of an address, an image layer or a secret in time, is started again. */
async function runTask(aws: AwsSession, task: OperatorTask, work: TaskWork): Promise<TaskEnd> {
  for (let attempt = 1; ; attempt++) {
    const taskArn = await startTask(aws, task, work);
    aws.out.say(`Task ${taskArn.split('/').at(-1)} of ${task.cluster} runs ${work.words.join(' ')}`);
    const end = await followTask(aws, task, taskArn);
    if (!end.failedToStart || attempt === STARTS || aws.interrupted.aborted) return end;
    aws.out.say(`The task did not start: ${end.reason}. Trying again.`);
  }
}
