import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createCognitoClient, ensureCognitoAccount } from '@cruddur/cognito';
import { SEEDED_PEOPLE } from '@cruddur/config/seed';
import { startCognito } from '@cruddur/local';
import { signInWithPassword } from '../../support/cognito.ts';

const PASSWORD = 'Cruddur-2026!';

/** A separate Cognito emulator. */
export interface TestCognito {
  endpoint: string;
  port: string;
  userPoolId: string;
  /** Creates an account. Returns its `sub`. */
  addUser(handle: string): Promise<string>;
  /** Signs up with another e-mail address than the seeded one, as anyone can, and signs in. */
  signUp(handle: string): Promise<{ sub: string; accessToken: string }>;
  client: CognitoIdentityProviderClient;
  stop(): Promise<void>;
}

/** Starts a Cognito emulator with an empty pool. */
export async function startTestCognito(): Promise<TestCognito> {
  const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-bin-'));
  const engine = await startCognito({ dataDir: path.join(dir, 'cognito'), logFile: path.join(dir, 'cognito.log') });
  const client = createCognitoClient({ region: 'ca-central-1', endpoint: engine.endpoint, embedded: true });
  return {
    endpoint: engine.endpoint,
    port: new URL(engine.endpoint).port,
    userPoolId: engine.userPoolId,
    client,
    async signUp(handle) {
      const { sub } = await signUpAt(client, engine.clientId, handle);
      const { accessToken } = await signInWithPassword(engine, { handle, password: PASSWORD });
      return { sub, accessToken };
    },
    addUser: (handle) =>
      ensureCognitoAccount(client, engine.userPoolId, {
        handle,
        displayName: handle,
        email: SEEDED_PEOPLE.find((person) => person.handle === handle)?.email ?? `${handle}@cruddur.example`,
        password: PASSWORD,
      }),
    async stop() {
      client.destroy();
      await engine.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function signUpAt(client: CognitoIdentityProviderClient, ClientId: string, handle: string) {
  const UserAttributes = [
    { Name: 'email', Value: `${handle}@elsewhere.example` },
    { Name: 'name', Value: handle },
  ];
  const { UserSub: sub = '' } = await client.send(
    new SignUpCommand({ ClientId, Username: handle, Password: PASSWORD, UserAttributes }),
  );
  await client.send(new ConfirmSignUpCommand({ ClientId, Username: handle, ConfirmationCode: '123456' }));
  return { sub };
}
