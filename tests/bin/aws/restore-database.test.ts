import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runBin } from '../support/run-bin.ts';
import { SETTINGS, serveClusters } from './support/clusters.ts';
import { serveStacks } from './support/stacks.ts';
import { awsError, startStandIns } from './support/stand-ins.ts';

const NAME = 'cruddur-messages';
const AT = '2026-11-20T08:15:00Z';
const AT_ISO = '2026-11-20T08:15:00.000Z';
const RESTORED = 'cruddur-messages-20261120-081500';
const FORMER = 'cruddur-messages-before-20261120-081500';

let aws: ReturnType<typeof startStandIns>;
let rds: ReturnType<typeof serveClusters>;

beforeEach(() => {
  aws = startStandIns();
  const DatabaseHost = `${NAME}.cluster-abc.ca-central-1.rds.amazonaws.com`;
  serveStacks(aws, { CruddurData: { DatabaseHost, DatabaseOwnerSecretArn: 'the-secret' } });
  rds = serveClusters(aws, NAME);
  aws.serve(SecretsManagerClient, {
    GetSecretValue: () => ({ SecretString: JSON.stringify({ username: 'cruddur_owner', password: 'of-today' }) }),
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const restore = (args: string[] = [], interrupted?: AbortSignal) =>
  runBin('aws/restore-database', ['--at', AT, '--yes', NAME, ...args], interrupted ? { interrupted } : {});

describe('bin/aws/restore-database', () => {
  it('restores with the settings of the present cluster, two instances and the password of the secret', async () => {
    const { exitCode, stdout, stderr } = await restore();
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('region: ca-central-1'),
    });
    expect(rds.find(RESTORED)).toMatchObject({
      DBSubnetGroupName: SETTINGS.DBSubnetGroup,
      VpcSecurityGroupIds: ['sg-database'],
      DBClusterParameterGroupName: 'forces-ssl',
      ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 16 },
      EnableIAMDatabaseAuthentication: true,
      EnableCloudwatchLogsExports: ['postgresql'],
      DeletionProtection: true,
      BackupRetentionPeriod: 35,
      password: 'of-today',
      TagList: [
        { Key: 'stage', Value: 'production' },
        { Key: 'cruddur:restored-to', Value: '2026-11-20T08:15:00.000Z' },
      ],
    });
    expect(rds.instances.filter((one) => one.DBClusterIdentifier === RESTORED)).toMatchObject([
      {
        DBInstanceIdentifier: `${RESTORED}-1`,
        DBInstanceClass: 'db.serverless',
        PromotionTier: 0,
        PubliclyAccessible: false,
      },
      {
        DBInstanceIdentifier: `${RESTORED}-2`,
        DBInstanceClass: 'db.serverless',
        PromotionTier: 1,
        PubliclyAccessible: false,
      },
    ]);
    expect(rds.find(NAME).password).toBe('of-today');
    expect(stdout).toContain(
      `bin/aws/run --database ${RESTORED}.cluster-abc.ca-central-1.rds.amazonaws.com -- bin/db/sessions`,
    );
    expect(stdout + stderr).not.toContain('of-today');
  });

  it('exchanges the names with --swap, also of what an earlier run has restored, and once only', async () => {
    await restore();
    const swapped = await restore(['--swap', '--json']);
    expect(swapped.records()).toEqual([
      { cluster: NAME, host: `${NAME}.cluster-abc.ca-central-1.rds.amazonaws.com`, served: true, former: FORMER },
    ]);
    expect(rds.find(NAME).TagList).toContainEqual({ Key: 'cruddur:restored-to', Value: '2026-11-20T08:15:00.000Z' });
    expect(rds.instances.filter((one) => one.DBClusterIdentifier === FORMER)).toHaveLength(2);
    const calls = aws.names().length;
    expect(await restore(['--swap'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('is the restored cluster'),
    });
    expect(aws.names()).toHaveLength(calls);
    expect(aws.names().filter((name) => name === 'RDS.RestoreDBClusterToPointInTime')).toHaveLength(1);
  });

  it.each(['RDS.RestoreDBClusterToPointInTime', 'RDS.CreateDBInstance', 'RDS.ModifyDBCluster', 'the first renaming'])(
    'continues after Ctrl-C at %s',
    async (operation) => {
      const controller = new AbortController();
      const isReached = () =>
        operation === 'the first renaming'
          ? rds.clusters.some((one) => one.DBClusterIdentifier === FORMER)
          : aws.names().includes(operation);
      const watched = new Proxy(controller.signal, {
        get(signal, name) {
          if (isReached()) controller.abort();
          const value: unknown = Reflect.get(signal, name, signal);
          return typeof value === 'function' ? value.bind(signal) : value;
        },
      });
      expect(await restore(['--swap'], watched)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('Stopped.'),
      });
      expect((await restore(['--swap'])).exitCode).toBe(0);
      expect(rds.clusters.map((one) => one.DBClusterIdentifier).sort()).toEqual([NAME, FORMER].sort());
      expect(rds.instances).toHaveLength(4);
      expect(rds.find(NAME).password).toBe('of-today');
    },
  );

  it('repeats what RDS refuses while it is busy, or has not given up the name', async () => {
    await restore();
    const busy = awsError('InvalidDBClusterStateFault', 'Cluster is not in available state.');
    const taken = awsError('DBClusterAlreadyExistsFault', `DB Cluster ${NAME} already exists.`);
    // The password, and both names.
    rds.refusals.push(busy, busy, undefined, busy, undefined, taken, taken);
    expect((await restore(['--swap'])).exitCode).toBe(0);
    expect(rds.clusters.map((one) => one.DBClusterIdentifier).sort()).toEqual([NAME, FORMER].sort());
    expect(rds.refusals).toEqual([]);
  });

  it('says how PostgreSQL comes back if it fails between both renames, and comes back so', async () => {
    await restore();
    const denied = awsError('AccessDenied', 'User is not authorized to perform: rds:ModifyDBCluster', 403);
    rds.refusals.push(undefined, undefined, denied);
    const failed = await restore(['--swap']);
    expect(failed.exitCode).toBe(2);
    expect(failed.stderr).toContain(`PostgreSQL is away until you run: bin/aws/restore-database --at ${AT_ISO} --swap`);
    expect((await restore(['--swap'])).exitCode).toBe(0);
    expect(rds.clusters.map((one) => one.DBClusterIdentifier).sort()).toEqual([NAME, FORMER].sort());
  });

  it('refuses to swap a cluster that a second region follows, which would bring the former data back', async () => {
    rds.find(NAME).GlobalClusterIdentifier = 'cruddur-messages';
    expect(await restore(['--swap'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('docs/recovery.md#restore'),
    });
    expect(aws.names()).toEqual([]);
    expect((await restore()).exitCode).toBe(0);
  });

  it('refuses to swap if the name that the former cluster would get is taken', async () => {
    rds.clusters.push({ ...rds.find(NAME), DBClusterIdentifier: FORMER });
    expect(await restore(['--swap'])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is taken, so') });
    expect(aws.names()).toEqual([]);
  });

  it('swaps away a cluster that is broken', async () => {
    for (const one of rds.instances) one.DBInstanceStatus = 'storage-full';
    expect((await restore(['--swap'])).exitCode).toBe(0);
    expect(rds.find(NAME).TagList).toContainEqual({ Key: 'cruddur:restored-to', Value: AT_ISO });
  });

  it('restores a cluster that was restored before', async () => {
    await restore(['--swap']);
    const later = ['--at', '2026-11-21T08:15:00Z', '--swap', '--yes', NAME];
    expect((await runBin('aws/restore-database', later)).exitCode).toBe(0);
    const marks = rds.find(NAME).TagList.filter(({ Key }) => Key === 'cruddur:restored-to');
    expect(marks).toEqual([{ Key: 'cruddur:restored-to', Value: '2026-11-21T08:15:00.000Z' }]);
  });

  it('gives up at once if RDS says that the restored cluster never becomes available', async () => {
    await restore();
    const [instance] = rds.instances.filter((one) => one.DBClusterIdentifier === RESTORED);
    if (instance) instance.DBInstanceStatus = 'incompatible-parameters';
    const words = `${RESTORED} does not become available: RDS says available, incompatible-parameters, available.`;
    expect(await restore(['--swap'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(words) });
    expect(rds.find(NAME).TagList).not.toContainEqual({ Key: 'cruddur:restored-to', Value: AT_ISO });
  });

  it('prints nothing of a secret that it cannot read', async () => {
    aws.serve(SecretsManagerClient, { GetSecretValue: () => ({ SecretString: 'of-today' }) });
    const { exitCode, stdout, stderr } = await restore();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('has no password.') });
    expect(stdout + stderr).not.toContain('of-today');
  });

  it.each([
    ['2026-10-23T08:59:59Z', 'can be restored to a time from 2026-10-23T09:00:00.000Z to 2026-11-27T08:55:00.000Z'],
    ['2026-11-27T08:55:01Z', '2026-11-27T08:55:01.000Z is outside'],
    ['yesterday', 'It must be a time in UTC'],
  ])('refuses the time %s', async (at, words) => {
    const { exitCode, stderr } = await runBin('aws/restore-database', ['--at', at, '--yes', NAME]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(words) });
    expect(aws.names()).toEqual([]);
  });

  it('refuses a name that another cluster has, and where there is none to restore', async () => {
    rds.clusters.push({ ...rds.find(NAME), DBClusterIdentifier: RESTORED, TagList: [] });
    expect(await restore()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is taken by a cluster') });
    rds.clusters.length = 0;
    expect(await restore()).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`There is no cluster ${NAME}`),
    });
    expect(aws.names()).toEqual([]);
  });

  it('asks for the name of the cluster', async () => {
    const { exitCode, stderr } = await runBin('aws/restore-database', ['--at', AT]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`Add --yes ${NAME}.`) });
    expect(aws.names()).toEqual([]);
  });
});
