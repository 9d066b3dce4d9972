import { randomUUID } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgeToken } from './forge-token.ts';
import { clientOf, refusalOf, startTestServer, type TestServer } from './test-server.ts';

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

const token = (claims: object = {}, header: object = {}) => forgeToken(server.cognito, { sub, ...claims }, header);

const refusal = (bearer: string) => refusalOf(clientOf(server.url, bearer).users.me.query());

/** Tokens that are refused as `token_invalid`. */
const BAD_TOKENS: [string, () => Promise<string>][] = [
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
    'without a signature, alg: none',
    async () =>
      new UnsecuredJWT({ sub, token_use: 'access', iss: server.cognito.issuer, client_id: server.cognito.clientId })
        .setExpirationTime('1h')
        .encode(),
  ],
  ['signed with the public key as if it were a secret', confusedToken],
  ['that is not a JWT', () => Promise.resolve('abc')],
];

/** `alg: HS256`, signed with the public key. */
async function confusedToken(): Promise<string> {
  const keys = await (await fetch(`${server.cognito.issuer}/.well-known/jwks.json`)).text();
  return new SignJWT({ sub, iss: server.cognito.issuer, client_id: server.cognito.clientId, token_use: 'access' })
    .setProtectedHeader({ alg: 'HS256', kid: JSON.parse(keys).keys[0].kid })
    .setExpirationTime('1h')
    .sign(Buffer.from(keys));
}

describe('access tokens', () => {
  it('are accepted', async () => {
    expect(await clientOf(server.url, accessToken).users.me.query()).toMatchObject({ handle: 'ana' });
    expect(await clientOf(server.url, await token()).users.me.query()).toMatchObject({ handle: 'ana' });
  });

  it('are refused with token_expired when expired', async () => {
    const expired = await token({ iat: now() - 7200, exp: now() - 3600 });
    expect(await refusal(expired)).toEqual({ code: 'UNAUTHORIZED', reason: 'token_expired' });
  });

  it('are refused from the moment that they expire, although they were verified before', async () => {
    const brief = await token({ exp: now() + 5 });
    expect(await clientOf(server.url, brief).users.me.query()).toMatchObject({ handle: 'ana' });
    await expect
      .poll(() => refusal(brief).catch(() => null))
      .toEqual({
        code: 'UNAUTHORIZED',
        reason: 'token_expired',
      });
  });

  it.each(BAD_TOKENS)('are refused with token_invalid when %s', async (_, make) => {
    expect(await refusal(await make())).toEqual({ code: 'UNAUTHORIZED', reason: 'token_invalid' });
  });
});

describe('HTTP', () => {
  const ask = (path: string, headers: Record<string, string>) => fetch(`${server.url}/trpc/${path}`, { headers });
  const BAD: [string, () => Promise<string | undefined>][] = [['none', async () => undefined], ...BAD_TOKENS];

  it.each(BAD)('answers 401 to a call and to a stream, token %s', async (_, make) => {
    const bad = await make();
    const headers: Record<string, string> = bad === undefined ? {} : { authorization: `Bearer ${bad}` };
    const reason = bad === undefined ? 'token_missing' : 'token_invalid';
    for (const path of ['users.me', 'events.subscribe']) {
      const response = await ask(path, headers);
      expect([response.status, (await response.text()).includes(reason)], path).toEqual([401, true]);
    }
    expect(server.services.streams.count()).toBe(0);
  });

  it('answers an EventSource with an event, since it reads no other answer, and ends', async () => {
    const expired = await token({ iat: now() - 7200, exp: now() - 3600 });
    const accept = 'text/event-stream';
    const response = await ask('events.subscribe', { accept, authorization: `Bearer ${expired}` });
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/event: serialized-error\ndata: .*"reason":"token_expired"/);
  });

  it.each(['Basic', 'bearer', ''])('accepts a token only with the scheme Bearer, not %j', async (scheme) => {
    const response = await ask('users.me', { authorization: `${scheme} ${accessToken}`.trim() });
    expect(response.status).toBe(scheme === 'bearer' ? 200 : 401);
  });
});
