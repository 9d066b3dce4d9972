import { DynamoDBClient, RestoreTableToPointInTimeCommand, type TableDescription } from '@aws-sdk/client-dynamodb';
import { describeTable, findSchemaFaults } from '@cruddur/ddb';
import { type CommandIo, yesOption } from '../cli/command.ts';
import { prepareConfirmation } from '../cli/confirmation.ts';
import { failed, refused } from '../cli/errors.ts';
import { type AwsSession, awsCommand, waitUntil, withAws } from './aws-command.ts';
import { type PreparedTable, prepareTable } from './prepare-table.ts';
import { checkRestoreTime, timeSuffix, utcTime } from './restore-time.ts';
import { requireOutputs } from './stack-outputs.ts';

/** DynamoDB restores a table in minutes or hours, by its size. */
const MINUTES = 48 * 60;
/** From these no table becomes active by itself. */
const ENDED: readonly string[] = ['DELETING', 'INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'ARCHIVING', 'ARCHIVED'];

export const createCommand = (io: CommandIo) =>
  awsCommand(io, 'bin/aws/restore-table', {
    summary:
      'Restores the table as it was at a time of the last 35 days, into a new table; the present one stays as it is. Then ' +
      'gives it what a restored table lacks: deletion protection, recovery, expiry, stream, tags and insights. Prints the two ' +
      'settings that let the next deployment serve it.',
    examples: [
      'bin/aws/restore-table --at 2026-11-20T08:15:00Z',
      'bin/aws/restore-table --at 2026-11-20T08:15:00Z --yes cruddur-messages',
      'bin/aws/restore-table --prepare cruddur-messages-restored-from-vault',
    ],
  })
    .option('--at <TIME>', 'the time, in UTC, to the second', utcTime)
    .option('--prepare <TABLE>', 'only prepare this table, which was restored by other means, such as AWS Backup')
    .option('--source <TABLE>', 'restore this table; by default that of CruddurData')
    .addOption(yesOption('table that is restored'))
    .action(async (options) => {
      const { at, prepare, source, yes } = options;
      if ((at === undefined) === (prepare === undefined))
        throw refused('Name a time with --at, or a table with --prepare.');
      await withAws(io, options, async (aws) => {
        const table = source ?? (await readTableName(aws));
        if (prepare !== undefined && prepare === table) throw refused(`${table} is the table that is served.`);
        const confirm = prepareConfirmation(
          { name: table, action: at ? `restore ${table} into a new table` : `prepare ${prepare} like ${table}`, yes },
          io,
        );
        const dynamodb = aws.client(DynamoDBClient);
        const target = at ? await restore(aws, dynamodb, { source: table, at, confirm }) : (prepare ?? '');
        if (!at) await confirm();
        await printPrepared(aws, await prepareTable(aws, dynamodb, { source: table, target }));
      });
    });

async function readTableName(aws: AwsSession): Promise<string> {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  return (await requireOutputs(aws.client(CloudFormationClient), 'CruddurData', ['TableName'])).TableName;
}

interface Restore {
  source: string;
  at: Date;
  confirm: () => Promise<void>;
}

/** Starts the restore, or finds it if an earlier run has started it. @returns the new table's name */
async function restore(aws: AwsSession, dynamodb: DynamoDBClient, { source, at, confirm }: Restore): Promise<string> {
  // `policies/service-control-policy.json` lets no one delete tables with this name.
  const target = `${source}-restored-${timeSuffix(at)}`;
  const original = await describeTable(dynamodb, source);
  if (!original) {
    throw refused(
      `There is no table ${source}. DynamoDB keeps a backup of a deleted table for 35 days: restore it with ` +
        `aws dynamodb list-backups --backup-type SYSTEM and restore-table-from-backup, then use --prepare.`,
    );
  }
  const existing = await describeTable(dynamodb, target);
  if (existing) {
    requireSameRestore(existing, original, at);
    aws.out.say(`An earlier run has begun to restore ${target}: continuing.`);
  } else {
    await checkRestoreTime(dynamodb, source, at);
    aws.out.say(`${source} as it was at ${at.toISOString()} is restored into ${target}.`);
    await confirm();
    await dynamodb.send(
      new RestoreTableToPointInTimeCommand({
        SourceTableName: source,
        TargetTableName: target,
        RestoreDateTime: at,
        // Without its auto scaling, which is not restored, a provisioned table would be throttled.
        BillingModeOverride: 'PAY_PER_REQUEST',
      }),
    );
  }
  await waitUntil(aws, { until: `${target} is restored`, minutes: MINUTES }, async (update) => {
    const table = await describeTable(dynamodb, target);
    update(table?.TableStatus ?? 'not yet visible');
    if (table?.TableStatus && ENDED.includes(table.TableStatus)) {
      throw failed(`${target} is not restored: its state is ${table.TableStatus}.`);
    }
    return table?.TableStatus === 'ACTIVE' && !table.RestoreSummary?.RestoreInProgress ? true : undefined;
  });
  return target;
}

function requireSameRestore(existing: TableDescription, original: TableDescription, at: Date): void {
  const { SourceTableArn, RestoreDateTime } = existing.RestoreSummary ?? {};
  const isSame = SourceTableArn === original.TableArn && RestoreDateTime?.getTime() === at.getTime();
  if (!isSame) throw refused(`The name ${existing.TableName} is taken by a table that is not this restore.`);
  const faults = findSchemaFaults(existing);
  if (existing.TableStatus === 'ACTIVE' && faults.length > 0) {
    throw refused(`${existing.TableName} does not have the schema of the messages table: ${faults.join('; ')}.`);
  }
}

async function printPrepared({ out }: AwsSession, { table, streamArn }: PreparedTable): Promise<void> {
  const settings = { servedTableName: table, servedStreamArn: streamArn };
  await out.result(
    { table, streamArn, settings },
    [
      `The table ${table} is ready.`,
      `Check it: bin/aws/run --table ${table} -- bin/ddb/verify prod`,
      'To serve it, put this into "context" of infra/cdk.json, then run bin/aws/deploy:',
      ...Object.entries(settings).map(([name, value]) => `  "${name}": "${value}",`),
      'Then, since the search index has what the restored table lacks: bin/aws/run -- bin/search/rebuild prod',
    ].join('\n'),
  );
}
