import { Duration, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  AwsLogDriverMode,
  Capability,
  type ContainerDefinitionOptions,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDriver,
  OperatingSystemFamily,
  Secret,
  UlimitName,
} from 'aws-cdk-lib/aws-ecs';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { BusStack } from '../bus/bus-stack.ts';
import type { DataStack } from '../data/data-stack.ts';
import { DATABASE_NAME } from '../data/database.ts';
import { allowSignIn, DATABASE_ROLES, signInEnvironment } from '../data/database-sign-in.ts';
import { createLogGroup } from '../log-group.ts';
import { suppressNag } from '../nag.ts';
import type { Settings } from '../settings.ts';
import { SERVER_TABLE_ACTIONS, tableStatements } from '../table-access.ts';
import { CA_FILE, stageImage } from './stage-image.ts';
import { COLLECTOR_SIZE, collectorContainer, collectorStatement, serverTelemetry } from './telemetry.ts';

export const API_PORT = 4567;

/** The memory of a server, and V8's share of it. The rest is for what V8 does not count: buffers, code, sockets in the kernel. */
const SERVER_MIB = { memory: 2048, heap: 1536 };

interface ApiTasksProps {
  settings: Settings;
  data: DataStack;
  domainName: string;
  bus?: BusStack | undefined;
}

/** The tasks of the API's image: the server, and the migration that runs before it. */
export class ApiTasks extends Construct {
  readonly server: FargateTaskDefinition;
  readonly migration: FargateTaskDefinition;
  readonly imageHash: string;
  readonly serverLogs: LogGroup;
  private readonly image: ContainerImage;
  private readonly props: ApiTasksProps;

  constructor(scope: Construct, id: string, props: ApiTasksProps) {
    super(scope, id);
    this.props = props;
    const directory = stageImage(Stage.of(this)?.outdir ?? Stack.of(this).node.path);
    const asset = new DockerImageAsset(this, 'Image', { directory, platform: Platform.LINUX_ARM64 });
    this.imageHash = asset.assetHash;
    this.image = ContainerImage.fromDockerImageAsset(asset);
    const hasCollector = props.settings.telemetry === 'aws';
    // Fargate's next size has room for the collector.
    this.server = this.task('Server', { cpu: 1024, memoryLimitMiB: SERVER_MIB.memory + (hasCollector ? 1024 : 0) });
    this.serverLogs = this.addServer();
    if (hasCollector) this.addCollector();
    this.migration = this.task('Migration', { cpu: 256, memoryLimitMiB: 512 });
    this.addMigration();
  }

  private addServer(): LogGroup {
    const { settings, domainName, data, bus } = this.props;
    const connection = bus?.connectionOf('api');
    const { table, userPool, userPoolClient, database, cursorSecret } = data;
    const { environment, secrets } = serverTelemetry(this, settings);
    const logs = this.container(this.server, 'server', {
      // By itself, V8 takes half of the memory that it believes the machine has.
      command: ['node', `--max-old-space-size=${SERVER_MIB.heap}`, 'dist/main.js'],
      memoryLimitMiB: SERVER_MIB.memory,
      // Shares: of the whole task, whatever its other containers would like.
      cpu: 1024 - COLLECTOR_SIZE.cpu,
      // Every connection has a descriptor.
      ulimits: [{ name: UlimitName.NOFILE, softLimit: 32_768, hardLimit: 32_768 }],
      portMappings: [{ containerPort: API_PORT }],
      environment: {
        API_HOST: '0.0.0.0',
        API_PORT: String(API_PORT),
        AWS_REGION: Stack.of(this).region,
        DDB_TABLE: table.tableName,
        COGNITO_USER_POOL_ID: userPool.userPoolId,
        COGNITO_CLIENT_ID: userPoolClient.userPoolClientId,
        // Page and API share the domain: no other origin is allowed.
        WEB_ORIGINS: `https://${domainName}`,
        // CloudFront and the load balancer.
        TRUSTED_PROXY_HOPS: '2',
        LOG_LEVEL: 'info',
        ...(settings.pushPublicKey && { VAPID_PUBLIC_KEY: settings.pushPublicKey }),
        ...environment,
        ...signInEnvironment('api', database, CA_FILE),
        ...(connection && {
          REDIS_URL: connection.url,
          REDIS_WITH_NOTIFY: String(settings.bus === 'both'),
        }),
      },
      secrets: {
        CURSOR_SECRET: Secret.fromSecretsManager(cursorSecret),
        ...(connection && { REDIS_PASSWORD: Secret.fromSecretsManager(connection.secret) }),
        ...secrets,
      },
    });
    for (const statement of tableStatements(table, SERVER_TABLE_ACTIONS)) this.server.addToTaskRolePolicy(statement);
    allowSignIn('api', this.server.taskRole);
    return logs;
  }

  private addCollector(): void {
    const { settings } = this.props;
    const metrics = createLogGroup(this, 'metrics', settings);
    metrics.grantWrite(this.server.taskRole);
    this.server.addToTaskRolePolicy(collectorStatement());
    suppressNag(this.server.taskRole, { 'IAM5[Resource::*]': 'X-Ray does not support resources.' });
    this.container(this.server, 'collector', collectorContainer(Stack.of(this), metrics));
  }

  private addMigration(): void {
    const { ownerSecret } = this.props.data.database;
    this.container(this.migration, 'migration', {
      command: ['node', 'dist/migrate.js'],
      environment: {
        ...this.databaseEnvironment(),
        API_ROLE_NAME: DATABASE_ROLES.api,
        INDEX_ROLE_NAME: DATABASE_ROLES.index,
      },
      secrets: {
        DATABASE_USER: Secret.fromSecretsManager(ownerSecret, 'username'),
        DATABASE_PASSWORD: Secret.fromSecretsManager(ownerSecret, 'password'),
      },
    });
  }

  databaseEnvironment(): Record<string, string> {
    const { hostname, port } = this.props.data.database.cluster.clusterEndpoint;
    return { DATABASE_HOST: hostname, DATABASE_PORT: String(port), DATABASE_NAME, DATABASE_CA_FILE: CA_FILE };
  }

  task(id: string, size: { cpu: number; memoryLimitMiB: number }): FargateTaskDefinition {
    const task = new FargateTaskDefinition(this, id, {
      ...size,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    // A rollback at once needs the revision before: CloudFormation would deregister it.
    task.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    suppressNag(task, {
      ECS2: 'Secrets come from Secrets Manager; the other variables are addresses and names.',
      'IAM5[Resource::*]': 'ecr:GetAuthorizationToken does not support resources.',
    });
    return task;
  }

  container(
    task: FargateTaskDefinition,
    name: string,
    options: Omit<ContainerDefinitionOptions, 'image' | 'logging'> & { image?: ContainerImage },
  ): LogGroup {
    const logGroup = createLogGroup(this, `${name}-logs`, this.props.settings);
    const linuxParameters = new LinuxParameters(this, `${name}-linux`, { initProcessEnabled: true });
    linuxParameters.dropCapabilities(Capability.ALL);
    task.addContainer(name, {
      image: this.image,
      user: '1000:1000',
      readonlyRootFilesystem: true,
      linuxParameters,
      // Above the server's own limit of 25 seconds for streams and requests.
      stopTimeout: Duration.seconds(30),
      logging: LogDriver.awsLogs({ logGroup, streamPrefix: name, mode: AwsLogDriverMode.NON_BLOCKING }),
      ...options,
    });
    return logGroup;
  }
}
