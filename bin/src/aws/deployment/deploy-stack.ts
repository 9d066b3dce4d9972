import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type CloudFormationClient, SetStackPolicyCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import { refused } from '../../cli/errors.ts';
import type { AwsSession } from '../aws-command.ts';
import { findStack, requireOutputs } from '../stack-outputs.ts';
import { ensureCertificate } from './certificates.ts';
import { cdk } from './checkout.ts';
import { checkZones, findPrefixList } from './network.ts';
import { EDGE_REGION, isEdgeLog } from './stacks.ts';

/** What the first deployment needs: CloudFormation keeps parameters. */
export interface FirstTime {
  domain: string | undefined;
  /** Later ones can change it. */
  alarmEmail: string | undefined;
}

export interface Deployment {
  aws: AwsSession;
  clientOf: (stackName: string) => CloudFormationClient;
  /** Before this deployment. */
  present: Map<string, Stack>;
  context: Record<string, unknown>;
  firstTime: FirstTime;
}

/** The CDK's own stack, by which it uploads images and files. */
const TOOLKIT = 'CDKToolkit';

/** Prepares the account for the CDK, in its region and for the log of CloudFront, where that has not been done. */
export async function bootstrap({ aws, clientOf }: Deployment): Promise<void> {
  for (const [region, client] of [
    [aws.region, clientOf('CruddurNetwork')],
    [EDGE_REGION, clientOf('CruddurEdgeLog')],
  ] as const) {
    if (!(await findStack(client, TOOLKIT))) await cdk(aws, ['bootstrap', `aws://${aws.account}/${region}`]);
  }
}

/**
 * Checks, before anything is built, what the first deployment needs.
 *
 * @throws {CommandError} without a domain, with another one than is deployed, or with zones that cannot be used
 */
export async function checkFirstTime(deployment: Deployment): Promise<void> {
  const { aws, present, context } = deployment;
  if (!present.has('CruddurNetwork')) await checkZones(aws.client(EC2Client), context.zoneIds);
  requireDomain(deployment);
}

/** Deploys one stack. @throws {CommandError} if something is missing that only the first deployment needs, or if it fails */
export async function deployStack(deployment: Deployment, name: string): Promise<void> {
  const { aws, clientOf, present } = deployment;
  const isNew = !present.has(name);
  // What was created stays, so that the next try continues: protections would make a rollback fail (decision 0034).
  const isPaused = /^(CREATE|UPDATE)_FAILED$/.test(present.get(name)?.StackStatus ?? '');
  const keepsFailed = isPaused || (isNew && name === 'CruddurData');
  const parameters = await parametersOf(deployment, name, isNew);
  await cdk(aws, [
    'deploy',
    name,
    '--exclusively',
    // The differences were confirmed.
    '--require-approval=never',
    '--progress=events',
    ...(keepsFailed ? ['--no-rollback'] : []),
    ...Object.entries(parameters).flatMap(([key, value]) => ['--parameters', `${name}:${key}=${value}`]),
  ]);
  if (name === 'CruddurData') await setStackPolicy(aws, clientOf(name), name);
}

async function parametersOf(deployment: Deployment, name: string, isNew: boolean): Promise<Record<string, string>> {
  const { aws, clientOf } = deployment;
  if (isEdgeLog(name)) {
    const web = name.replace('EdgeLog', 'Web');
    const { DistributionId } = await requireOutputs(clientOf(web), web, ['DistributionId']);
    return { DistributionId, ...(await domainParameters(deployment, EDGE_REGION)), ...alarmParameters(deployment) };
  }
  if (name === 'CruddurWatch') return alarmParameters(deployment);
  if (!isNew) return {};
  if (name === 'CruddurApi') {
    const CloudFrontPrefixList = await findPrefixList(aws.client(EC2Client));
    return { ...(await domainParameters(deployment, aws.region)), CloudFrontPrefixList };
  }
  return name.startsWith('CruddurWeb') ? await domainParameters(deployment, EDGE_REGION) : {};
}

async function domainParameters(deployment: Deployment, region: string): Promise<Record<string, string>> {
  const DomainName = requireDomain(deployment);
  return { DomainName, CertificateArn: await ensureCertificate(deployment.aws, DomainName, region) };
}

const alarmParameters = ({ firstTime: { alarmEmail } }: Deployment): Record<string, string> =>
  alarmEmail === undefined ? {} : { AlarmEmail: alarmEmail };

function requireDomain({ firstTime, present }: Deployment): string {
  const ofApi = present.get('CruddurApi')?.Parameters?.find(({ ParameterKey }) => ParameterKey === 'DomainName');
  const deployed = ofApi?.ParameterValue;
  const domain = firstTime.domain ?? deployed;
  if (domain === undefined) throw refused('The first deployment needs --domain.');
  if (deployed !== undefined && domain !== deployed) {
    throw refused(`The domain is ${deployed}: certificates, page and API have it. Leave --domain out.`);
  }
  return domain;
}

async function setStackPolicy(aws: AwsSession, cloudFormation: CloudFormationClient, StackName: string): Promise<void> {
  const StackPolicyBody = await readFile(path.join(aws.io.rootDir, 'infra/policies/stack-policy.json'), 'utf8');
  await cloudFormation.send(new SetStackPolicyCommand({ StackName, StackPolicyBody }));
}
