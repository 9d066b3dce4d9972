import { describe, expect, it } from 'vitest';
import { type Resource, synthesise } from './support/deployment.ts';
import { evaluate, type PolicyStatement } from './support/evaluate.ts';
import { resolveIntrinsics } from './support/intrinsics.ts';

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
  // What it encrypted is gone with it.
  /^AWS::KMS::Key$/,
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
    (policy) => propertiesOf(policy) as { Topics: string[]; PolicyDocument: { Statement: PolicyStatement[] } },
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
      'aws:SourceArn': alarm,
      'aws:SourceAccount': ACCOUNT,
      'aws:SecureTransport': 'true',
      ...context,
    },
  });

  it('admit CloudWatch for each alarm that notifies them', () => {
    expect(alarms.length).toBeGreaterThan(25);
    for (const { arn, topics } of alarms) {
      expect(topics).toHaveLength(2);
      for (const topic of topics) {
        expect([arn, evaluate(statementsOn(topic), publication(topic, arn))]).toEqual([arn, 'allow']);
      }
    }
  });

  it('admit EventBridge for each rule that notifies them', () => {
    const targets = ofType('AWS::Events::Rule').flatMap(
      (rule) => (propertiesOf(rule) as { Targets: { Arn: string }[] }).Targets,
    );
    const topics = targets.map(({ Arn }) => Arn).filter((arn) => String(arn).startsWith('arn:aws:sns:'));
    expect(topics).not.toEqual([]);
    for (const topic of topics) {
      // Such a call has no source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
      const call = { service: 'events.amazonaws.com', action: 'sns:Publish', resource: topic };
      expect(evaluate(statementsOn(topic), { ...call, context: { 'aws:SecureTransport': 'true' } })).toBe('allow');
    }
  });

  it.each<[string, { alarm?: string; context?: Record<string, string> }]>([
    ['for another account', { context: { 'aws:SourceAccount': '210987654321' } }],
    ['without TLS', { context: { 'aws:SecureTransport': 'false' } }],
    ['for an alarm that is not ours', { alarm: `arn:aws:cloudwatch:ca-central-1:${ACCOUNT}:alarm:other` }],
  ])('refuse it %s', (_, { alarm, context }) => {
    for (const { arn, topics } of alarms) {
      const [topic = ''] = topics;
      expect(evaluate(statementsOn(topic), publication(topic, alarm ?? arn, context))).not.toBe('allow');
    }
  });

  it('would refuse it by a policy that only denies insecure calls, since a policy replaces the default one', () => {
    const [{ arn, topics } = { arn: '', topics: [] }] = alarms;
    const [topic = ''] = topics;
    const denials = statementsOn(topic).filter(({ Effect }) => Effect === 'Deny');
    expect(denials).not.toEqual([]);
    expect(evaluate(denials, publication(topic, arn))).toBe('nothing');
  });
});

/** What acts on a resource as a service that the resource's policy allows, by the service. */
const ACTORS: Record<string, RegExp> = {
  'cloudfront.amazonaws.com': /^AWS::CloudFront::Distribution$/,
  'cloudwatch.amazonaws.com': /^AWS::CloudWatch::Alarm$/,
  'delivery.logs.amazonaws.com': /^AWS::(EC2::FlowLog|Logs::Delivery(Destination)?)$/,
  'events.amazonaws.com': /^AWS::Events::Rule$/,
};

/** The logical ids that a value names: in references, and in text that is substituted. */
function idsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(idsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    if (key === 'Ref') return [String(each)];
    if (key === 'Fn::GetAtt') return [String([each].flat()[0])];
    if (key === 'Fn::Sub') return [...JSON.stringify(each).matchAll(/\$\{(\w+)/g)].map(([, id = '']) => id);
    return idsIn(each);
  });
}

describe('what acts as a service on a bucket, queue or topic', () => {
  /** The resource and all that it names, directly or not. CloudFormation creates these first; `DependsOn` counts on request. */
  function reachableFrom(stack: Found['stack'], start: string, withDependsOn: boolean): Set<string> {
    const seen = new Set<string>();
    const visit = (id: string) => {
      const found = resources.find((each) => each.stack === stack && each.id === id);
      if (seen.has(id) || !found) return;
      seen.add(id);
      const { Properties, DependsOn = [] } = found.resource;
      for (const next of [...idsIn(Properties), ...(withDependsOn ? [DependsOn].flat() : [])]) visit(next);
    };
    visit(start);
    return seen;
  }

  const policies = resources.filter(({ resource }) =>
    /^AWS::(S3::Bucket|SQS::Queue|SNS::Topic)Policy$/.test(resource.Type),
  );
  const grants = policies.flatMap(({ stack, id, resource: { Properties } }) => {
    const { Statement } = Properties.PolicyDocument as { Statement: PolicyStatement[] };
    const services = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Principal }) =>
      typeof Principal === 'object' ? [Principal.Service ?? []].flat() : [],
    );
    const targets = idsIn(Properties.Bucket ?? Properties.Queues ?? Properties.Topics);
    return services.map((service) => ({ stack, id, service, targets }));
  });

  it.each(grants)('waits for the policy $id in $stack, which allows $service', ({ stack, id, service, targets }) => {
    const type = ACTORS[service];
    if (type === undefined) throw new Error(`What acts as ${service}?`);
    const actors = resources.filter(
      (each) =>
        each.stack === stack &&
        type.test(each.resource.Type) &&
        targets.some((target) => reachableFrom(stack, each.id, false).has(target)),
    );
    expect(actors).not.toEqual([]);
    // A policy that names the actor, in its conditions, can only come after it.
    const named = reachableFrom(stack, id, false);
    for (const actor of actors.filter((each) => !named.has(each.id))) {
      expect([actor.id, ...reachableFrom(stack, actor.id, true)]).toContain(id);
    }
  });

  it('is known for each service, and each is found', () => {
    expect(new Set(grants.map(({ service }) => service))).toEqual(new Set(Object.keys(ACTORS)));
  });
});
