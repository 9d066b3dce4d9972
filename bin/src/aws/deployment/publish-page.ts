import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { failed } from '../../cli/errors.ts';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Their names contain a hash. */
const FOREVER = 'public, max-age=31536000, immutable';
const REVALIDATE = 'no-cache';

interface Page {
  s3: S3Client;
  bucket: string;
  folder: string;
  onFile: (uploaded: number, files: number) => void;
}

/**
 * Uploads the built page: first the files that it loads, then the page, and `index.html` last, so that no browser finds a page
 * without its files. Deletes nothing, since open pages load the files of their version.
 *
 * @returns how many files were uploaded; assets that the bucket has are left
 */
export async function publishPage({ s3, bucket, folder, onFile }: Page): Promise<number> {
  const keys = await listFiles(folder);
  if (!keys.includes('index.html')) throw failed(`${folder} has no page: npm run build writes it.`);
  const present = await listAssets(s3, bucket);
  const pending = keys.filter((key) => !present.has(key)).sort((one, other) => rank(one) - rank(other));
  for (const [at, key] of pending.entries()) {
    await upload(s3, bucket, folder, key);
    onFile(at + 1, pending.length);
  }
  return pending.length;
}

const isAsset = (key: string): boolean => key.startsWith('assets/');

function rank(key: string): number {
  if (isAsset(key)) return 0;
  return key === 'index.html' ? 2 : 1;
}

/** Without source maps, which contain the sources. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}

async function listAssets(s3: S3Client, Bucket: string): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: 'assets/' })) {
    for (const { Key } of Contents) if (Key) keys.add(Key);
  }
  return keys;
}

async function upload(s3: S3Client, Bucket: string, folder: string, Key: string): Promise<void> {
  const ContentType = TYPES[path.extname(Key)];
  if (ContentType === undefined)
    throw failed(`${Key}: its type is not known; add it to bin/src/aws/deployment/publish-page.ts.`);
  const CacheControl = isAsset(Key) ? FOREVER : REVALIDATE;
  // Not a stream, which could not be sent again.
  const Body = await readFile(path.join(folder, Key));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType, CacheControl }));
}
