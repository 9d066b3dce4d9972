import type { StackEnv } from '@cruddur/config/env';
import { CognitoJwtVerifier, JwtRsaVerifier } from 'aws-jwt-verify';
import { FetchError, JwtExpiredError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { LRUCache } from 'lru-cache';
import { Refusal } from '../errors.ts';

interface Verified {
  sub: string;
  /** Unix time in seconds. */
  expiresAt: number;
}

export type VerifyToken = (token: string) => Promise<Verified>;

interface Claims {
  sub: string;
  exp: number;
}

/**
 * Verifies access tokens: signature, issuer, client, use and expiry. The function throws a {@link Refusal}: `token_invalid`,
 * `token_expired`, or `store_unavailable` if Cognito's keys cannot be fetched.
 */
export function createTokenVerifier(cognito: StackEnv['cognito']): VerifyToken {
  const verify = cognito.endpoint === undefined ? awsVerifier(cognito) : emulatorVerifier(cognito, cognito.endpoint);
  // Verifying a signature takes longer than the rest of a call's work.
  const verified = new LRUCache<string, Verified>({ max: 10_000 });
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

/** The emulator's signing key is public, so its issuer is trusted only if the environment names the emulator. */
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
        if (payload.client_id !== clientId) throw new Error('issued for another client');
      },
    },
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchOverHttp } }) },
  );
  return async (token) => {
    const { sub, exp } = await verifier.verify(token);
    if (!sub || !exp) throw new Error('no subject or expiry');
    return { sub, exp };
  };
}

/** The library's fetcher refuses plain HTTP, which the emulator uses. */
async function fetchOverHttp(uri: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(uri, { signal: AbortSignal.timeout(3000) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.arrayBuffer();
  } catch (error) {
    throw new FetchError(uri, error);
  }
}
