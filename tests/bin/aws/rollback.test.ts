import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runBin } from '../support/run-bin.ts';
import { CLUSTER, revisionArn, SERVICE, serveService } from './support/service.ts';
import { serveStacks } from './support/stacks.ts';
import { failFirst, startStandIns, throttled } from './support/stand-ins.ts';

let aws: ReturnType<typeof startStandIns>;
let service: ReturnType<typeof serveService>;

beforeEach(() => {
  aws = startStandIns();
  serveStacks(aws, { CruddurApi: { ClusterName: CLUSTER, ServiceName: SERVICE } });
  service = serveService(aws, { active: [3, 5, 6, 7], current: 7 });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const rollBack = (...args: string[]) => runBin('aws/rollback', ['--yes', 'CruddurApi', ...args]);

describe('bin/aws/rollback', () => {
  it('prints account and region, returns to the revision before, and waits until only its tasks run', async () => {
    const { exitCode, stdout, stderr } = await rollBack();
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'The API runs revision 6.' });
    expect(stderr.split('\n').slice(0, 3)).toEqual([
      'account: 123456789012 (arn:aws:iam::123456789012:user/ada)',
      'region: ca-central-1',
      'From revision 7 to 6, of 2026-11-06T00:00:00.000Z: repository:image-6',
    ]);
    expect(stderr).toContain('Not rolled back: migrations');
    expect(service.deployments).toMatchObject([{ taskDefinition: revisionArn(6), rolloutState: 'COMPLETED' }]);
    expect(aws.calls.filter(({ name }) => name === 'ECS.UpdateService')).toEqual([
      { name: 'ECS.UpdateService', input: { cluster: CLUSTER, service: SERVICE, taskDefinition: revisionArn(6) } },
    ]);
  });

  it('skips revisions that were deregistered, and reads all pages of the list', async () => {
    service.active = [3, 7, 8, 9];
    const { exitCode, records } = await rollBack('--json');
    expect(exitCode).toBe(0);
    expect(records()).toEqual([{ service: SERVICE, from: 7, to: 3, image: 'repository:image-3' }]);
  });

  it.each([
    ['a deregistered revision', ['--to', '4'], 'The revision CruddurApiServer:4 was deregistered (INACTIVE)'],
    ['an unknown revision', ['--to', '90'], 'There is no revision CruddurApiServer:90.'],
  ])('refuses %s, and changes nothing', async (_, args, words) => {
    const { exitCode, stdout, stderr } = await rollBack(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(words);
    expect(aws.names()).toEqual([]);
  });

  it('refuses if no earlier revision is left, and says what to do', async () => {
    service.active = [7];
    const { exitCode, stderr } = await rollBack();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Check out the former release and run bin/aws/deploy.');
  });

  it('asks for the name first: without a terminal it calls nothing', async () => {
    const { exitCode, stderr } = await runBin('aws/rollback');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Add --yes CruddurApi.');
    expect(aws.calls).toEqual([]);
  });

  it('refuses where the API was never deployed', async () => {
    serveStacks(aws, {});
    const { exitCode, stderr } = await rollBack();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('There is no stack CruddurApi in this account and region');
  });

  it('fails if ECS undoes it, since its tasks do not become healthy', async () => {
    service.unhealthy = [6];
    const { exitCode, stderr } = await rollBack();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('ECS has undone it');
  });

  it('continues after Ctrl-C with the command that it prints, without another deployment', async () => {
    const controller = new AbortController();
    aws.serve(ECSClient, {
      UpdateService: () => {
        service.deployments = [
          { ...service.deployments[0], taskDefinition: revisionArn(6), rolloutState: 'IN_PROGRESS' } as never,
        ];
        controller.abort();
        return {};
      },
    });
    const stopped = await runBin('aws/rollback', ['--yes', 'CruddurApi'], { interrupted: controller.signal });
    expect(stopped).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('bin/aws/rollback --to 6') });
    const continued = await rollBack('--to', '6');
    expect(continued).toMatchObject({ exitCode: 0, stdout: 'The API runs revision 6.' });
    expect(aws.names()).toEqual(['ECS.UpdateService']);
  });

  it('continues a rollback that is under way instead of going back by one more', async () => {
    service.deployments = [
      {
        ...service.deployments[0],
        taskDefinition: revisionArn(6),
        rolloutState: 'IN_PROGRESS',
        runningCount: 0,
      } as never,
      { ...service.deployments[0], status: 'ACTIVE' } as never,
    ];
    expect(await rollBack()).toMatchObject({ exitCode: 0, stdout: 'The API runs revision 6.' });
    expect(aws.names()).toEqual([]);
  });

  it('goes back from a deployment that is under way', async () => {
    service.deployments = [
      { ...service.deployments[0], rolloutState: 'IN_PROGRESS', runningCount: 0 } as never,
      { ...service.deployments[0], taskDefinition: revisionArn(6), status: 'ACTIVE' } as never,
    ];
    expect(await rollBack()).toMatchObject({ exitCode: 0, stdout: 'The API runs revision 6.' });
    expect(aws.names()).toEqual(['ECS.UpdateService']);
  });

  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html: the API "follows an eventual consistency model".
  it('waits while ECS still describes the service as it was before', async () => {
    const before = { services: [{ taskDefinition: revisionArn(7), deployments: [...service.deployments] }] };
    const after = { ...before.services[0]?.deployments[0], taskDefinition: revisionArn(6) };
    let asked = 0;
    aws.serve(ECSClient, {
      DescribeServices: () => (asked++ < 4 ? before : { services: [{ deployments: [after] }] }),
    });
    expect(await rollBack()).toMatchObject({ exitCode: 0, stdout: 'The API runs revision 6.' });
  });

  it('asks again when it is throttled', async () => {
    aws.serve(ECSClient, {
      DescribeTaskDefinition: failFirst(2, throttled, () => ({
        taskDefinition: { taskDefinitionArn: revisionArn(6), status: 'ACTIVE', containerDefinitions: [] },
      })),
    });
    const { exitCode } = await rollBack();
    expect(exitCode).toBe(0);
    expect(aws.names('every').filter((name) => name === 'ECS.DescribeTaskDefinition')).toHaveLength(3);
  });
});

describe('bin/aws/rollback --page', () => {
  const day = (number: number, second = 0) => new Date(Date.UTC(2026, 10, number, 8, 0, second));
  const version = (Key: string, VersionId: string, LastModified: Date, ETag = VersionId) => ({
    Key,
    VersionId,
    LastModified,
    ETag,
  });
  let versions: ReturnType<typeof version>[];

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html: the newest version of a key first.
  beforeEach(() => {
    serveStacks(aws, { CruddurWeb: { PageBucketName: 'the-page' } });
    versions = [
      version('assets/app-2.js', 'a2', day(20)),
      version('config.js', 'c2', day(20), 'same'),
      version('config.js', 'c1', day(10), 'same'),
      version('index.html', 'i2', day(20, 9)),
      version('index.html', 'i1', day(10, 9)),
      version('service-worker.js', 's2', day(20, 5)),
      version('service-worker.js', 's1', day(10, 5)),
    ];
    aws.serve(S3Client, {
      ListObjectVersions: ({ KeyMarker }: { KeyMarker?: string }) =>
        KeyMarker
          ? { Versions: versions.slice(4) }
          : {
              Versions: versions.slice(0, 4),
              IsTruncated: true,
              NextKeyMarker: 'index.html',
              NextVersionIdMarker: 'i2',
            },
      CopyObject({ Key, CopySource }: { Key: string; CopySource: string }) {
        const VersionId = CopySource.split('=')[1];
        const former = versions.find((one) => one.VersionId === VersionId);
        versions.unshift(version(Key, `${VersionId}-again`, day(21), former?.ETag));
        versions.sort((one, other) => one.Key.localeCompare(other.Key));
        return {};
      },
    });
  });

  const restore = (...args: string[]) => runBin('aws/rollback', ['--page', ...args]);

  it('publishes the files of that time that have changed since, index.html last, and nothing more when run again', async () => {
    const { exitCode, stdout } = await restore('2026-11-10T08:00:09Z', '--yes', 'CruddurWeb');
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('is published') });
    const copies = () => aws.calls.filter(({ name }) => name === 'S3.CopyObject').map(({ input }) => input.CopySource);
    const expected = ['the-page/service-worker.js?versionId=s1', 'the-page/index.html?versionId=i1'];
    expect(copies()).toEqual(expected);
    const again = await restore('2026-11-10T08:00:09Z', '--yes', 'CruddurWeb');
    expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing, the page is that one') });
    expect(copies()).toEqual(expected);
  });

  it('lists the times without one, and refuses a time before the first page', async () => {
    const words = 'A page was published at: 2026-11-20T08:00:09.000Z, 2026-11-10T08:00:09.000Z.';
    expect(await restore()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(words) });
    const json = await restore('--json');
    expect(json.records()).toEqual([{ published: ['2026-11-20T08:00:09.000Z', '2026-11-10T08:00:09.000Z'] }]);
    const early = await restore('2026-11-09T08:00:00Z', '--yes', 'CruddurWeb');
    expect(early).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('No page was published before') });
    expect(aws.names()).toEqual([]);
  });
});
