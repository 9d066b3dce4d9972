import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultProvider } from '@cruddur/config/lambda-credentials';
import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';

/** Stores an object under a key, and returns where. @throws if it is not stored */
export type PutObject = (key: string, body: string) => Promise<string>;

/** There is one attempt: if it fails, Lambda repeats the records. */
const TIMEOUT_MS = 3000;

/**
 * Creates a function that puts objects to a bucket, or, for a `file:` address, to a folder: the embedded stack has no bucket. It signs
 * its requests by the SDK's part for that, which both Lambdas contain: the whole client would nearly double the size of each
 * (368 → 670 kB).
 *
 * @param url - the bucket's address, such as `https://name.s3.ca-central-1.amazonaws.com`
 */
export function createPutObject({ url, region }: { url: string; region: string }): PutObject {
  const { protocol, hostname, port } = new URL(url);
  if (protocol === 'file:') {
    return async (key, body) => {
      const file = path.join(fileURLToPath(url), key);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, body, { flush: true });
      return file;
    };
  }
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: defaultProvider(),
    sha256: Hash.bind(null, 'sha256'),
    uriEscapePath: false,
  });
  return async (key, body) => {
    const address = new URL(key, `${url}/`);
    const { headers } = await signer.sign(
      new HttpRequest({
        method: 'PUT',
        protocol,
        hostname,
        path: address.pathname,
        headers: { host: port === '' ? hostname : `${hostname}:${port}`, 'content-type': 'application/json' },
        body,
      }),
    );
    const response = await fetch(address, { method: 'PUT', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const answer = await response.text();
    if (response.ok) return address.href;
    const code = /<Code>(\w+)<\/Code>/.exec(answer)?.[1] ?? '';
    throw new Error(`S3 did not store the records: ${response.status} ${code}`.trimEnd());
  };
}
