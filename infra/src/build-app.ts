import { App, type AppProps, type Environment, Tags } from 'aws-cdk-lib';
import { ApiStack } from './api/api-stack.ts';
import { BackupStack } from './backup/backup-stack.ts';
import { BusStack } from './bus/bus-stack.ts';
import { DataStack } from './data/data-stack.ts';
import { NetworkStack } from './network/network-stack.ts';
import { PushStack } from './push/push-stack.ts';
import { isReplicaRegion, isStandby } from './regions.ts';
import { readSettings, type Settings } from './settings.ts';
import { IndexStack } from './stream/index-stack.ts';
import { StreamStack } from './stream/stream-stack.ts';
import { WatchStack } from './watch/watch-stack.ts';
import { EdgeStack } from './web/edge-stack.ts';
import { WebStack } from './web/web-stack.ts';

export type Deployment = ReturnType<typeof buildApp>;

/** Behaviours of the library that have changed over time. */
const FLAGS = {
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  '@aws-cdk/aws-iam:minimizePolicies': true,
};

/**
 * Creates all stacks. Network and data are separate because they must survive; the others can be recreated. Needs no
 * account and no network; without `-c region=…` the templates fit any region.
 */
export function buildApp(props: AppProps = {}) {
  const app = new App({ ...props, context: { ...FLAGS, ...props.context } });
  const settings = readSettings((name) => app.node.tryGetContext(name));
  const { region, account } = settings;
  const env = { region, account };
  const network = new NetworkStack(app, 'CruddurNetwork', { env, settings });
  const data = new DataStack(app, 'CruddurData', { env, settings, vpc: network.vpc });
  const push = new PushStack(app, 'CruddurPush', { env, settings, table: data.table });
  const { vpc } = network;
  const bus = settings.bus === 'postgres' ? undefined : new BusStack(app, 'CruddurBus', { env, settings, vpc });
  const stream = new StreamStack(app, 'CruddurStream', {
    env,
    settings,
    vpc,
    table: data.table,
    pushQueue: push.queue,
    bus,
  });
  const api = new ApiStack(app, 'CruddurApi', { env, settings, vpc, data, bus });
  // Tasks that hear each other only over Valkey rely on what the Lambda announces there.
  if (bus) api.addStackDependency(stream);
  const index = new IndexStack(app, 'CruddurIndex', { env, settings, vpc, data });
  // The migration creates its tables.
  index.addStackDependency(api);
  // CloudFront's resources get their names from the stack's, and the names are the account's, not a region's.
  const replica = isReplicaRegion(settings) ? 'Replica' : '';
  const web = new WebStack(app, `CruddurWeb${replica}`, {
    env,
    balancer: api.loadBalancer.balancer,
    isStandby: isStandby(settings),
  });
  const edge = new EdgeStack(app, `CruddurEdgeLog${replica}`, {
    env: { ...env, region: 'us-east-1' },
    settings,
  });
  const backup = createBackup(app, { env, settings, data });
  const watch = new WatchStack(app, 'CruddurWatch', {
    env,
    settings,
    network,
    data,
    push,
    stream,
    index,
    api,
    backup,
    bus,
  });
  for (const [name, value] of Object.entries(tagsOf(settings))) Tags.of(app).add(name, value);
  return { app, settings, backup, bus, stacks: { network, data, push, stream, index, api, web, edge, watch } };
}

/** With a vault in another account only, and from the home region. */
function createBackup(
  app: App,
  { env, settings, data }: { env: Environment; settings: Settings; data: DataStack },
): BackupStack | undefined {
  const { backupVaultArn, databaseVaultArn } = settings;
  if (!backupVaultArn || !databaseVaultArn || isReplicaRegion(settings)) return undefined;
  return new BackupStack(app, 'CruddurBackup', {
    env,
    data,
    vaults: { table: backupVaultArn, database: databaseVaultArn },
  });
}

export function tagsOf({ stage, owner }: Pick<Settings, 'stage' | 'owner'>): Record<string, string> {
  return { application: 'cruddur-messages', stage, owner };
}
