import { createRequire } from 'node:module';
import { importJWK, SignJWT } from 'jose';

// The emulator signs with a key that its package publishes: whoever has it can make tokens that differ in one claim.
const { jwk: KEY } = createRequire(import.meta.url)('cognito-local/lib/keys/cognitoLocal.private.json');

/** An access token of the emulator's, good for a minute, with some claims or header fields of one's own. */
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
