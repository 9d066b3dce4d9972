import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSigner } from './signature.ts';

const secret = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' });
const requests = fc.record({
  region: fc.constantFrom('ca-central-1', 'us-gov-east-1'),
  accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
  secretAccessKey: secret,
  // A header's value has no spaces around it.
  sessionToken: fc.option(fc.base64String({ minLength: 4 }), { nil: undefined }),
  host: fc.constantFrom(
    'dynamodb.ca-central-1.amazonaws.com',
    '127.0.0.1:8000',
    '123456789012.ddb.us-east-1.amazonaws.com',
  ),
  path: fc.constantFrom('/', '/store/'),
  target: fc.constantFrom('DynamoDB_20120810.Query', 'DynamoDB_20120810.TransactWriteItems'),
  body: fc.json(),
  now: fc.date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
});

describe('a signed request', () => {
  it('has the signature that the SDK computes', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async ({ region, host, path, target, body, now, ...credentials }) => {
        const signed = createSigner(credentials, region)({ host, path, target, body }, now);
        const headers = Object.fromEntries(signed.flatMap((name, i) => (i % 2 ? [] : [[name, signed[i + 1] ?? '']])));
        const sdk = new SignatureV4({ credentials, region, service: 'dynamodb', sha256: Sha256, applyChecksum: false });
        const request = new HttpRequest({
          method: 'POST',
          hostname: host,
          path,
          headers: { ...headers, authorization: '' },
          body,
        });
        const expected = await sdk.sign(request, { signingDate: now });
        expect(headers).toEqual(expected.headers);
      }),
    );
  });

  it('uses the key of its day', () => {
    const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
    const request = { host: 'host', path: '/', target: 'target', body: '{}' };
    const sign = createSigner(credentials, 'ca-central-1');
    const days = ['2026-11-26T23:59:59Z', '2026-11-27T00:00:00Z', '2026-11-26T23:59:59Z'].map((day) => new Date(day));
    const signed = days.map((day) => sign(request, day));
    expect(signed).toEqual(days.map((day) => createSigner(credentials, 'ca-central-1')(request, day)));
  });
});
