import { type DBCluster, RDSClient } from '@aws-sdk/client-rds';
import { type CommandIo, yesOption } from '../cli/command.ts';
import { prepareConfirmation } from '../cli/confirmation.ts';
import { CommandError, refused } from '../cli/errors.ts';
import { type AwsSession, awsCommand, withAws } from './aws-command.ts';
import { findCluster, renameCluster, waitForCluster } from './clusters.ts';
import { RESTORED_TAG, restoreCluster } from './restore-cluster.ts';
import { timeSuffix, utcTime } from './restore-time.ts';
import { requireOutputs } from './stack-outputs.ts';

export const createCommand = (io: CommandIo) =>
  awsCommand(io, 'bin/aws/restore-database', {
    summary:
      'Restores PostgreSQL as it was at a time of the last 35 days, into a new Aurora cluster with two instances and the settings ' +
      'of the present one, which stays as it is. With --swap, both exchange their names, so that everything uses the restored one.',
    examples: [
      'bin/aws/restore-database --at 2026-11-20T08:15:00Z',
      'bin/aws/restore-database --at 2026-11-20T08:15:00Z --swap --yes cruddur-messages',
    ],
  })
    .requiredOption('--at <TIME>', 'the time, in UTC, to the second', utcTime)
    .option('--swap', 'serve the restored cluster: PostgreSQL is away for some minutes')
    .addOption(yesOption('cluster that is restored'))
    .action(async ({ at, swap = false, yes, json }) => {
      await withAws(io, { json }, async (aws) => {
        const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
        const outputs = await requireOutputs(aws.client(CloudFormationClient), 'CruddurData', [
          'DatabaseHost',
          'DatabaseOwnerSecretArn',
        ]);
        // cruddur-messages.cluster-abc.ca-central-1.rds.amazonaws.com
        const [name = ''] = outputs.DatabaseHost.split('.');
        const action = swap ? `restore ${name} and serve what is restored` : `restore ${name} into a new cluster`;
        const confirm = prepareConfirmation({ name, action, yes }, io);
        await restore(aws, { name, at, swap, confirm, ownerSecretArn: outputs.DatabaseOwnerSecretArn });
      });
    });

interface RestoreOptions {
  name: string;
  at: Date;
  swap: boolean;
  confirm: () => Promise<void>;
  ownerSecretArn: string;
}

async function restore(aws: AwsSession, { name, at, swap, confirm, ownerSecretArn }: RestoreOptions): Promise<void> {
  const rds = aws.client(RDSClient);
  const suffix = timeSuffix(at);
  const [target, former] = [`${name}-${suffix}`, `${name}-before-${suffix}`];
  // Before an earlier run has exchanged the names, between both renames, and after them.
  const source = (await findCluster(rds, name)) ?? (await findCluster(rds, former));
  if (!source) throw refused(`There is no cluster ${name}: restore a snapshot of it (docs/recovery.md).`);
  const isSwapped = source.TagList?.some(({ Key, Value }) => Key === RESTORED_TAG && Value === at.toISOString());
  if (swap && !isSwapped && source.DBClusterIdentifier === name) {
    if (source.GlobalClusterIdentifier) {
      throw refused(
        `The second region follows ${name}, and would follow it under its new name: a failover would bring its data back. ` +
          'Take both clusters out of the global database first: docs/recovery.md#restore.',
      );
    }
    if (await findCluster(rds, former))
      throw refused(`The name ${former} is taken, so that ${name} cannot get it: rename or delete that cluster first.`);
  }
  let cluster = source;
  if (isSwapped) await confirm();
  else {
    let isConfirmed = false;
    const confirmOnce = async () => {
      if (!isConfirmed) await confirm();
      isConfirmed = true;
    };
    cluster = await restoreCluster(aws, rds, { source, target, at, ownerSecretArn, confirm: confirmOnce });
    if (swap) {
      await confirmOnce();
      cluster = await exchangeNames(aws, rds, { name, former, target, at });
    }
  }
  const isServed = swap || isSwapped === true;
  await printResult(aws, {
    cluster: cluster.DBClusterIdentifier ?? '',
    host: cluster.Endpoint ?? '',
    isServed,
    former,
  });
}

interface Exchange {
  name: string;
  former: string;
  target: string;
  at: Date;
}

/** Between both renames no cluster has the name, so whatever ends it there says how to go on. */
async function exchangeNames(
  aws: AwsSession,
  rds: RDSClient,
  { name, former, target, at }: Exchange,
): Promise<DBCluster> {
  const again = `PostgreSQL is away until you run: bin/aws/restore-database --at ${at.toISOString()} --swap`;
  try {
    if (await findCluster(rds, name)) await renameCluster(aws, rds, { from: name, to: former, again });
    await renameCluster(aws, rds, { from: target, to: name, again });
    return await waitForCluster(aws, rds, { name, minutes: 30, again });
  } catch (error) {
    if (!(error instanceof CommandError)) aws.out.say(again);
    throw error;
  }
}

interface Result {
  cluster: string;
  host: string;
  isServed: boolean;
  former: string;
}

async function printResult({ out }: AwsSession, { cluster, host, isServed, former }: Result): Promise<void> {
  const next = isServed
    ? [
        `${cluster} is the restored cluster; the former one is ${former}.`,
        'Tasks connect to it by themselves as soon as the name has its new address. Then:',
        '  bin/aws/deploy --only CruddurApi    migrates it, if the release is newer than that time',
        '  bin/aws/run bin/search/rebuild prod  indexes what was written since',
        'CloudFormation still has the instances of the former cluster: docs/recovery.md.',
      ]
    : [
        `${cluster} is ready at ${host}.`,
        `Check it: bin/aws/run --database ${host} -- bin/db/sessions prod`,
        'To serve it, run the same command with --swap.',
      ];
  await out.result({ cluster, host, served: isServed, ...(isServed && { former }) }, next.join('\n'));
}
