import { ECSClient, type Service, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { type CommandIo, positiveInteger, yesOption } from '../cli/command.ts';
import { prepareConfirmation } from '../cli/confirmation.ts';
import { failed, refused } from '../cli/errors.ts';
import { type AwsSession, awsCommand, waitUntil, withAws } from './aws-command.ts';
import { restorePage } from './restore-page.ts';
import { utcTime } from './restore-time.ts';
import { describeService, findRevision, parseRevision, type Revision } from './revisions.ts';
import { requireOutputs } from './stack-outputs.ts';

const STACK = 'CruddurApi';
/** Old tasks are drained while new ones become healthy. */
const MINUTES = 30;
/** So often, 5 s apart, the new deployment may be missing in ECS's answer. */
const STALE_READS = 6;

const NOT_ROLLED_BACK =
  'Not rolled back: migrations (they work with the release before), the Lambdas, the page and settings. CloudFormation ' +
  'does not know of it: deploy the former release with the settings of today (docs/deployment.md), or the next deployment brings ' +
  'the new one back.';

export const createCommand = (io: CommandIo) =>
  awsCommand(io, 'bin/aws/rollback', {
    summary:
      'Returns the API to an earlier revision at once, without a build, and waits until only its tasks run. The image is ' +
      'still in ECR, and revisions are kept. With --page, publishes the page of a former time again instead.',
    examples: [
      'bin/aws/rollback',
      'bin/aws/rollback --to 41 --yes CruddurApi',
      'bin/aws/rollback --page',
      'bin/aws/rollback --page 2026-11-20T08:15:00Z',
    ],
  })
    .option('--to <REVISION>', 'number of the revision; by default the one before the current one', positiveInteger)
    .option(
      '--page [TIME]',
      'the page that was published then, in UTC; without a time, lists when pages were published',
      utcTime,
    )
    .addOption(yesOption('stack: CruddurApi, or CruddurWeb for the page'))
    .action(async (options) => {
      const { to, page, yes } = options;
      if (page !== undefined && to !== undefined) throw refused('Use either --to, for the API, or --page.');
      const [name, what] = page === undefined ? [STACK, 'API'] : ['CruddurWeb', 'page'];
      const isList = page === true;
      const confirm = isList
        ? () => Promise.resolve()
        : prepareConfirmation({ name, action: `roll the ${what} back`, yes }, io);
      await withAws(io, options, (aws) =>
        page === undefined ? rollBack(aws, to, confirm) : restorePage(aws, page === true ? undefined : page, confirm),
      );
    });

async function rollBack(aws: AwsSession, to: number | undefined, confirm: () => Promise<void>): Promise<void> {
  const { out } = aws;
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const { ClusterName: cluster, ServiceName: service } = await requireOutputs(aws.client(CloudFormationClient), STACK, [
    'ClusterName',
    'ServiceName',
  ]);
  const ecs = aws.client(ECSClient);
  const present = await describeService(ecs, cluster, service);
  const { taskDefinition: currentArn = '' } = present;
  const current = parseRevision(currentArn);
  const target = await findRevision(ecs, currentArn, to ?? findRollback(present));
  if (target.number === current.number) {
    out.say(`Revision ${target.number} is the current one already.`);
  } else {
    out.say(`From revision ${current.number} to ${target.number}, of ${target.registered}: ${target.image}`);
    out.say(NOT_ROLLED_BACK);
    await confirm();
    await ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition: target.arn }));
  }
  await waitForRollout(aws, { ecs, cluster, service, target });
  await out.result(
    { service, from: current.number, to: target.number, image: target.image },
    `The API runs revision ${target.number}.`,
  );
}

/** The revision of a rollback that is under way, so that the command, run again, does not go back by one more. */
function findRollback({ deployments = [] }: Service): number | undefined {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  if (primary?.rolloutState !== 'IN_PROGRESS') return undefined;
  const { number } = parseRevision(primary.taskDefinition ?? '');
  const isBack = deployments.some(({ taskDefinition = '' }) => parseRevision(taskDefinition).number > number);
  return isBack ? number : undefined;
}

interface Rollout {
  ecs: ECSClient;
  cluster: string;
  service: string;
  target: Revision;
}

/** A deployment is COMPLETED when its tasks are healthy and all others have ended. */
async function waitForRollout(aws: AwsSession, { ecs, cluster, service, target }: Rollout): Promise<void> {
  const again = `To continue: bin/aws/rollback --to ${target.number}`;
  let staleReads = 0;
  await waitUntil(aws, { until: 'only its tasks run', minutes: MINUTES, again }, async (update) => {
    const { deployments = [] } = await describeService(ecs, cluster, service);
    const primary = deployments.find(({ status }) => status === 'PRIMARY');
    if (primary?.taskDefinition !== target.arn) {
      const hasFailed = deployments.some(
        ({ taskDefinition, rolloutState }) => taskDefinition === target.arn && rolloutState === 'FAILED',
      );
      // ECS may return for some seconds what was before the change.
      if (!hasFailed && ++staleReads <= STALE_READS) return undefined;
      throw failed(`ECS has undone it: its tasks did not become healthy. Read the log of ${STACK}'s server.`);
    }
    if (primary.rolloutState === 'FAILED') throw failed(`The rollback failed: ${primary.rolloutStateReason}`);
    update(`${primary.runningCount ?? 0} of ${primary.desiredCount ?? 0} tasks`);
    return primary.rolloutState === 'COMPLETED' ? true : undefined;
  });
}
