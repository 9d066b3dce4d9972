import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ACMClient } from '@aws-sdk/client-acm';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunProgram } from '../../../bin/src/cli/command.ts';
import { runBin } from '../support/run-bin.ts';
import { ACCOUNT, awsError, failFirst, REGION, startStandIns, throttled } from './support/stand-ins.ts';

const DOMAIN = 'messages.cruddur.example';
const FIRST = ['--domain', DOMAIN, '--alarm-email', 'on-call@cruddur.example', '--yes', ACCOUNT];
/** As the CDK lists them. */
const NAMES = ['CruddurEdgeLog', 'CruddurNetwork', 'CruddurData', 'CruddurApi', 'CruddurWeb', 'CruddurWatch'];
const OUTPUTS: Record<string, Record<string, string>> = {
  CruddurData: { UserPoolId: 'ca-central-1_Pool', UserPoolClientId: 'client' },
  CruddurWeb: { PageBucketName: 'the-page', DistributionId: 'E123', DistributionDomainName: 'd1.cloudfront.net' },
};

interface StackState {
  StackName: string;
  StackStatus: string;
  Tags: { Key: string; Value: string }[];
  Outputs: { OutputKey: string; OutputValue: string }[];
  Parameters: { ParameterKey: string; ParameterValue: string }[];
}

let aws: ReturnType<typeof startStandIns>;
/** By region and name. */
let stacks: Map<string, StackState>;
/** What was run, such as `cdk deploy CruddurData`, without account and region. */
let ran: string[];
let environments: (Record<string, string> | undefined)[];
let changed: string;
let failing: string | undefined;
let rootDir: string;
let certificates: Map<string, { CertificateArn: string; DomainName: string; Status: string }>;
/** Objects of the page's bucket in the order in which they were put. */
let objects: { Key: string; CacheControl: string; ContentType: string }[];

const writeSettings = (context: object) =>
  writeFileSync(path.join(rootDir, 'infra/cdk.json'), JSON.stringify({ context }));

beforeEach(() => {
  aws = startStandIns();
  rootDir = mkdtempSync(path.join(tmpdir(), 'cruddur-deploy-'));
  mkdirSync(path.join(rootDir, 'infra/policies'), { recursive: true });
  writeFileSync(path.join(rootDir, 'infra/policies/stack-policy.json'), '{ "Statement": [] }');
  writeSettings({ zoneIds: 'cac1-az1,cac1-az2' });
  stacks = new Map();
  [ran, environments, changed, failing, objects] = [[], [], '', undefined, []];
  certificates = new Map();
  serveCloudFormation();
  serveAcm();
  aws.serve(EC2Client, {
    DescribeAvailabilityZones: () => ({
      AvailabilityZones: ['cac1-az4', 'cac1-az3', 'cac1-az2', 'cac1-az1'].map((ZoneId) => ({
        ZoneId,
        State: 'available',
      })),
    }),
    DescribeManagedPrefixLists: () => ({ PrefixLists: [{ PrefixListId: 'pl-1234' }] }),
  });
  aws.serve(S3Client, {
    ListObjectsV2: () => ({ Contents: objects.filter(({ Key }) => Key.startsWith('assets/')) }),
    PutObject(input: { Key: string; CacheControl: string; ContentType: string }) {
      objects.push(input);
      return {};
    },
  });
  aws.serve(CloudWatchClient, {
    DescribeAlarms: () => ({
      MetricAlarms: [{ AlarmName: 'cruddur-stream-lag', ActionsEnabled: true, AlarmActions: ['topic'] }],
    }),
    SetAlarmState: () => ({}),
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(rootDir, { recursive: true, force: true });
});

function addStack(
  name: string,
  {
    region = REGION,
    status = 'CREATE_COMPLETE',
    stage = 'production',
    domain = DOMAIN,
    outputs = OUTPUTS[name] ?? {},
  } = {},
): void {
  const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
  const Tags = [{ Key: 'stage', Value: stage }];
  const Parameters = name === 'CruddurApi' ? [{ ParameterKey: 'DomainName', ParameterValue: domain }] : [];
  stacks.set(`${region} ${name}`, { StackName: name, StackStatus: status, Tags, Outputs, Parameters });
}

function serveCloudFormation(): void {
  aws.serve(CloudFormationClient, {
    DescribeStacks({ StackName }: { StackName: string }, region: string) {
      const stack = stacks.get(`${region} ${StackName}`);
      if (!stack) throw awsError('ValidationError', `Stack with id ${StackName} does not exist`);
      return { Stacks: [stack] };
    },
    SetStackPolicy: () => ({}),
  });
}

/** https://docs.aws.amazon.com/acm/latest/APIReference/API_DescribeCertificate.html: the record is there some seconds later. */
function serveAcm(): void {
  const described = new Map<string, number>();
  aws.serve(ACMClient, {
    ListCertificates: (_: unknown, region: string) => ({
      CertificateSummaryList: [...certificates.values()].filter(({ CertificateArn }) =>
        CertificateArn.includes(region),
      ),
    }),
    RequestCertificate({ DomainName }: { DomainName: string }, region: string) {
      const CertificateArn = `arn:aws:acm:${region}:${ACCOUNT}:certificate/new`;
      certificates.set(CertificateArn, { CertificateArn, DomainName, Status: 'PENDING_VALIDATION' });
      return { CertificateArn };
    },
    DescribeCertificate({ CertificateArn }: { CertificateArn: string }) {
      const certificate = certificates.get(CertificateArn);
      const times = (described.get(CertificateArn) ?? 0) + 1;
      described.set(CertificateArn, times);
      if (certificate && times === 3) certificate.Status = 'ISSUED';
      const ResourceRecord = { Name: `_record.${DOMAIN}.`, Value: `_value.${CertificateArn.split(':')[3]}.` };
      return { Certificate: { ...certificate, DomainValidationOptions: times > 1 ? [{ ResourceRecord }] : [{}] } };
    },
  });
}

/** Stands for git, npm and the CDK, which creates stacks. */
const runProgram: RunProgram = async (program, args, { cwd, env }) => {
  const line = [program, ...args]
    .join(' ')
    .replace('npx ', '')
    .replaceAll(/ -c (account|region)=\S+/g, '');
  ran.push(line);
  environments.push(env);
  const done = (stdout = '') => Promise.resolve({ exitCode: 0, stdout });
  if (failing !== undefined && line.startsWith(failing)) return { exitCode: 1, stdout: '' };
  if (line.startsWith('git status')) return await done(changed);
  if (line.startsWith('git rev-parse')) return await done('c0ffee\n');
  if (line === 'npm run build') writePage(cwd);
  if (line === 'cdk ls') return await done(`${NAMES.join('\n')}\n`);
  const [, bootstrapped] = /^cdk bootstrap aws:\/\/\d+\/(.*)/.exec(line) ?? [];
  if (bootstrapped) addStack('CDKToolkit', { region: bootstrapped });
  const [, name] = /^cdk deploy (\w+)/.exec(line) ?? [];
  if (name) addStack(name, { region: name === 'CruddurEdgeLog' ? 'us-east-1' : REGION });
  return await done();
};

function writePage(root: string): void {
  const dist = path.join(root, 'apps/web/dist');
  mkdirSync(path.join(dist, 'assets'), { recursive: true });
  for (const name of ['index.html', 'config.js', 'service-worker.js', 'assets/app-1.js', 'assets/app-1.js.map']) {
    writeFileSync(path.join(dist, name), name);
  }
}

const deploy = (args: string[], interrupted?: AbortSignal) =>
  runBin('aws/deploy', args, { runProgram, rootDir, ...(interrupted && { interrupted }) });
const deployed = () => ran.filter((line) => /^cdk (deploy|bootstrap)/.test(line));

describe('bin/aws/deploy', () => {
  it('deploys the first time: bootstrap, certificates, parameters, stack policy, page, and the test of an alarm', async () => {
    const { exitCode, stdout, stderr } = await deploy(FIRST);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`account: ${ACCOUNT}`) });
    const first = '--exclusively --require-approval=never --progress=events';
    expect(ran.slice(0, 5)).toEqual([
      'git status --porcelain',
      'git rev-parse HEAD',
      'npm run build',
      'cdk ls',
      `cdk diff ${NAMES.slice(1).join(' ')} CruddurEdgeLog --no-fail`,
    ]);
    expect(deployed()).toEqual([
      `cdk bootstrap aws://${ACCOUNT}/${REGION}`,
      `cdk bootstrap aws://${ACCOUNT}/us-east-1`,
      `cdk deploy CruddurNetwork ${first}`,
      `cdk deploy CruddurData ${first} --no-rollback`,
      `cdk deploy CruddurApi ${first} --parameters CruddurApi:DomainName=${DOMAIN} ` +
        `--parameters CruddurApi:CertificateArn=arn:aws:acm:${REGION}:${ACCOUNT}:certificate/new ` +
        '--parameters CruddurApi:CloudFrontPrefixList=pl-1234',
      `cdk deploy CruddurWeb ${first} --parameters CruddurWeb:DomainName=${DOMAIN} ` +
        `--parameters CruddurWeb:CertificateArn=arn:aws:acm:us-east-1:${ACCOUNT}:certificate/new`,
      `cdk deploy CruddurWatch ${first} --parameters CruddurWatch:AlarmEmail=on-call@cruddur.example`,
      `cdk deploy CruddurEdgeLog ${first} --parameters CruddurEdgeLog:DistributionId=E123 ` +
        `--parameters CruddurEdgeLog:DomainName=${DOMAIN} ` +
        `--parameters CruddurEdgeLog:CertificateArn=arn:aws:acm:us-east-1:${ACCOUNT}:certificate/new ` +
        '--parameters CruddurEdgeLog:AlarmEmail=on-call@cruddur.example',
    ]);
    expect(stderr).toContain(`Add this record to the DNS of ${DOMAIN}: _record.${DOMAIN}. CNAME _value.us-east-1.`);
    expect(aws.names()).toContain('CloudFormation.SetStackPolicy');
    expect(aws.names().slice(-2)).toEqual(['CloudWatch.SetAlarmState', 'CloudWatch.SetAlarmState']);
    expect(stdout).toContain('The page is at d1.cloudfront.net');
  });

  it('builds the page for the pool and publishes its assets first, without source maps, index.html last', async () => {
    await deploy(FIRST);
    expect(environments.at(-1)).toEqual({ COGNITO_USER_POOL_ID: 'ca-central-1_Pool', COGNITO_CLIENT_ID: 'client' });
    const put = objects.map(({ Key, CacheControl, ContentType }) => [Key, CacheControl, ContentType.split(';')[0]]);
    expect(put[0]).toEqual(['assets/app-1.js', 'public, max-age=31536000, immutable', 'text/javascript']);
    expect(put.at(-1)).toEqual(['index.html', 'no-cache', 'text/html']);
    expect(objects.map(({ Key }) => Key).sort()).toEqual([
      'assets/app-1.js',
      'config.js',
      'index.html',
      'service-worker.js',
    ]);
  });

  it('deploys the next time without parameters, and uploads only assets that the bucket lacks', async () => {
    await deploy(FIRST);
    [ran, objects] = [[], objects.slice(0, 1)];
    const { exitCode, records } = await deploy(['--yes', ACCOUNT, '--json']);
    expect(exitCode).toBe(0);
    expect(records()).toEqual([
      { commit: 'c0ffee', account: ACCOUNT, region: REGION, files: 3, distribution: 'd1.cloudfront.net' },
    ]);
    expect(deployed().filter((line) => /bootstrap|no-rollback|(Api|Web|Watch):/.test(line))).toEqual([]);
    expect(deployed().at(-1)).toContain(`--parameters CruddurEdgeLog:DomainName=${DOMAIN}`);
    expect(deployed()).toHaveLength(NAMES.length);
    expect(aws.names().filter((name) => name === 'CloudWatch.SetAlarmState')).toHaveLength(2);
  });

  it('continues where a failed stack ended it', async () => {
    failing = 'cdk deploy CruddurApi';
    const failed = await deploy(FIRST);
    expect(failed).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Run bin/aws/deploy again to continue.'),
    });
    expect(objects).toEqual([]);
    [failing, ran] = [undefined, []];
    const again = await deploy(FIRST);
    expect(again.exitCode).toBe(0);
    expect(deployed()[1]).toBe('cdk deploy CruddurData --exclusively --require-approval=never --progress=events');
    expect(aws.names().filter((name) => name === 'ACM.RequestCertificate')).toHaveLength(2);
  });

  it('resumes a creation that was paused, as the CDK demands, without a rollback', async () => {
    addStack('CruddurNetwork');
    addStack('CruddurData', { status: 'CREATE_FAILED' });
    expect(await deploy(FIRST)).toMatchObject({ exitCode: 0 });
    expect(deployed().find((line) => line.includes('CruddurData'))).toMatch(/--no-rollback$/);
    expect(deployed().find((line) => line.includes('CruddurNetwork'))).not.toContain('--no-rollback');
  });

  it('creates a stack of which the CDK was stopped before it had any resource, with its parameters', async () => {
    for (const name of ['CruddurNetwork', 'CruddurData', 'CruddurApi']) addStack(name);
    // A change set creates such a stack, also that of `cdk diff`.
    addStack('CruddurWatch', { status: 'REVIEW_IN_PROGRESS' });
    expect(await deploy(FIRST)).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/New: .*CruddurWatch/) });
    expect(deployed().find((line) => line.startsWith('cdk deploy CruddurWatch'))).toContain('AlarmEmail=on-call@');
  });

  it('stops between two files of the page at Ctrl-C, and index.html is still that of before', async () => {
    const controller = new AbortController();
    aws.serve(S3Client, {
      PutObject(input: (typeof objects)[number]) {
        objects.push(input);
        controller.abort();
        return {};
      },
    });
    expect(await deploy(FIRST, controller.signal)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Run the same command again'),
    });
    expect(objects.map(({ Key }) => Key)).toEqual(['assets/app-1.js']);
  });

  it('changes the address that receives the alarms, of both regions', async () => {
    await deploy(FIRST);
    ran = [];
    expect(await deploy(['--alarm-email', 'night@cruddur.example', '--yes', ACCOUNT])).toMatchObject({ exitCode: 0 });
    const changed = deployed().filter((line) => line.includes('AlarmEmail=night@cruddur.example'));
    expect(changed.map((line) => line.split(' ')[2])).toEqual(['CruddurWatch', 'CruddurEdgeLog']);
  });

  it('stops between two stacks at Ctrl-C', async () => {
    const controller = new AbortController();
    aws.serve(CloudFormationClient, {
      SetStackPolicy: () => {
        controller.abort();
        return {};
      },
    });
    const { exitCode, stderr } = await deploy(FIRST, controller.signal);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Run the same command again'),
    });
    expect(deployed().at(-1)).toContain('CruddurData');
  });

  it.each([
    ['a checkout with changes', () => (changed = ' M infra/cdk.json\n'), 'Commit these files first'],
    [
      'settings of another account',
      () => writeSettings({ account: '999999999999' }),
      'infra/cdk.json is for the account "9999',
    ],
    ['a first time without zones', () => writeSettings({}), '"zoneIds": "cac1-az1,cac1-az2,cac1-az4"'],
    [
      'a zone without VPC origins',
      () => writeSettings({ zoneIds: 'cac1-az1,cac1-az3' }),
      'cannot use the zones cac1-az3',
    ],
    [
      'such a zone under the name of the region',
      () => writeSettings({ zoneIds: 'cac1-az1,cac1-az2', [REGION]: { zoneIds: 'cac1-az3' } }),
      'cannot use the zones cac1-az3',
    ],
    [
      'another domain than the deployed one',
      () => {
        addStack('CruddurNetwork');
        addStack('CruddurApi', { domain: 'chat.cruddur.example' });
      },
      'The domain is chat.cruddur.example',
    ],
    ['another stage', () => addStack('CruddurNetwork', { stage: 'staging' }), 'every stage needs its own account'],
    [
      'a stack whose creation was rolled back',
      () => addStack('CruddurData', { status: 'ROLLBACK_COMPLETE' }),
      'docs/first-deployment-fails.md',
    ],
    [
      'a stack whose update and its rollback failed',
      () => addStack('CruddurApi', { status: 'UPDATE_ROLLBACK_FAILED' }),
      'docs/first-deployment-fails.md',
    ],
    [
      'an earlier release, whose table and database CloudFormation would replace',
      () => {
        addStack('CruddurNetwork');
        addStack('CruddurData', { outputs: { DatabaseServerSecretArn: 'arn:aws:secretsmanager:…' } });
      },
      '"From an earlier release"',
    ],
    [
      'a stack that is being updated',
      () => addStack('CruddurApi', { status: 'UPDATE_IN_PROGRESS' }),
      'UPDATE_IN_PROGRESS',
    ],
  ])('refuses %s, and deploys nothing', async (_, arrange, words) => {
    arrange();
    const { exitCode, stderr } = await deploy(FIRST);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(words) });
    expect([deployed(), aws.names()]).toEqual([[], []]);
  });

  it.each([
    ['no domain', ['--yes', ACCOUNT], 'The first deployment needs --domain.'],
    ['another account', ['--domain', DOMAIN, '--yes', '999999999999'], `"999999999999" is not ${ACCOUNT}`],
    ['no confirmation', ['--domain', DOMAIN], `Add --yes ${ACCOUNT}.`],
    ['an unknown stack', [...FIRST, '--only', 'CruddurNone'], 'There is no stack CruddurNone'],
  ])('refuses %s', async (_, args, words) => {
    const { exitCode, stderr } = await deploy(args);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(words) });
    expect(deployed()).toEqual([]);
  });

  it('deploys one part: a stack, the page, or the test of an alarm', async () => {
    await deploy(FIRST);
    ran = [];
    await deploy(['--yes', ACCOUNT, '--only', 'CruddurApi']);
    expect(deployed()).toEqual(['cdk deploy CruddurApi --exclusively --require-approval=never --progress=events']);
    ran = [];
    const [put, alarms] = [objects.length, aws.names().filter((name) => name === 'CloudWatch.SetAlarmState').length];
    aws.serve(S3Client, { ListObjectsV2: failFirst(1, throttled, () => ({ Contents: [{ Key: 'assets/app-1.js' }] })) });
    expect(await deploy(['--yes', ACCOUNT, '--only', 'page'])).toMatchObject({ exitCode: 0 });
    expect([deployed(), objects.length - put]).toEqual([[], 3]);
    await deploy(['--yes', ACCOUNT, '--only', 'alarm']);
    expect(aws.names().filter((name) => name === 'CloudWatch.SetAlarmState')).toHaveLength(alarms + 2);
  });

  it.each([
    ['postgres', 'valkey', false],
    ['valkey', 'postgres', false],
    ['valkey', undefined, false],
    ['postgres', 'both', true],
    ['both', 'valkey', true],
    ['valkey', 'valkey', true],
    [undefined, 'valkey', false],
    [undefined, undefined, true],
  ])(
    'from the bus %s to %s: %s, since tasks before and after a deployment must hear each other',
    async (from, to, isAllowed) => {
      OUTPUTS.CruddurApi = from === undefined ? {} : { Bus: from };
      for (const name of NAMES) addStack(name, { region: name === 'CruddurEdgeLog' ? 'us-east-1' : REGION });
      delete OUTPUTS.CruddurApi;
      writeSettings({ zoneIds: 'cac1-az1,cac1-az2', bus: to });
      const { exitCode, stderr } = await deploy(['--only', 'CruddurApi', '--yes', ACCOUNT]);
      expect(exitCode).toBe(isAllowed ? 0 : 1);
      if (!isAllowed) expect(stderr).toContain('bus=both first');
      expect(ran.some((each) => each.startsWith('cdk deploy'))).toBe(isAllowed);
    },
  );

  it('tests no alarm of a region on standby, whose alarms notify no one', async () => {
    const zoneIds = 'cac1-az1,cac1-az2';
    writeSettings({ zoneIds, homeRegion: 'ca-west-1', replicaRegion: REGION });
    const { exitCode, stderr } = await deploy(FIRST);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('on standby') });
    expect(aws.names()).not.toContain('CloudWatch.SetAlarmState');
    writeSettings({ zoneIds, homeRegion: 'ca-west-1', replicaRegion: REGION, writingRegion: REGION });
    stacks.delete(`${REGION} CruddurWatch`);
    expect(await deploy(FIRST)).toMatchObject({ exitCode: 0 });
    expect(aws.names()).toContain('CloudWatch.SetAlarmState');
  });

  it('fails if an alarm notifies no one', async () => {
    await deploy(FIRST);
    aws.serve(CloudWatchClient, {
      DescribeAlarms: () => ({ MetricAlarms: [{ AlarmName: 'cruddur-x', AlarmActions: [] }] }),
    });
    const { exitCode, stderr } = await deploy(['--yes', ACCOUNT, '--only', 'alarm']);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('cruddur-x notifies no one'),
    });
  });
});
