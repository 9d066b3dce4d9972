import { createRequire } from 'node:module';
import { importJWK, SignJWT } from 'jose';

// The emulator's package publishes its signing key, so tests can create tokens that differ in one claim.
const { jwk: KEY } = createRequire(import.meta.url)('cognito-local/lib/keys/cognitoLocal.private.json');

/** An access token of the emulator, valid for a minute, with some claims or header fields replaced. */
export async function forgeToken(
  { issuer, clientId }: { issuer: string; clientId: string },
  claims: object,
  header: object = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: issuer, client_id: clientId, token_use: 'access', iat: now, exp: now + 60, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: KEY.kid, ...header })
    .sign(await importJWK(KEY, 'RS256'));
}
