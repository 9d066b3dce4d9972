import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { RDSClient } from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runBin } from '../support/run-bin.ts';
import { serveRegions } from './support/regions.ts';
import { awsError, failFirst, startStandIns, throttled } from './support/stand-ins.ts';

const HOME = 'ca-central-1';
const SECOND = 'ca-west-1';
const GONE = '--old-region-is-gone';

let aws: ReturnType<typeof startStandIns>;
let regions: ReturnType<typeof serveRegions>;
const sideOf = (region: string) => {
  const side = regions.sides[region];
  if (!side) throw new Error(`no region ${region}`);
  return side;
};

beforeEach(() => {
  aws = startStandIns();
  regions = serveRegions(aws, [HOME, SECOND]);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const failOver = (...args: string[]) => runBin('aws/failover', ['--to', SECOND, '--yes', SECOND, ...args]);

const SERVING = { mappings: { stream: 'Enabled', index: 'Enabled' }, running: 2, limits: [2, 20] };
const SILENT = { mappings: { stream: 'Disabled', index: 'Disabled' }, running: 0, limits: [0, 0] };

describe('bin/aws/failover', () => {
  it('stops the region that answers, moves the writer without loss, and starts the other', async () => {
    const { exitCode, stdout, stderr } = await failOver();
    expect(stderr).toContain(`From ${HOME}, which answers: nothing is lost.`);
    expect(exitCode).toBe(0);
    expect(sideOf(HOME)).toMatchObject(SILENT);
    expect(sideOf(SECOND)).toMatchObject(SERVING);
    expect(regions.database).toMatchObject({ writer: SECOND, password: `password of ${SECOND}` });
    expect(aws.names()).toContain('RDS.SwitchoverGlobalCluster');
    expect(aws.names()).not.toContain('RDS.FailoverGlobalCluster');
    expect(stdout).toContain(`${SECOND} serves.`);
    expect(stdout).toContain('associate-alias --target-distribution-id ECRUDDURWEBREPLICA');
    expect(stdout).toContain(`"writingRegion": "${SECOND}"`);
  });

  it('never lets both regions work at one time', async () => {
    await failOver();
    expect(regions.mostAtOnce).toBe(1);
    const started = aws.calls.findIndex(
      ({ name, input }) => name === 'Lambda.UpdateEventSourceMapping' && input.Enabled,
    );
    const promoted = aws.calls.findIndex(({ name }) => name === 'RDS.SwitchoverGlobalCluster');
    expect(promoted).toBeGreaterThan(0);
    expect(started).toBeGreaterThan(promoted);
  });

  it('goes back by the same command', async () => {
    await failOver();
    const { exitCode } = await runBin('aws/failover', ['--to', HOME, '--yes', HOME]);
    expect(exitCode).toBe(0);
    expect(sideOf(HOME)).toMatchObject(SERVING);
    expect(sideOf(SECOND)).toMatchObject(SILENT);
    expect(regions.database.writer).toBe(HOME);
  });

  it('changes nothing but the password when it is run again', async () => {
    await failOver();
    const before = aws.names().length;
    const { exitCode } = await failOver();
    expect(exitCode).toBe(0);
    const again = aws
      .names()
      .slice(before)
      .filter((name) => !/RegisterScalableTarget|GetCallerIdentity/.test(name));
    expect(again).toEqual(['RDS.ModifyDBCluster']);
  });

  describe('when the old region does not answer', () => {
    beforeEach(() => {
      sideOf(HOME).isGone = true;
    });

    it('refuses, and changes nothing, until the operator says that it is gone', async () => {
      const { exitCode, stderr } = await failOver();
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`If it is gone: bin/aws/failover --to ${SECOND} ${GONE}`);
      expect(sideOf(SECOND)).toMatchObject(SILENT);
      expect(regions.database.writer).toBe(HOME);
    });

    it('promotes the database with loss of what was not replicated, and starts the other region', async () => {
      const { exitCode, stderr, records } = await failOver(GONE, '--json');
      expect(stderr).toContain('which is gone: what was not replicated is lost');
      expect({ exitCode, records: records() }).toEqual({
        exitCode: 0,
        records: [{ from: HOME, to: SECOND, oldRegionIsGone: true, tasks: 2 }],
      });
      expect(sideOf(SECOND)).toMatchObject(SERVING);
      expect(regions.database.writer).toBe(SECOND);
      expect(aws.names()).toContain('RDS.FailoverGlobalCluster');
    });
  });

  it('refuses two writing regions: one that is said to be gone, but answers and works', async () => {
    const { exitCode, stderr } = await failOver(GONE);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${HOME} is not gone: the mapping stream is Enabled`);
    expect(stderr).toContain('2 tasks run');
    expect(aws.names().filter((name) => !name.startsWith('STS'))).toEqual([]);
  });

  it('does not take a missing permission for a region that is gone', async () => {
    aws.serve(CloudFormationClient, {
      DescribeStacks: failFirst(
        99,
        () => awsError('AccessDenied', 'not authorized', 403),
        () => ({}),
      ),
    });
    const { exitCode, stderr } = await failOver(GONE);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('not authorized');
    expect(regions.database.writer).toBe(HOME);
  });

  it('continues after Ctrl-C where it was, with the command that it prints', async () => {
    const controller = new AbortController();
    const begin = (target: { TargetDbClusterIdentifier: string }) => {
      Object.assign(regions.database, { next: target.TargetDbClusterIdentifier.split(':')[3], steps: 2 });
      controller.abort();
      return {};
    };
    aws.serve(RDSClient, { SwitchoverGlobalCluster: begin });
    const stopped = await runBin('aws/failover', ['--to', SECOND, '--yes', SECOND], { interrupted: controller.signal });
    expect(stopped).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`bin/aws/failover --to ${SECOND}`) });
    expect(sideOf(HOME)).toMatchObject(SILENT);
    expect(sideOf(SECOND)).toMatchObject(SILENT);
    expect((await failOver()).exitCode).toBe(0);
    expect(sideOf(SECOND)).toMatchObject(SERVING);
    expect(aws.names().filter((name) => name === 'RDS.SwitchoverGlobalCluster')).toHaveLength(1);
  });

  it('asks again when it is throttled', async () => {
    const register = (input: { MinCapacity: number; MaxCapacity: number }, region: string) => {
      sideOf(region).limits = [input.MinCapacity, input.MaxCapacity];
      return {};
    };
    aws.serve(ApplicationAutoScalingClient, { RegisterScalableTarget: failFirst(2, throttled, register) });
    expect((await failOver()).exitCode).toBe(0);
    expect(sideOf(SECOND).limits).toEqual([2, 20]);
  });

  it('says how to go on if AWS refuses a step, and sets the password once the cluster accepts it', async () => {
    const denied = () => awsError('AccessDenied', 'not authorized: rds:SwitchoverGlobalCluster', 403);
    const begin = ({ TargetDbClusterIdentifier: target }: { TargetDbClusterIdentifier: string }) =>
      Object.assign(regions.database, { next: target.split(':')[3], steps: 2 });
    aws.serve(RDSClient, { SwitchoverGlobalCluster: failFirst(1, denied, begin) });
    const stopped = await failOver();
    expect(stopped.exitCode).toBe(2);
    expect(stopped.stderr).toContain(`may serve no one. To continue: bin/aws/failover --to ${SECOND}`);
    const busy = () => awsError('InvalidDBClusterStateFault', 'Cluster is not in available state.');
    const accept = ({ MasterUserPassword }: { MasterUserPassword: string }) =>
      Object.assign(regions.database, { password: MasterUserPassword });
    aws.serve(RDSClient, { ModifyDBCluster: failFirst(2, busy, accept) });
    expect((await failOver()).exitCode).toBe(0);
    expect(regions.database.password).toBe(`password of ${SECOND}`);
    expect(sideOf(SECOND)).toMatchObject(SERVING);
  });

  it('refuses without a second region', async () => {
    aws.serve(RDSClient, {
      DescribeGlobalClusters: () => {
        throw awsError('GlobalClusterNotFoundFault', 'not found', 404);
      },
    });
    const { exitCode, stderr } = await failOver();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('There is no second region: set replicaRegion');
  });

  it('asks for the region first: without a terminal it calls nothing', async () => {
    const { exitCode, stderr } = await runBin('aws/failover', ['--to', SECOND]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`Add --yes ${SECOND}.`);
    expect(aws.calls).toEqual([]);
  });
});
