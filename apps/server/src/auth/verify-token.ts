import type { StackEnv } from '@cruddur/config/env';
import { CognitoJwtVerifier, JwtRsaVerifier } from 'aws-jwt-verify';
import { FetchError, JwtExpiredError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { LRUCache } from 'lru-cache';
import { Refusal } from '../errors.ts';

/** Checks an access token and tells whose it is. */
export type VerifyToken = (token: string) => Promise<{ sub: string /** Unix time, seconds. */; expiresAt: number }>;

interface Claims {
  sub: string;
  exp: number;
}

/**
 * Makes the check of access tokens: signature, issuer, client, use and expiry.
 *
 * @throws {Refusal} from the check: `token_invalid`, `token_expired`; `store_unavailable` where the keys cannot be had
 */
export function createTokenVerifier(cognito: StackEnv['cognito']): VerifyToken {
  const verify = cognito.endpoint === undefined ? awsVerifier(cognito) : emulatorVerifier(cognito, cognito.endpoint);
  // Checking a signature takes longer than all else that the server does for a call; a token is checked once.
  const verified = new LRUCache<string, { sub: string; expiresAt: number }>({ max: 10_000 });
  return async (token) => {
    const known = verified.get(token);
    if (known && known.expiresAt > Date.now() / 1000) return known;
    verified.delete(token);
    try {
      const { sub, exp } = await verify(token);
      const caller = { sub, expiresAt: exp };
      verified.set(token, caller);
      return caller;
    } catch (cause) {
      if (cause instanceof JwtExpiredError) throw new Refusal('token_expired', { cause });
      if (cause instanceof FetchError) throw new Refusal('store_unavailable', { cause });
      throw new Refusal('token_invalid', { cause });
    }
  };
}

function awsVerifier({ userPoolId, clientId }: StackEnv['cognito']): (token: string) => Promise<Claims> {
  const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse: 'access' });
  return (token) => verifier.verify(token);
}

/** The emulator's signing key is public, so its issuer is trusted only where the environment names the emulator. */
function emulatorVerifier(
  { userPoolId, clientId }: StackEnv['cognito'],
  endpoint: string,
): (token: string) => Promise<Claims> {
  const issuer = `${endpoint}/${userPoolId}`;
  const verifier = JwtRsaVerifier.create(
    {
      issuer,
      audience: null,
      jwksUri: `${issuer}/.well-known/jwks.json`,
      customJwtCheck: ({ payload }) => {
        if (payload.token_use !== 'access') throw new Error('not an access token');
        if (payload.client_id !== clientId) throw new Error('of another client');
      },
    },
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchOverHttp } }) },
  );
  return async (token) => {
    const { sub, exp } = await verifier.verify(token);
    if (!sub || !exp) throw new Error('without subject or expiry');
    return { sub, exp };
  };
}

/** The library's own fetcher refuses plain http, which the emulator speaks. */
async function fetchOverHttp(uri: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(uri, { signal: AbortSignal.timeout(3000) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.arrayBuffer();
  } catch (error) {
    throw new FetchError(uri, error);
  }
}
