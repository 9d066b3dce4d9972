import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { vapidKeysFile } from '@cruddur/config/vapid-keys';

/** Where the keys are. */
export interface KeyStore {
  read(): Promise<string | undefined>;
  write(json: string): Promise<void>;
  close(): void;
}

export function localKeyStore(dataDir: string): KeyStore {
  const file = vapidKeysFile(dataDir);
  return {
    read: async () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
    async write(json) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(`${file}.tmp`, json, { mode: 0o600 });
      renameSync(`${file}.tmp`, file);
    },
    close: () => undefined,
  };
}

export function awsKeyStore(region: string, SecretId: string): KeyStore {
  const client = new SecretsManagerClient({ region });
  return {
    read: async () => (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString,
    write: async (SecretString) => void (await client.send(new PutSecretValueCommand({ SecretId, SecretString }))),
    close: () => client.destroy(),
  };
}
