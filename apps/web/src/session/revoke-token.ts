import type { WebEnv } from '../env.ts';

/** How long Cognito may take, in milliseconds. */
const REVOKE_TIMEOUT_MS = 15_000;

/** Asks Cognito to revoke a refresh token. Without Amplify, which reads the token from the storage that is emptied first. */
export async function revokeToken({ userPoolId, clientId, cognitoEndpoint }: WebEnv, token: string): Promise<void> {
  const region = userPoolId.split('_')[0];
  await fetch(cognitoEndpoint ?? `https://cognito-idp.${region}.amazonaws.com/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.RevokeToken',
    },
    body: JSON.stringify({ ClientId: clientId, Token: token }),
    // The person may close the page at once.
    keepalive: true,
    signal: AbortSignal.timeout(REVOKE_TIMEOUT_MS),
  });
}
