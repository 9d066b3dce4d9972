import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPutObject } from '../src/park/put-object.ts';

let server: Server | undefined;
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIA');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret of the role');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token of the role');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server?.close();
  server?.closeAllConnections();
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/**
 * The signature that S3 expects of a request without a query.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
function expectedSignature({ method, url, headers }: IncomingMessage, body: string): string {
  const [, day, region, service, signed = ''] =
    /Credential=AKIA\/(\d+)\/([\w-]+)\/(\w+)\/aws4_request, SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ??
    [];
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name])}`);
  const request = [method, url, '', ...lines, '', signed, sha256(body)].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(request)].join('\n');
  const key = [`${region}`, `${service}`, 'aws4_request'].reduce(hmac, hmac('AWS4secret of the role', `${day}`));
  return hmac(key, text).toString('hex');
}

/** Answers as S3 does, which compares signature and content. */
async function startBucket(answer?: { status: number; body: string }) {
  const objects = new Map<string, string>();
  const listening = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { authorization = '', ...headers } = request.headers;
      const isSigned = /SignedHeaders=[^,]*host[^,]*x-amz-content-sha256[^,]*x-amz-security-token/.test(authorization);
      const isRight = isSigned && authorization.endsWith(`Signature=${expectedSignature(request, body)}`);
      if (answer) response.writeHead(answer.status).end(answer.body);
      else if (!isRight || headers['x-amz-content-sha256'] !== sha256(body)) {
        response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
      } else {
        objects.set(decodeURIComponent(request.url ?? ''), body);
        response.end();
      }
    });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  return { objects, putObject: createPutObject({ url, region: 'ca-central-1' }) };
}

it('an object is put to the bucket, signed as S3 asks', async () => {
  const { objects, putObject } = await startBucket();
  const address = await putObject('parked/2026/11/27/one', '{"text":"Fährt die Fähre?"}');
  expect(new URL(address).pathname).toBe('/parked/2026/11/27/one');
  expect([...objects]).toEqual([['/parked/2026/11/27/one', '{"text":"Fährt die Fähre?"}']]);
});

it.each([
  [{ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }, 'S3 did not store the records: 403 AccessDenied'],
  [{ status: 503, body: 'a proxy' }, 'S3 did not store the records: 503'],
])('what the bucket refuses is not stored', async (answer, message) => {
  const { putObject } = await startBucket(answer);
  await expect(putObject('parked/one', '{}')).rejects.toThrow(new Error(message));
});

it('without an answer it is not stored', async () => {
  const { putObject } = await startBucket();
  server?.close();
  server?.closeAllConnections();
  await expect(putObject('parked/one', '{}')).rejects.toThrow();
});

it('without a bucket, in the embedded stack, an object is a file in a folder', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cruddur-parked-'));
  const putObject = createPutObject({ url: pathToFileURL(folder).href, region: 'ca-central-1' });
  const file = await putObject('parked/2026/11/27/one', '{"one":1}');
  expect(file).toBe(path.join(folder, 'parked/2026/11/27/one'));
  expect(readFileSync(file, 'utf8')).toBe('{"one":1}');
  await rm(folder, { recursive: true });
});
