import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, refusalOf, startTestServer, type TestServer } from './test-server.ts';

// The emulator signs with a key that its package publishes: whoever has it can make tokens that differ in one claim.
const { jwk: KEY } = createRequire(import.meta.url)('cognito-local/lib/keys/cognitoLocal.private.json');

let server: TestServer;
let sub: string;
let idToken: string;
let accessToken: string;

beforeAll(async () => {
  server = await startTestServer();
  ({ sub, idToken, accessToken } = await server.signIn('ana'));
});

afterAll(() => server.stop());

const now = () => Math.floor(Date.now() / 1000);

async function token(claims: object = {}, header: object = {}): Promise<string> {
  const { issuer, clientId } = server.cognito;
  return new SignJWT({
    sub,
    iss: issuer,
    client_id: clientId,
    token_use: 'access',
    iat: now(),
    exp: now() + 60,
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: KEY.kid, ...header })
    .sign(await importJWK(KEY, 'RS256'));
}

const refusal = (bearer: string) => refusalOf(clientOf(server.url, bearer).users.me.query());

describe('access tokens', () => {
  it('let their bearer in', async () => {
    expect(await clientOf(server.url, accessToken).users.me.query()).toMatchObject({ handle: 'ana' });
    expect(await clientOf(server.url, await token()).users.me.query()).toMatchObject({ handle: 'ana' });
  });

  it('are refused with token_expired after their time', async () => {
    const expired = await token({ iat: now() - 7200, exp: now() - 3600 });
    expect(await refusal(expired)).toEqual({ code: 'UNAUTHORIZED', reason: 'token_expired' });
  });

  it('are refused from the moment of their expiry, though they were good before', async () => {
    const brief = await token({ exp: now() + 2 });
    expect(await clientOf(server.url, brief).users.me.query()).toMatchObject({ handle: 'ana' });
    await expect
      .poll(() => refusal(brief).catch(() => null), { timeout: 10_000 })
      .toEqual({
        code: 'UNAUTHORIZED',
        reason: 'token_expired',
      });
  });

  it.each([
    ['of another issuer', () => token({ iss: 'http://127.0.0.1:1/ca-central-1_Other' })],
    ['of another client', () => token({ client_id: 'other' })],
    ['that is an ID token', () => Promise.resolve(idToken)],
    ['with an unknown key id', () => token({}, { kid: randomUUID() })],
    ['with an altered signature', async () => (await token()).replace(/.{8}$/, 'AAAAAAAA')],
    [
      'with an altered claim',
      async () => {
        const [head, , signature] = (await token()).split('.');
        const claims = { sub: randomUUID(), iss: server.cognito.issuer, token_use: 'access', exp: now() + 60 };
        return [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
      },
    ],
    [
      'without a signature',
      async () => new UnsecuredJWT({ sub, token_use: 'access' }).setExpirationTime('1h').encode(),
    ],
    ['that is none', () => Promise.resolve('abc')],
  ])('are refused with token_invalid when %s', async (_, make) => {
    expect(await refusal(await make())).toEqual({ code: 'UNAUTHORIZED', reason: 'token_invalid' });
  });
});
