import { describe, expect, it } from 'vitest';
import { isStandby } from '../src/regions.ts';
import { synthesise } from './support/deployment.ts';

const HOME = 'ca-central-1';
const SECOND = 'ca-west-1';
const account = '123456789012';
const regions = { account, homeRegion: HOME, replicaRegion: SECOND };
/** The settings of the second region that name the replica. */
const replica = {
  region: SECOND,
  servedTableName: 'cruddur-messages',
  servedStreamArn: `arn:aws:dynamodb:${SECOND}:${account}:table/cruddur-messages/stream/2026-11-20T08:15:00.000`,
};
type Deployment = ReturnType<typeof synthesise>;
type Output = { Export?: { Name: string }; Value: unknown };

const [home, standby, homeOnStandby, promoted] = [
  { region: HOME },
  replica,
  { region: HOME, writingRegion: SECOND },
  { ...replica, writingRegion: SECOND },
].map((each) => synthesise({ ...regions, ...each })) as [Deployment, Deployment, Deployment, Deployment];

const mappingsOf = (deployment: Deployment) =>
  (['stream', 'index'] as const).map(
    (stack) => deployment.only(stack, 'AWS::Lambda::EventSourceMapping').Properties.Enabled,
  );

describe('a home region with a replica', () => {
  it('has a replica of the table in the other region, protected and recoverable as the first', () => {
    const { Properties } = home.only('data', 'AWS::DynamoDB::GlobalTable');
    const replicas = Properties.Replicas as { Region: string }[];
    expect(replicas.map(({ Region }) => Region).sort()).toEqual([HOME, SECOND]);
    for (const each of replicas) {
      expect(each).toMatchObject({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
        ContributorInsightsSpecification: { Enabled: true },
      });
    }
    expect(Properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_IMAGE' });
  });

  it('has the first cluster of a global database, which is kept', () => {
    const { Properties, DeletionPolicy } = home.only('data', 'AWS::RDS::GlobalCluster');
    expect(Properties).toMatchObject({ GlobalClusterIdentifier: 'cruddur-messages', DeletionProtection: true });
    expect(JSON.stringify(Properties.SourceDBClusterIdentifier)).toContain('DatabaseCluster5B53A178');
    expect(DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  it('serves people and moves rows', () => {
    expect(mappingsOf(home)).not.toContain(false);
    expect(home.only('api', 'AWS::ECS::Service').Properties).not.toHaveProperty('DesiredCount');
  });
});

describe('the second region on standby', () => {
  it('runs no task, moves no row, and wakes no one', () => {
    expect(mappingsOf(standby)).toEqual([false, false]);
    expect(standby.only('api', 'AWS::ECS::Service').Properties.DesiredCount).toBe(0);
    expect(standby.only('api', 'AWS::ApplicationAutoScaling::ScalableTarget').Properties).toMatchObject({
      MinCapacity: 0,
      MaxCapacity: 0,
    });
    for (const [id, { Properties }] of standby.all('watch', 'AWS::CloudWatch::Alarm')) {
      expect(Properties.ActionsEnabled, id).toBe(false);
    }
  });

  it('creates no table: it uses the replica and its stream', () => {
    expect(standby.all('data', 'AWS::DynamoDB::GlobalTable')).toEqual([]);
    expect(standby.only('stream', 'AWS::Lambda::EventSourceMapping').Properties.EventSourceArn).toBe(
      replica.servedStreamArn,
    );
  });

  it('has a cluster of the global database, without a user of its own, a migration or a rotation', () => {
    const { Properties } = standby.only('data', 'AWS::RDS::DBCluster');
    expect(Properties).toMatchObject({ GlobalClusterIdentifier: 'cruddur-messages', StorageEncrypted: true });
    expect(Properties.KmsKeyId).toBeDefined();
    expect(Properties).not.toHaveProperty('MasterUsername');
    expect(Properties).not.toHaveProperty('MasterUserPassword');
    expect(standby.all('data', 'AWS::RDS::GlobalCluster')).toEqual([]);
    expect(standby.all('data', 'AWS::SecretsManager::RotationSchedule')).toEqual([]);
    expect(standby.all('api', 'Custom::Trigger')).toEqual([]);
  });

  it('leaves the domain to the other region', () => {
    const { DistributionConfig } = standby.only('web', 'AWS::CloudFront::Distribution').Properties;
    expect(DistributionConfig).not.toHaveProperty('Aliases');
  });

  it("has no name in common with the home region where names are the account's", () => {
    const namesOf = (deployment: Deployment) => {
      const names: string[] = [];
      for (const stack of Object.keys(deployment.stacks) as (keyof Deployment['stacks'])[]) {
        const { Resources } = deployment.template(stack).toJSON() as { Resources: Record<string, { Type: string }> };
        for (const { Type, ...rest } of Object.values(Resources)) {
          const isGlobal =
            /^AWS::(CloudFront|CloudWatch::Dashboard|IAM)\b/.test(Type) ||
            deployment.stacks[stack].region === 'us-east-1';
          if (!isGlobal) continue;
          const text = JSON.stringify(rest, (key, value: unknown) => (key === 'Dimensions' ? undefined : value));
          const found = text.matchAll(/"(?:Alarm|Dashboard|Role|ManagedPolicy)?Name":("[^"]*")/g);
          names.push(...[...found].map(([, name]) => `${Type} ${name}`));
        }
      }
      return names;
    };
    const ours = namesOf(standby);
    expect(ours.filter((name) => name.includes('CloudFront')).length).toBeGreaterThan(3);
    expect(ours).toContain('AWS::CloudWatch::Dashboard "cruddur-messages-replica"');
    expect(namesOf(home).filter((name) => ours.includes(name))).toEqual([]);
  });
});

describe('the writing region', () => {
  it.each([
    ['home', HOME, [home, standby]],
    ['the second one', SECOND, [homeOnStandby, promoted]],
  ])('is one of the two: %s', (_, writing, both) => {
    const moving = both.filter((deployment) => !mappingsOf(deployment).includes(false));
    expect(moving.map(({ settings }) => settings.region)).toEqual([writing]);
    const serving = both.filter(
      (deployment) => deployment.only('api', 'AWS::ECS::Service').Properties.DesiredCount !== 0,
    );
    expect(serving).toEqual(moving);
  });

  it('is held by one region at most, whatever it is set to', () => {
    for (const writingRegion of [undefined, HOME, SECOND]) {
      const writers = [HOME, SECOND].filter((region) => !isStandby({ ...regions, region, writingRegion }));
      expect(writers).toEqual([writingRegion ?? HOME]);
    }
  });

  it('can change: no stack loses or changes an export that another one still imports, which CloudFormation refuses', () => {
    const templatesOf = (deployment: Deployment) =>
      (Object.keys(deployment.stacks) as (keyof Deployment['stacks'])[]).map((stack) =>
        deployment.template(stack).toJSON(),
      );
    const exportsOf = (deployment: Deployment) => {
      const outputs = templatesOf(deployment).flatMap(({ Outputs = {} }) => Object.values(Outputs) as Output[]);
      return new Map(outputs.flatMap(({ Export, Value }) => (Export ? [[Export.Name, Value] as const] : [])));
    };
    const importsOf = (deployment: Deployment) => [
      ...JSON.stringify(templatesOf(deployment)).matchAll(/"Fn::ImportValue":"([^"]+)"/g),
    ];
    for (const [before, after] of [
      [home, homeOnStandby],
      [homeOnStandby, home],
      [standby, promoted],
      [promoted, standby],
    ] as const) {
      const [exported, kept] = [exportsOf(before), exportsOf(after)];
      const imported = importsOf(before).map(([, name = '']) => name);
      expect(imported.length).toBeGreaterThan(20);
      for (const name of imported) expect([name, kept.get(name)]).toEqual([name, exported.get(name)]);
    }
  });

  it('replaces neither cluster when it changes, as another user name would', () => {
    const clusterOf = (deployment: Deployment) => deployment.only('data', 'AWS::RDS::DBCluster');
    expect(clusterOf(homeOnStandby)).toEqual(clusterOf(home));
    expect(clusterOf(promoted)).toEqual(clusterOf(standby));
  });

  it.each([
    ['only one region', { region: HOME, homeRegion: HOME }, /replicaRegion/],
    ['one region twice', { region: HOME, homeRegion: HOME, replicaRegion: HOME }, /replicaRegion/],
    ['a third region', { ...regions, region: 'eu-west-1' }, /region/],
    ['a writing region that is neither', { ...regions, region: HOME, writingRegion: 'eu-west-1' }, /writingRegion/],
    ['a writing region without two', { region: HOME, writingRegion: HOME }, /writingRegion/],
    ['a second region without its replica', { ...regions, region: SECOND }, /servedTableName/],
    ['the stream of the other region', { ...regions, ...replica, region: HOME }, /servedStreamArn/],
  ])('refuses %s', (_, context, named) => {
    expect(() => synthesise(context)).toThrow(named);
  });
});
