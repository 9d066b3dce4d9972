import { InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { createCognitoClient, ensureCognitoAccount } from '@cruddur/cognito';
import type { CognitoEngine } from '@cruddur/local';

const PASSWORD = 'Lantern-2026!';

/** Signs in at an emulator. Each call starts a session that no other sign-out ends. */
export async function signInWithPassword(
  { endpoint, clientId }: { endpoint: string; clientId: string },
  { handle, password }: { handle: string; password: string },
): Promise<{ accessToken: string; idToken: string; refreshToken: string }> {
  const client = createCognitoClient({ region: 'ca-central-1', endpoint, embedded: true });
  const AuthParameters = { USERNAME: handle, PASSWORD: password };
  const { AuthenticationResult = {} } = await client.send(
    new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: clientId, AuthParameters }),
  );
  client.destroy();
  const {
    AccessToken: accessToken = '',
    IdToken: idToken = '',
    RefreshToken: refreshToken = '',
  } = AuthenticationResult;
  return { accessToken, idToken, refreshToken };
}

/** Creates an account in the emulator unless it exists, and signs in. */
export async function signInAt(cognito: CognitoEngine, handle: string, displayName = handle) {
  const client = createCognitoClient({ region: 'ca-central-1', endpoint: cognito.endpoint, embedded: true });
  const email = `${handle}@cruddur.example`;
  const account = { handle, displayName, email, password: PASSWORD };
  const sub = await ensureCognitoAccount(client, cognito.userPoolId, account);
  client.destroy();
  const { accessToken, idToken } = await signInWithPassword(cognito, account);
  return { sub, email, password: PASSWORD, accessToken, idToken };
}

/** The environment with every service's address, for a server or stream runner in a separate process. */
export function namedServices(services: {
  cognito: CognitoEngine;
  databaseUrl: string;
  dynamodbEndpoint: string;
  tableName: string;
  region?: string;
}): Record<string, string> {
  return {
    DATABASE_URL: services.databaseUrl,
    AWS_ENDPOINT_URL_DYNAMODB: services.dynamodbEndpoint,
    AWS_REGION: services.region ?? 'ca-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    COGNITO_ENDPOINT: services.cognito.endpoint,
    COGNITO_USER_POOL_ID: services.cognito.userPoolId,
    COGNITO_CLIENT_ID: services.cognito.clientId,
    CURSOR_SECRET: 'a secret for the cursors of tests',
    DDB_TABLE: services.tableName,
  };
}
