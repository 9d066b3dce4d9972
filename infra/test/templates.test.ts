import { describe, expect, it } from 'vitest';
import { type Resource, synthesise } from './support/deployment.ts';
import { resolveIntrinsics } from './support/intrinsics.ts';
import { isAllowed, type Statement } from './support/policies.ts';

// What holds for every template, read as CloudFormation reads it.

const ACCOUNT = '123456789012';
const deployment = synthesise({ region: 'ca-central-1', billing: 'provisioned' });
const names = Object.keys(deployment.stacks) as (keyof typeof deployment.stacks)[];
const resources = names.flatMap((stack) => {
  const template = deployment.template(stack).toJSON() as { Resources: Record<string, Resource> };
  return Object.entries(template.Resources).map(([id, resource]) => ({ stack, id, resource }));
});
type Found = (typeof resources)[number];

/** A resource's properties with its stack's topics by their ARNs. */
function propertiesOf({ stack, resource }: Found): Record<string, unknown> {
  const { region } = deployment.stacks[stack];
  const topics = resources.filter((other) => other.stack === stack && other.resource.Type === 'AWS::SNS::Topic');
  const find = (reference: string) =>
    topics.some(({ id }) => id === reference) ? `arn:aws:sns:${region}:${ACCOUNT}:${reference}` : undefined;
  return resolveIntrinsics(resource.Properties, { region, account: ACCOUNT, find }) as Record<string, unknown>;
}

/** Types that hold what cannot be produced again: data, credentials, logs, and what a retained cluster needs to run. */
const KEPT_TYPES = [
  /^AWS::Cognito::UserPool$/,
  /^AWS::DynamoDB::(Global)?Table$/,
  /^AWS::Logs::LogGroup$/,
  /^AWS::RDS::DB(Cluster|Instance|SubnetGroup)$/,
  /^AWS::S3::Bucket$/,
  /^AWS::SecretsManager::Secret$/,
];

describe('deletion policies', () => {
  it.each(KEPT_TYPES)('keep what is %s when it is replaced or its stack deleted', (type) => {
    const kept = resources.filter(({ resource }) => type.test(resource.Type));
    expect(kept).not.toEqual([]);
    for (const { stack, id, resource } of kept) {
      const { DeletionPolicy, UpdateReplacePolicy } = resource;
      expect({ stack, id, DeletionPolicy, UpdateReplacePolicy }).toEqual({
        stack,
        id,
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  it('keep nothing of a creation that failed, so that it can be repeated under the same names', () => {
    for (const { stack, id, resource } of resources) {
      const { DeletionPolicy = 'Delete' } = resource;
      expect({ stack, id, DeletionPolicy }).toEqual({
        stack,
        id,
        DeletionPolicy: expect.stringMatching(/^(Delete|RetainExceptOnCreate)$/),
      });
    }
  });
});

describe('topics', () => {
  const ofType = (type: string) => resources.filter(({ resource }) => resource.Type === type);
  const policies = ofType('AWS::SNS::TopicPolicy').map(
    (policy) => propertiesOf(policy) as { Topics: string[]; PolicyDocument: { Statement: Statement[] } },
  );
  const statementsOn = (topic: string) =>
    policies.filter(({ Topics }) => Topics.includes(topic)).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  // ECS itself reads the others.
  const watched = ofType('AWS::CloudWatch::Alarm').filter(({ stack }) => stack !== 'api');
  const alarms = watched.map((alarm) => {
    const { AlarmName, AlarmActions, OKActions } = propertiesOf(alarm) as Record<string, string[]>;
    const arn = `arn:aws:cloudwatch:${deployment.stacks[alarm.stack].region}:${ACCOUNT}:alarm:${String(AlarmName)}`;
    return { arn, topics: [...(AlarmActions ?? []), ...(OKActions ?? [])] };
  });
  const publication = (topic: string, alarm: string, context: Record<string, string> = {}) => ({
    service: 'cloudwatch.amazonaws.com',
    action: 'sns:Publish',
    resource: topic,
    context: {
      'aws:sourcearn': alarm,
      'aws:sourceaccount': ACCOUNT,
      'aws:securetransport': 'true',
      ...context,
    },
  });

  it('admit CloudWatch for each alarm that notifies them', () => {
    expect(alarms.length).toBeGreaterThan(25);
    for (const { arn, topics } of alarms) {
      expect(topics).toHaveLength(2);
      for (const topic of topics) {
        expect({ arn, isAllowed: isAllowed(statementsOn(topic), publication(topic, arn)) }).toEqual({
          arn,
          isAllowed: true,
        });
      }
    }
  });

  it.each<[string, { alarm?: string; context?: Record<string, string> }]>([
    ['for another account', { context: { 'aws:sourceaccount': '210987654321' } }],
    ['without TLS', { context: { 'aws:securetransport': 'false' } }],
    ['for an alarm that is not ours', { alarm: `arn:aws:cloudwatch:ca-central-1:${ACCOUNT}:alarm:other` }],
  ])('refuse it %s', (_, { alarm, context }) => {
    for (const { arn, topics } of alarms) {
      const [topic = ''] = topics;
      expect(isAllowed(statementsOn(topic), publication(topic, alarm ?? arn, context))).toBe(false);
    }
  });

  it('would refuse it by a policy that only denies insecure calls, since a policy replaces the default one', () => {
    const [{ arn, topics } = { arn: '', topics: [] }] = alarms;
    const [topic = ''] = topics;
    const denials = statementsOn(topic).filter(({ Effect }) => Effect === 'Deny');
    expect(denials).not.toEqual([]);
    expect(isAllowed(denials, publication(topic, arn))).toBe(false);
  });
});
