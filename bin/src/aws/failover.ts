import { type CommandIo, yesOption } from '../cli/command.ts';
import { prepareConfirmation } from '../cli/confirmation.ts';
import { CommandError, refused } from '../cli/errors.ts';
import { type AwsSession, awsCommand, stopIfInterrupted, withAws } from './aws-command.ts';
import { findGlobalDatabase, promote, takeOwnership } from './failover/global-database.ts';
import { describeActivity, type RegionSide, readSide, startSide, stopSide } from './failover/region-side.ts';
import { unlessUnreachable } from './failover/unreachable.ts';

interface Options {
  to: string;
  oldRegionIsGone?: true | undefined;
}

export const createCommand = (io: CommandIo) =>
  awsCommand(io, 'bin/aws/failover', {
    summary:
      'Lets the other region serve people: stops the tasks and the mappings of the stream in the old one, makes the database of the ' +
      'new one the writer, and starts mappings and tasks there. If the old region answers, nothing is lost. The two never move rows at ' +
      'the same time. Then prints what is left: the domain, the settings, the user pool.',
    examples: [
      'bin/aws/failover --to ca-west-1',
      'bin/aws/failover --to ca-west-1 --old-region-is-gone --yes ca-west-1',
    ],
  })
    .requiredOption('--to <REGION>', 'the region that serves from now on')
    .option(
      '--old-region-is-gone',
      'the old region does not answer: continue without it, and lose what was not replicated. Refused if it still works',
    )
    .addOption(yesOption('region'))
    .action(async (options) => {
      const confirm = prepareConfirmation(
        { name: options.to, action: `let ${options.to} serve people`, yes: options.yes },
        io,
      );
      await withAws(io, options, (aws) => failOver(aws, options, confirm));
    });

async function failOver(aws: AwsSession, options: Options, confirm: () => Promise<void>): Promise<void> {
  const { out } = aws;
  const { to } = options;
  const next = await readSide(aws, to);
  const database = await findGlobalDatabase(aws, to);
  const from = database.otherRegion;
  const old = await findOld(aws, from, options);
  out.say(
    old
      ? `From ${from}, which answers: nothing is lost.`
      : `From ${from}, which is gone: what was not replicated is lost.`,
  );
  await confirm();
  const again = `To continue: bin/aws/failover --to ${to}${old ? '' : ' --old-region-is-gone'}`;
  try {
    // Before anything starts: of two regions that write, the later write to an item would win.
    if (old) await stopSide(aws, old);
    stopIfInterrupted(aws, again);
    await promote(aws, { database, to, losesData: !old, again });
    stopIfInterrupted(aws, again);
    await takeOwnership(aws, { database, to, secretArn: next.ownerSecretArn, again });
    stopIfInterrupted(aws, again);
    await startSide(aws, next, again);
  } catch (error) {
    // AWS's own words do not say that people are not served now.
    if (!(error instanceof CommandError)) out.say(`It is not finished, and may serve no one. ${again}`);
    throw error;
  }
  await out.result(
    { from, to, oldRegionIsGone: !old, tasks: next.tasks.min },
    `${to} serves.\n${whatIsLeft(next, from)}`,
  );
}

/** @throws {CommandError} if it does not answer, unless it is said to be gone; if it is said to be gone, but works */
async function findOld(
  aws: AwsSession,
  from: string,
  { to, oldRegionIsGone }: Options,
): Promise<RegionSide | undefined> {
  const old = await unlessUnreachable(() => readSide(aws, from));
  if (old === undefined) {
    if (oldRegionIsGone) return undefined;
    throw refused(
      `${from} does not answer, so its tasks and mappings cannot be stopped. If it is gone: bin/aws/failover --to ${to} --old-region-is-gone`,
    );
  }
  if (!oldRegionIsGone) return old;
  const activity = await unlessUnreachable(() => describeActivity(aws, old));
  if (activity === undefined) return undefined;
  if (activity.length === 0) return old;
  throw refused(
    `${from} is not gone: ${activity.join(', ')}. Two regions would write. Run it without --old-region-is-gone, which stops them.`,
  );
}

function whatIsLeft({ region, distributionId }: RegionSide, from: string): string {
  return [
    'What is left:',
    `1. The domain: aws cloudfront associate-alias --target-distribution-id ${distributionId} --alias <domain>, then point its`,
    '   DNS record at that distribution.',
    `2. In infra/cdk.json: "writingRegion": "${region}". Then bin/aws/deploy in ${region}: alarms, migration and rotation.`,
    '3. If the user pool is gone: import the people (docs/recovery.md#the-user-pool).',
    `4. When ${from} is back: deploy it with the same settings before anything else, so that it is on standby. Then`,
    '   bin/aws/run bin/ddb/verify prod --repair: what arrives late may be a second copy of a message.',
  ].join('\n');
}
