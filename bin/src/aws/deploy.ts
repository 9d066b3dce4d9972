import { CloudFormationClient, type Stack } from '@aws-sdk/client-cloudformation';
import { type CommandIo, yesOption } from '../cli/command.ts';
import { prepareConfirmation } from '../cli/confirmation.ts';
import { refused } from '../cli/errors.ts';
import { type AwsSession, awsCommand, stopIfInterrupted, withAws } from './aws-command.ts';
import { cdk, readContext, requireCommit, runIn } from './deployment/checkout.ts';
import { bootstrap, checkFirstTime, type Deployment, deployStack, type FirstTime } from './deployment/deploy-stack.ts';
import { buildPage, publish, testAlarms } from './deployment/finish.ts';
import { EDGE_REGION, findStacks, isEdgeLog } from './deployment/stacks.ts';

export const createCommand = (io: CommandIo) =>
  awsCommand(io, 'bin/aws/deploy', {
    summary:
      'Deploys this commit: builds it, shows what would change, and after you confirm by typing the account deploys the stacks ' +
      'in their order and publishes the page. The first time, it also requests the certificates and tests that alarms arrive. ' +
      'If it is stopped or fails, run it again: it continues.',
    examples: [
      'bin/aws/deploy --domain messages.cruddur.example --alarm-email on-call@cruddur.example',
      'bin/aws/deploy',
      'bin/aws/deploy --only CruddurApi',
      'bin/aws/deploy --only page --yes 123456789012',
    ],
  })
    .option('--domain <DOMAIN>', 'the first time: domain of page and API')
    .option('--alarm-email <ADDRESS>', 'receives the alarms; the first time, or to change it')
    .option('--only <PART>', 'one stack, `page`, or `alarm` to test that alarms arrive')
    .addOption(yesOption('account: its number'))
    .action(async (options) => {
      await withAws(io, options, async (aws) => {
        const action = `deploy to ${aws.account} in ${aws.region}`;
        const confirm = prepareConfirmation({ name: aws.account, action, yes: options.yes }, io);
        const { domain, alarmEmail, only } = options;
        await deploy(aws, { only, confirm, firstTime: { domain, alarmEmail } });
      });
    });

interface DeployOptions {
  only: string | undefined;
  confirm: () => Promise<void>;
  firstTime: FirstTime;
}

async function deploy(aws: AwsSession, { only, confirm, firstTime }: DeployOptions): Promise<void> {
  const context = await readContext(aws);
  const commit = await requireCommit(aws);
  aws.out.say(`commit: ${commit}`);
  const clientOf = clientsByStack(aws);
  const stage = typeof context.stage === 'string' ? context.stage : 'production';
  // The first ones are asked for before the CDK, which would choose zones itself.
  const first = await findStacks(clientOf, ['CruddurNetwork', 'CruddurData', 'CruddurApi'], stage);
  checkBus(first.get('CruddurApi'), context);
  await checkFirstTime({ aws, clientOf, present: first, context, firstTime });
  await runIn(aws, '', ['npm', 'run', 'build']);
  const all = await listStacks(aws);
  const present = await findStacks(clientOf, all, stage);
  const deployment: Deployment = { aws, clientOf, present, context, firstTime };
  const isPart = only === 'page' || only === 'alarm';
  const names = only === undefined ? all : all.filter((name) => name === only);
  if (!isPart) await showChanges(deployment, names, { only, all });
  await confirm();
  if (!isPart) await deployStacks(deployment, names);
  const isFirst = all.some((name) => !present.has(name));
  await finish(deployment, { only, isFirst, all, commit });
}

/** @throws {CommandError} if tasks before and after the deployment would not hear each other */
function checkBus(api: Stack | undefined, { bus = 'postgres' }: Record<string, unknown>): void {
  if (!api) return;
  const deployed = api.Outputs?.find(({ OutputKey }) => OutputKey === 'Bus')?.OutputValue ?? 'postgres';
  if (deployed === bus || deployed === 'both' || bus === 'both') return;
  throw refused(
    `CruddurApi has bus=${deployed}, and the settings have bus=${String(bus)}. Deploy bus=both first: tasks before and after a deployment must hear each other.`,
  );
}

async function showChanges(
  { aws, present }: Deployment,
  names: readonly string[],
  { only, all }: Pick<Finish, 'only' | 'all'>,
): Promise<void> {
  if (names.length === 0) throw refused(`There is no stack ${only}; there are ${all.join(', ')}, and page and alarm.`);
  // Changes nothing. Otherwise, differences would be a failure.
  await cdk(aws, ['diff', ...names, '--no-fail']);
  const missing = names.filter((name) => !present.has(name));
  aws.out.say(missing.length > 0 ? `New: ${missing.join(', ')}.` : 'All of these stacks exist.');
}

async function deployStacks(deployment: Deployment, names: readonly string[]): Promise<void> {
  await bootstrap(deployment);
  for (const [at, name] of names.entries()) {
    stopIfInterrupted(deployment.aws);
    deployment.aws.out.say((colors) => colors.bold(`${name} (${at + 1} of ${names.length})`));
    await deployStack(deployment, name);
  }
}

interface Finish {
  only: string | undefined;
  isFirst: boolean;
  all: readonly string[];
  commit: string;
}

async function finish({ aws, clientOf, context }: Deployment, { only, isFirst, all, commit }: Finish): Promise<void> {
  const web = all.find((name) => name.startsWith('CruddurWeb')) ?? 'CruddurWeb';
  const cloudFormation = clientOf(web);
  let files = 0;
  let distribution: string | undefined;
  if (only === undefined || only === 'page') {
    await buildPage(aws, cloudFormation);
    ({ files, distribution } = await publish(aws, cloudFormation, web));
  }
  if (only === 'alarm') await testAlarms(aws);
  else if (only === undefined && isFirst) await testFirstAlarms(aws, context);
  await aws.out.result(
    { commit, account: aws.account, region: aws.region, files, distribution },
    [
      `Deployed ${only ?? commit}.`,
      ...(distribution ? [`The page is at ${distribution}: point the domain at it by a CNAME or alias record.`] : []),
    ].join('\n'),
  );
}

/** The alarms of a region on standby notify no one. */
async function testFirstAlarms(aws: AwsSession, { homeRegion, writingRegion = homeRegion }: Deployment['context']) {
  if (writingRegion === undefined || writingRegion === aws.region) await testAlarms(aws);
  else aws.out.say('This region is on standby: its alarms notify no one. Test them after a failover.');
}

/** The CDK lists them in the order of their dependencies. The log of CloudFront needs its distribution's id. */
async function listStacks(aws: AwsSession): Promise<string[]> {
  const names = (await cdk(aws, ['ls'], { capture: true })).split('\n').flatMap((line) => line.trim() || []);
  return [...names.filter((name) => !isEdgeLog(name)), ...names.filter(isEdgeLog)];
}

function clientsByStack(aws: AwsSession): (name: string) => CloudFormationClient {
  const here = aws.client(CloudFormationClient);
  const edge = aws.client(CloudFormationClient, EDGE_REGION);
  return (name) => (isEdgeLog(name) ? edge : here);
}
