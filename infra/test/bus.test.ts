import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { readServerEnv } from '../../apps/server/src/env.ts';
import { readLambdaEnv } from '../../apps/stream-lambda/src/env.ts';
import { BusStack } from '../src/bus/bus-stack.ts';
import { containerOf, environmentOf } from './support/container-env.ts';
import { type Resource, synthesise } from './support/deployment.ts';
import { evaluateMath } from './support/metric-math.ts';
import { actionsOf, statementsOf } from './support/policies.ts';
import { VALKEY_ALARMS } from './support/valkey-alarms.ts';

const deployment = synthesise({ bus: 'valkey', valkeyShards: 2, valkeyNodeType: 'cache.m7g.large' });
if (!(deployment.bus instanceof BusStack)) throw new Error('no bus');
const template = Template.fromStack(deployment.bus);
const all = (type: string) => Object.entries(template.findResources(type)) as [string, Resource][];
const lambda = deployment.only('stream', 'AWS::Lambda::Function').Properties;
const container = containerOf(deployment, 'server');

/** An address with a value that only AWS knows. */
function addressOf(value: unknown): string {
  const { 'Fn::Join': [, parts] = [] } = value as { 'Fn::Join'?: [string, unknown[]] };
  expect(JSON.stringify(parts)).toContain('ConfigurationEndPointAddress');
  return (parts ?? []).map((part) => (typeof part === 'string' ? part : 'bus.example')).join('');
}

describe('the cluster', () => {
  it('has for each shard a replica in another zone, which takes over', () => {
    const [[, cluster] = expect.fail()] = all('AWS::ElastiCache::ReplicationGroup');
    expect(cluster.Properties).toMatchObject({
      Engine: 'valkey',
      CacheNodeType: 'cache.m7g.large',
      ClusterMode: 'enabled',
      NumNodeGroups: 2,
      ReplicasPerNodeGroup: 1,
      AutomaticFailoverEnabled: true,
      MultiAZEnabled: true,
      PreferredMaintenanceWindow: 'sun:08:00-sun:09:00',
    });
    expect(cluster).toMatchObject({ UpdatePolicy: { UseOnlineResharding: true } });
  });

  it('is encrypted, and stores nothing, neither snapshots nor a log of what is sent', () => {
    const [[, { Properties }] = expect.fail()] = all('AWS::ElastiCache::ReplicationGroup');
    expect(Properties).toMatchObject({
      TransitEncryptionEnabled: true,
      TransitEncryptionMode: 'required',
      AtRestEncryptionEnabled: true,
      SnapshotRetentionLimit: 0,
    });
    expect(Properties.LogDeliveryConfigurations).toBeUndefined();
  });

  it('is in the isolated subnets, and admits only one group, at its port', () => {
    const [[, { Properties: subnets }] = expect.fail()] = all('AWS::ElastiCache::SubnetGroup');
    expect(JSON.stringify(subnets.SubnetIds).match(/databaseSubnet\d/g)).toHaveLength(2);
    const ingress = all('AWS::EC2::SecurityGroupIngress').map(([, { Properties }]) => Properties);
    expect(ingress).toMatchObject([{ FromPort: 6379, ToPort: 6379 }]);
    expect(JSON.stringify(ingress[0]?.SourceSecurityGroupId)).toContain('Clients');
    for (const [, { Properties }] of all('AWS::EC2::SecurityGroup')) {
      expect(Properties).not.toHaveProperty('SecurityGroupIngress');
    }
  });

  it("has that group in the API's service and in the stream's Lambda, and nowhere else", () => {
    const members = ['api', 'stream', 'index', 'push', 'data', 'web', 'watch'] as const;
    const uses = members.flatMap((stack) => {
      const { Resources } = deployment.template(stack).toJSON() as { Resources: Record<string, Resource> };
      return Object.values(Resources)
        .filter((resource) => /CruddurBus:ExportsOutput\w*Clients/.test(JSON.stringify(resource)))
        .map(({ Type }) => Type);
    });
    // The library lets the balancer reach each group of the service, at the API's port.
    const rule = uses.indexOf('AWS::EC2::SecurityGroupEgress');
    expect(uses.toSpliced(rule, 1)).toEqual(['AWS::ECS::Service', 'AWS::Lambda::Function']);
  });
});

describe('the users', () => {
  const users = all('AWS::ElastiCache::User').map(([, { Properties }]) => Properties);

  it('may send, and the API also subscribe, each with a separate password in a secret', () => {
    const rights = Object.fromEntries(users.map(({ UserName, AccessString }) => [UserName, AccessString]));
    expect(rights).toEqual({
      api: 'on &cruddur:* -@all +cluster|slots +spublish +ssubscribe +sunsubscribe',
      stream: 'on &cruddur:* -@all +cluster|slots +spublish',
      default: 'off -@all',
    });
    const passwords = users
      .filter(({ UserName }) => UserName !== 'default')
      .map(({ Passwords }) => JSON.stringify(Passwords));
    for (const password of passwords) expect(password).toContain('{{resolve:secretsmanager:');
    expect(new Set(passwords).size).toBe(2);
  });

  it('are all that there are: the default user, which is off, replaces the one that may do everything', () => {
    const [[, group] = expect.fail()] = all('AWS::ElastiCache::UserGroup');
    const ids = all('AWS::ElastiCache::User').map(([id]) => ({ Ref: id }));
    expect(group.Properties.UserIds).toEqual(expect.arrayContaining(ids));
    expect(group.Properties.UserIds).toHaveLength(3);
    expect(users.map(({ NoPasswordRequired }) => NoPasswordRequired)).toEqual([undefined, undefined, undefined]);
  });
});

describe('the API', () => {
  it('signs in by TLS, with a password that only ECS reads', () => {
    const url = addressOf(container.Environment?.find(({ Name }) => Name === 'REDIS_URL')?.Value);
    const { redisUrl, redisWithNotify } = readServerEnv({
      ...environmentOf(container),
      REDIS_URL: url,
      REDIS_PASSWORD: 'pass',
    }).stack;
    expect(redisUrl).toBe('rediss://api:pass@bus.example:6379');
    expect(redisWithNotify).toBe(false);
    const secret = container.Secrets?.find(({ Name }) => Name === 'REDIS_PASSWORD');
    expect(JSON.stringify(secret)).toMatch(/CruddurBus:ExportsOutputRefApiSecret/);
    expect(JSON.stringify(container.Environment)).not.toMatch(/password|resolve:/i);
  });

  it("changes to it after the stream's Lambda, on whose announcements it relies", () => {
    expect(deployment.stacks.api.dependencies).toContain(deployment.stacks.stream);
  });
});

describe("the stream's Lambda", () => {
  const statements = statementsOf(deployment, 'stream', 'Role');

  it('signs in by TLS as its own user, with a password that it reads itself', () => {
    const { Variables } = lambda.Environment as { Variables: Record<string, unknown> };
    const env = readLambdaEnv({
      AWS_REGION: 'ca-central-1',
      REDIS_URL: addressOf(Variables.REDIS_URL),
      REDIS_SECRET_ID: JSON.stringify(Variables.REDIS_SECRET_ID),
    });
    expect(env.REDIS_URL).toBe('rediss://stream@bus.example:6379');
    expect(env.REDIS_SECRET_ID).toContain('CruddurBus:ExportsOutputRefStreamSecret');
    const ofSecrets = statements.filter((statement) =>
      actionsOf([statement]).includes('secretsmanager:GetSecretValue'),
    );
    expect(ofSecrets.map(({ Resource }) => Resource)).toEqual([Variables.REDIS_SECRET_ID]);
  });

  it('is in the private subnets, calls AWS and the bus, and may connect to the network', () => {
    const { SubnetIds, SecurityGroupIds } = lambda.VpcConfig as Record<string, unknown[]>;
    expect(JSON.stringify(SubnetIds).match(/privateSubnet\d/g)).toHaveLength(2);
    expect(SecurityGroupIds).toHaveLength(2);
    const { SecurityGroupEgress } = deployment.only('stream', 'AWS::EC2::SecurityGroup').Properties;
    expect(SecurityGroupEgress).toMatchObject([{ FromPort: 443, ToPort: 443 }]);
    expect(actionsOf(statements)).toContain('ec2:CreateNetworkInterface');
  });
});

describe('the alarms', () => {
  const alarms = new Map(
    deployment
      .all('watch', 'AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => [String(Properties.AlarmName).replace('cruddur-', ''), Properties]),
  );
  const metricsOf = (name: string) =>
    alarms.get(name)?.Metrics as {
      Expression?: string;
      MetricStat?: { Metric: { Dimensions: { Value: string }[] } };
    }[];
  const value = (name: string, metrics: Record<string, number | undefined>) =>
    evaluateMath(metricsOf(name).find(({ Expression }) => Expression)?.Expression ?? '', metrics);

  it.each(VALKEY_ALARMS)('have %s, %s %d', (name, comparison, threshold) => {
    expect(alarms.get(name)).toMatchObject({ ComparisonOperator: comparison, Threshold: threshold });
  });

  it('are the same for each shard, and refer to one entry of the page', () => {
    const ofShards = VALKEY_ALARMS.map(([name]) => name).filter((name) => name !== 'bus-unannounced');
    for (const name of ofShards) {
      expect(alarms.get(`${name}-2`)?.AlarmDescription).toBe(alarms.get(name)?.AlarmDescription);
      const [first, second] = [name, `${name}-2`].map((each) => JSON.stringify(metricsOf(each)));
      expect(first?.replaceAll('cruddur-bus-0001-', 'cruddur-bus-0002-')).toBe(second);
      expect(new Set(first?.match(/cruddur-bus-\d{4}-\d{3}/g))).toEqual(
        new Set(['cruddur-bus-0001-001', 'cruddur-bus-0001-002']),
      );
    }
  });

  it('notice one node of two that is gone, and the busier one', () => {
    expect(value('bus-node', { m0: 12, m1: 9 })).toBe(9);
    expect(value('bus-node', { m0: 12, m1: undefined })).toBe(0);
    expect(alarms.get('bus-node')).toMatchObject({ TreatMissingData: 'breaching' });
    expect(value('bus-cpu', { m0: 10, m1: 5, m2: 81, m3: 40 })).toBe(81);
    expect(value('bus-replication', { m0: undefined, m1: 30 })).toBe(30);
  });
});
