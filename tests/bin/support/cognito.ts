import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCognitoClient, ensureCognitoAccount } from '@cruddur/cognito';
import { startCognito } from '@cruddur/local';

/** A separate Cognito emulator. */
export interface TestCognito {
  endpoint: string;
  port: string;
  userPoolId: string;
  /** Creates an account. Returns its `sub`. */
  addUser(handle: string): Promise<string>;
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
    addUser: (handle) =>
      ensureCognitoAccount(client, engine.userPoolId, {
        handle,
        displayName: handle,
        email: `${handle}@cruddur.example`,
        password: 'Cruddur-2026!',
      }),
    async stop() {
      client.destroy();
      await engine.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
