import {
  CopyObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  S3Client,
} from '@aws-sdk/client-s3';
import { refused } from '../cli/errors.ts';
import { type AwsSession, stopIfInterrupted } from './aws-command.ts';
import { requireOutputs } from './stack-outputs.ts';

/** How many former versions are listed. */
const LISTED = 10;

/**
 * Publishes the page of a former time again: each of its files becomes the version that was current then. Assets stay, since all of
 * them are still in the bucket, for 90 days in former versions.
 *
 * @param at - undefined: lists the times at which a page was published
 */
export async function restorePage(aws: AwsSession, at: Date | undefined, confirm: () => Promise<void>): Promise<void> {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const { PageBucketName: Bucket } = await requireOutputs(aws.client(CloudFormationClient), 'CruddurWeb', [
    'PageBucketName',
  ]);
  const s3 = aws.client(S3Client);
  const files = await listVersions(s3, Bucket);
  const publications = files.get('index.html') ?? [];
  if (at === undefined) {
    return await aws.out.result({ published: listTimes(publications) }, describePublications(publications));
  }
  const restored = [...files].flatMap(([Key, versions]) => {
    const [current] = versions;
    const former = versions.find(({ LastModified }) => LastModified && LastModified <= at);
    return former && former.ETag !== current?.ETag ? [{ Key, VersionId: former.VersionId }] : [];
  });
  if (!publications.some(({ LastModified }) => LastModified && LastModified <= at)) {
    throw refused(`No page was published before ${at.toISOString()}. ${describePublications(publications)}`);
  }
  aws.out.say(`To be restored: ${restored.map(({ Key }) => Key).join(', ') || 'nothing, the page is that one'}.`);
  await confirm();
  // As when it is published: index.html last.
  const last = (key: string) => Number(key === 'index.html');
  for (const { Key, VersionId } of restored.toSorted((one, other) => last(one.Key) - last(other.Key))) {
    stopIfInterrupted(aws);
    // With its type and its cache header.
    const CopySource = `${Bucket}/${encodeURIComponent(Key)}?versionId=${VersionId}`;
    await s3.send(new CopyObjectCommand({ Bucket, Key, CopySource }));
  }
  await aws.out.result(
    { restored: restored.map(({ Key }) => Key), at: at.toISOString() },
    `The page of ${at.toISOString()} is published. Open pages load it at their next start.`,
  );
}

/** The newest version of a file first, as S3 lists them. Without assets, whose names contain a hash. */
async function listVersions(s3: S3Client, Bucket: string): Promise<Map<string, ObjectVersion[]>> {
  const files = new Map<string, ObjectVersion[]>();
  let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (next !== undefined) {
    const page: ListObjectVersionsCommandOutput = await s3.send(new ListObjectVersionsCommand({ Bucket, ...next }));
    for (const version of page.Versions ?? []) {
      const { Key = '' } = version;
      if (!Key.startsWith('assets/')) files.set(Key, [...(files.get(Key) ?? []), version]);
    }
    next = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
  return files;
}

const listTimes = (versions: readonly ObjectVersion[]): string[] =>
  versions.slice(0, LISTED).map(({ LastModified }) => LastModified?.toISOString() ?? 'unknown');

const describePublications = (versions: readonly ObjectVersion[]): string =>
  `Name a time with --page. A page was published at: ${listTimes(versions).join(', ') || 'no time'}.`;
