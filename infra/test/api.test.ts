import { X509Certificate } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readStackEnv } from '@cruddur/config/env';
import { PRODUCTION_NODE_MAJOR } from '@cruddur/config/esbuild';
import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import { Stack } from 'aws-cdk-lib';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { describe, expect, it } from 'vitest';
import { readMigrateEnv, readServerEnv } from '../../apps/server/src/env.ts';
import { API_PORT } from '../src/api/api-tasks.ts';
import { DATABASE_ROLES } from '../src/data/database-sign-in.ts';
import { containerOf, environmentOf } from './support/container-env.ts';
import { synthesise } from './support/deployment.ts';
import { actionsOf, statementsOf } from './support/policies.ts';

const deployment = synthesise();
const serverSource = (name: string) => readFileSync(new URL(`../../apps/server/src/${name}`, import.meta.url), 'utf8');

/** The hash that CDK computes for an image that is built from a folder. */
const hashOfImage = (directory: string) =>
  new DockerImageAsset(new Stack(), 'Image', { directory, platform: Platform.LINUX_ARM64 }).assetHash;

describe('the image', () => {
  const folder = path.join(deployment.outDir, 'api-image');
  const dockerfile = readFileSync(path.join(folder, 'Dockerfile'), 'utf8');

  it('is built of a few files, not of the repository', () => {
    expect(readdirSync(folder).filter((name) => name !== 'dist')).toEqual(['Dockerfile', 'rds-ca.pem']);
  });

  it('runs as an unprivileged user, without RUN instructions', () => {
    const lines = dockerfile.split('\n');
    expect(lines).toContain('USER node');
    expect(lines.filter((line) => line.startsWith('RUN'))).toEqual([]);
  });

  it('is based on the Node version that the bundle is built for, pinned by digest', () => {
    expect(dockerfile.match(/^FROM .*$/gm)).toEqual([
      expect.stringMatching(new RegExp(`^FROM node:${PRODUCTION_NODE_MAJOR}-slim@sha256:[0-9a-f]{64}$`)),
    ]);
  });

  it('has another hash when the base image changes, and so does the migration', () => {
    const before = hashOfImage(folder);
    const migration = deployment
      .all('api', 'AWS::Lambda::Function')
      .map(([, { Properties }]) => (Properties.Environment as { Variables?: Record<string, string> })?.Variables)
      .find((variables) => variables?.IMAGE_HASH !== undefined);
    expect(migration?.IMAGE_HASH).toBe(before);
    const changed = path.join(deployment.outDir, 'changed-image');
    cpSync(folder, changed, { recursive: true });
    writeFileSync(path.join(changed, 'Dockerfile'), dockerfile.replace(/@sha256:[0-9a-f]{8}/, '@sha256:00000000'));
    expect(hashOfImage(changed)).not.toBe(before);
  });

  it('contains the certificate authorities of Amazon RDS', () => {
    const pem = readFileSync(path.join(folder, 'rds-ca.pem'), 'utf8');
    const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    const roots = certificates.map((text) => new X509Certificate(text));
    for (const region of ['ca-central-1', 'eu-central-1', 'us-east-1']) {
      expect(roots.some(({ subject }) => subject.includes(`Amazon RDS ${region} Root CA RSA2048 G1`))).toBe(true);
    }
    for (const { subject, ca } of roots) expect([subject, ca]).toEqual([subject, true]);
  });
});

describe('the server', () => {
  const container = containerOf(deployment, 'server');
  const env = environmentOf(container);

  it('finds every variable in its environment, and embeds no service', () => {
    const { stack, host, webOrigins } = readServerEnv(env);
    expect([stack.dynamodb.embedded, stack.postgres.embedded, stack.cognito.embedded]).toEqual([false, false, false]);
    expect([stack.tableName, stack.apiPort, host]).toEqual([expect.any(String), API_PORT, '0.0.0.0']);
    expect(webOrigins).toEqual(['https://messages.cruddur.example']);
    expect(stack.cursorSecret).toBe(env.CURSOR_SECRET);
    expect(readServerEnv(env)).toMatchObject({ trustedProxyHops: 2, telemetry: undefined });
  });

  it('reaches the database by TLS, checked against the certificates in the image, and signs in without a password', () => {
    const { postgres } = readServerEnv(env).stack;
    const url = new URL(postgres.url);
    expect([postgres.auth, url.username, url.password]).toEqual(['iam', 'cruddur_api', '']);
    expect(Object.fromEntries(url.searchParams)).toEqual({ sslmode: 'verify-full', sslrootcert: '/app/rds-ca.pem' });
  });

  it('receives secrets only from Secrets Manager', () => {
    expect(container.Secrets?.map(({ Name }) => Name)).toEqual(['CURSOR_SECRET']);
    expect(JSON.stringify(container.Environment)).not.toMatch(/secret|password/i);
  });

  it('has no privileges and a read-only file system in its container', () => {
    expect(container).toMatchObject({
      User: '1000:1000',
      ReadonlyRootFilesystem: true,
      LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
    });
  });

  it('may open a file for each connection, and some more', () => {
    const [files, ...others] = container.Ulimits as { Name: string; SoftLimit: number }[];
    expect(others).toEqual([]);
    expect(files).toMatchObject({ Name: 'nofile' });
    expect(files?.SoftLimit).toBeGreaterThan(HTTP_LIMITS.connections + 1000);
  });

  it('has more time to stop than it needs', () => {
    const ms = Number(/SHUTDOWN_MS = ([\d_]+)/.exec(serverSource('main.ts'))?.[1]?.replaceAll('_', ''));
    expect(ms).toBeGreaterThan(0);
    expect(container.StopTimeout).toBeGreaterThan(ms / 1000);
  });

  it('has a heap that leaves a quarter of its memory to what V8 does not count', () => {
    const [, heap] = /^--max-old-space-size=(\d+)$/.exec(String((container.Command as string[])[1])) ?? [];
    expect(Number(heap)).toBeGreaterThan(1024);
    expect(container.Memory).toBeGreaterThanOrEqual((Number(heap) * 4) / 3);
  });

  it('keeps its former revisions, to which a rollback returns at once, and names their family', () => {
    const definitions = deployment.all('api', 'AWS::ECS::TaskDefinition');
    expect(definitions.map(([, { UpdateReplacePolicy: policy }]) => policy)).toEqual(definitions.map(() => 'Retain'));
    const [family] = definitions
      .filter(([id]) => id.startsWith('TasksServer'))
      .map(([, { Properties }]) => Properties.Family);
    expect(deployment.template('api').findOutputs('ServerTaskFamily').ServerTaskFamily?.Value).toBe(family);
    // A family of its own: without a name, CloudFormation would give each revision another one.
    expect(family).toEqual(expect.any(String));
  });

  it('runs on arm64', () => {
    for (const [, { Properties }] of deployment.all('api', 'AWS::ECS::TaskDefinition')) {
      expect(Properties.RuntimePlatform).toMatchObject({ CpuArchitecture: 'ARM64' });
    }
  });
});

describe('the service', () => {
  const { Properties, DependsOn } = deployment.only('api', 'AWS::ECS::Service');

  it('starts new tasks before it stops old ones, rolls back a failed deployment, and spreads over the zones', () => {
    expect(Properties).toMatchObject({
      DeploymentConfiguration: {
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
      AvailabilityZoneRebalancing: 'ENABLED',
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED', Subnets: { length: 2 } } },
    });
  });

  it('is rolled back by an alarm on failed requests, which exists before it and depends on nothing but the balancer', () => {
    const [id, alarm] = deployment.all('api', 'AWS::CloudWatch::Alarm')[0] ?? [];
    expect(Properties.DeploymentConfiguration).toMatchObject({
      Alarms: { Enable: true, Rollback: true, AlarmNames: [{ Ref: id }] },
    });
    expect(alarm?.Properties).toMatchObject({ TreatMissingData: 'notBreaching', Threshold: 2 });
    const metrics = JSON.stringify(alarm?.Properties.Metrics);
    expect(metrics).toContain('HTTPCode_Target_5XX_Count');
    expect(metrics).not.toContain(deployment.idOf('api', 'AWS::ECS::Service'));
  });

  it('has at least two tasks, and scales by CPU, requests and streams', () => {
    expect(deployment.only('api', 'AWS::ApplicationAutoScaling::ScalableTarget').Properties).toMatchObject({
      MinCapacity: 2,
      MaxCapacity: 20,
    });
    expect(Properties).not.toHaveProperty('DesiredCount');
    const policies = deployment.all('api', 'AWS::ApplicationAutoScaling::ScalingPolicy').map(
      ([, policy]) =>
        policy.Properties.TargetTrackingScalingPolicyConfiguration as {
          PredefinedMetricSpecification?: { PredefinedMetricType: string };
          CustomizedMetricSpecification?: { Metrics: { Expression?: string }[] };
          TargetValue: number;
        },
    );
    const types = policies.map(({ PredefinedMetricSpecification: type }) => type?.PredefinedMetricType ?? 'streams');
    expect(types.sort()).toEqual(['ALBRequestCountPerTarget', 'ECSServiceAverageCPUUtilization', 'streams']);
    const streams = policies.find(({ CustomizedMetricSpecification: metrics }) => metrics);
    const most = Number(/inAll: (\d+)/.exec(serverSource('services.ts'))?.[1]);
    expect(most).toBeGreaterThan(0);
    expect(streams?.TargetValue).toBeLessThan(0.75 * most);
    expect(streams?.CustomizedMetricSpecification?.Metrics.map(({ Expression }) => Expression)).toContain(
      'connections / 2 / tasks',
    );
  });

  it('waits for the migration, which runs again for each image', () => {
    const trigger = deployment.only('api', 'Custom::Trigger');
    expect(DependsOn).toContain(deployment.idOf('api', 'Custom::Trigger'));
    // Its deletion is protected: if the first migration fails, it must not exist yet.
    const balancer = deployment.only('api', 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect(balancer.DependsOn).toContain(deployment.idOf('api', 'Custom::Trigger'));
    expect(trigger.Properties).toMatchObject({ InvocationType: 'RequestResponse', ExecuteOnHandlerChange: true });
    expect(trigger.DependsOn).toContainEqual(expect.stringMatching(/^TasksMigrationExecutionRoleDefaultPolicy/));
    expect(trigger.Properties.HandlerArn).toEqual({ Ref: deployment.idOf('api', 'AWS::Lambda::Version') });
    const [run] = deployment.all('api', 'AWS::Lambda::Function').flatMap(
      ([
        ,
        {
          Properties: { Environment },
        },
      ]) => (Environment ? [Environment as { Variables: object }] : []),
    );
    expect(run?.Variables).toMatchObject({ IMAGE_HASH: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});

describe('the migration', () => {
  it('finds the database owner and the roles to create in its environment, which are those of the programs', () => {
    const container = containerOf(deployment, 'migration');
    expect(container.Command).toEqual(['node', 'dist/migrate.js']);
    const { databaseUrl, roles } = readMigrateEnv(environmentOf(container));
    expect(new URL(databaseUrl).pathname).toBe('/cruddur');
    expect(roles).toEqual(DATABASE_ROLES);
  });
});

describe('telemetry', () => {
  const HEADERS = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:vendor/otlp-AbCdEf';
  const toVendor = {
    telemetry: 'otlp',
    otlpEndpoint: 'https://otlp.vendor.example:4317/otlp',
    otlpHeadersSecretArn: HEADERS,
  };

  it('goes nowhere by default', () => {
    expect(JSON.stringify(deployment.template('api').toJSON())).not.toMatch(/OTEL_|xray|aws-otel-collector/);
  });

  it('goes to X-Ray and CloudWatch by a collector in the task, without which the server lives on', () => {
    const aws = synthesise({ telemetry: 'aws' });
    const [server, collector] = ['server', 'collector'].map((name) => containerOf(aws, name));
    const env = environmentOf(server as NonNullable<typeof server>);
    expect(readServerEnv(env).telemetry).toMatchObject({ traces: 'http/protobuf', metrics: 'http/protobuf' });
    expect(collector).toMatchObject({
      Essential: false,
      RestartPolicy: { Enabled: true },
      ReadonlyRootFilesystem: true,
      Image: expect.stringMatching(/^public\.ecr\.aws\/aws-observability\/aws-otel-collector:v\d+\.\d+\.\d+$/),
    });
    const [task] = aws.all('api', 'AWS::ECS::TaskDefinition').filter(([id]) => id.startsWith('TasksServer'));
    const { Cpu, Memory } = task?.[1].Properties ?? {};
    const total = (of: 'Cpu' | 'Memory') => Number(server?.[of]) + Number(collector?.[of]);
    expect(total('Cpu')).toBeLessThanOrEqual(Number(Cpu));
    expect(total('Memory')).toBeLessThanOrEqual(Number(Memory));
    // Without what only AWS knows, the text is the configuration.
    const value = collector?.Environment?.[0]?.Value as { 'Fn::Join': [string, unknown[]] } | undefined;
    const config = JSON.parse(
      (value?.['Fn::Join'][1] ?? []).map((part) => (typeof part === 'string' ? part : 'known-to-aws')).join(''),
    );
    expect(config.receivers.otlp.protocols.http.endpoint).toBe(new URL(env.OTEL_EXPORTER_OTLP_ENDPOINT ?? '').host);
    expect(config.service.pipelines).toMatchObject({
      traces: { receivers: ['otlp'], exporters: ['awsxray'] },
      metrics: { receivers: ['otlp'], exporters: ['awsemf'] },
    });
    const actions = actionsOf(statementsOf(aws, 'api', 'TasksServerTaskRole'));
    expect(actions.filter((action) => !/^(dynamodb|rds-db):/.test(action))).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
    for (const stack of ['stream', 'index', 'push'] as const) {
      expect(aws.only(stack, 'AWS::Lambda::Function').Properties.TracingConfig).toEqual({ Mode: 'Active' });
    }
  });

  it('goes to a vendor with the headers of a secret, which no template and no variable shows, through its port', () => {
    const otlp = synthesise(toVendor);
    const server = containerOf(otlp, 'server');
    expect(server.Secrets).toContainEqual({ Name: 'OTEL_EXPORTER_OTLP_HEADERS', ValueFrom: HEADERS });
    expect(readServerEnv(environmentOf(server)).telemetry).toBeDefined();
    expect(JSON.stringify(statementsOf(otlp, 'api', 'TasksServerExecutionRole'))).toContain(HEADERS);
    const [group] = otlp.all('api', 'AWS::EC2::SecurityGroup').filter(([id]) => id.startsWith('ServerGroup'));
    const rules = group?.[1].Properties.SecurityGroupEgress as { FromPort: number }[];
    expect(new Set(rules.map(({ FromPort }) => FromPort))).toEqual(new Set([443, 5432, 4317]));
    expect(JSON.stringify(otlp.template('api').toJSON())).not.toContain('aws-otel-collector');
  });
});

describe('the operator task', () => {
  const container = containerOf(deployment, 'operator');

  it('finds table, database and pool in its environment, and embeds no service', () => {
    const { dynamodb, postgres, cognito } = readStackEnv({ ...environmentOf(container), COGNITO_CLIENT_ID: 'none' });
    expect([dynamodb.embedded, postgres.embedded, cognito.embedded]).toEqual([false, false, false]);
    expect(postgres.url).toContain('sslmode=verify-full');
  });

  it('is the database owner, whose password comes from Secrets Manager', () => {
    const secrets = container.Secrets?.map(({ Name, ValueFrom }) => [Name, JSON.stringify(ValueFrom)]);
    expect(secrets).toEqual([
      ['DATABASE_USER', expect.stringContaining('OwnerSecret')],
      ['DATABASE_PASSWORD', expect.stringContaining('OwnerSecret')],
    ]);
    expect(JSON.stringify(container.Environment)).not.toMatch(/secret|password/i);
  });

  it('has no privileges, and is run by no service', () => {
    expect(container).toMatchObject({ User: '1000:1000', ReadonlyRootFilesystem: true });
    expect(JSON.stringify(deployment.only('api', 'AWS::ECS::Service'))).not.toContain('Operator');
  });

  it('is started where the stack says: in private subnets, with groups that reach AWS and the database', () => {
    const outputs = deployment.template('api').toJSON().Outputs as Record<string, { Value: unknown }>;
    const { Subnets, SecurityGroups } = (
      deployment.only('api', 'AWS::ECS::Service').Properties as {
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: unknown[]; SecurityGroups: unknown[] } };
      }
    ).NetworkConfiguration.AwsvpcConfiguration;
    expect(outputs.OperatorSubnetIds?.Value).toEqual({
      'Fn::Join': ['', Subnets.flatMap((id, at) => (at ? [',', id] : [id]))],
    });
    expect(outputs.OperatorSecurityGroupIds?.Value).toEqual({
      'Fn::Join': ['', SecurityGroups.flatMap((id, at) => (at ? [',', id] : [id]))],
    });
  });
});

describe('the load balancer', () => {
  const balancer = deployment.only('api', 'AWS::ElasticLoadBalancingV2::LoadBalancer');
  const targets = deployment.only('api', 'AWS::ElasticLoadBalancingV2::TargetGroup');
  const attributes = Object.fromEntries(
    [balancer, targets].flatMap(({ Properties }) =>
      ((Properties.LoadBalancerAttributes ?? Properties.TargetGroupAttributes) as { Key: string; Value: string }[]).map(
        ({ Key, Value }) => [Key, Value],
      ),
    ),
  );

  it('has no public address, and accepts only CloudFront', () => {
    expect(balancer.Properties.Scheme).toBe('internal');
    const rules = deployment
      .all('api', 'AWS::EC2::SecurityGroupIngress')
      .filter(([id]) => id.startsWith('LoadBalancer'));
    expect(rules.map(([, { Properties }]) => [Properties.FromPort, Properties.SourcePrefixListId])).toEqual([
      [443, { Ref: 'CloudFrontPrefixList' }],
    ]);
    expect(deployment.only('api', 'AWS::ElasticLoadBalancingV2::Listener').Properties).toMatchObject({
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: { Ref: 'CertificateArn' } }],
    });
  });

  it('checks whether the process is alive, not whether its stores answer', () => {
    expect(targets.Properties.HealthCheckPath).toBe('/healthz');
    expect(serverSource('http/health.ts')).toContain("'/healthz'");
  });

  it('keeps a silent stream for longer than the ping interval, and an idle connection for less time than the server', () => {
    const idle = Number(attributes['idle_timeout.timeout_seconds']);
    expect(idle).toBeGreaterThan(2 * 10);
    expect(idle * 1000).toBeLessThan(HTTP_LIMITS.keepAliveMs);
  });

  it('lets requests finish before a task stops', () => {
    expect(attributes['deregistration_delay.timeout_seconds']).toBe('20');
    expect(attributes['routing.http.drop_invalid_header_fields.enabled']).toBe('true');
  });
});
