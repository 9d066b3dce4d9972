import { InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { createCognitoClient } from '@cruddur/cognito';
import type { StackEnv } from '@cruddur/config/env';
import { SEEDED_PASSWORD } from '@cruddur/config/seed';

/** Signs a seeded person in at the embedded Cognito. Returns their access token. */
export async function signInSeeded({ cognito, region }: StackEnv, handle: string): Promise<string> {
  const client = createCognitoClient({ region, ...cognito });
  const AuthParameters = { USERNAME: handle, PASSWORD: SEEDED_PASSWORD };
  const signIn = { ClientId: cognito.clientId, AuthFlow: 'USER_PASSWORD_AUTH' as const, AuthParameters };
  const { AuthenticationResult } = await client.send(new InitiateAuthCommand(signIn));
  client.destroy();
  return AuthenticationResult?.AccessToken ?? '';
}
