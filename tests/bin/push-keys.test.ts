import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseVapidKeys, readLocalVapidKeys } from '@cruddur/config/vapid-keys';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runBin } from './support/run-bin.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'cruddur-keys-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('bin/push/keys', () => {
  const run = (...args: string[]) => runBin('push/keys', args, { env: { LOCAL_DATA_DIR: dir } });

  it('creates the keys of the local stack once, and prints the public one', async () => {
    const { exitCode, stdout } = await run();
    const keys = readLocalVapidKeys(dir);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(keys?.publicKey);
    expect(stdout).not.toContain(keys?.privateKey);
    const again = await run('--json');
    expect(JSON.parse(again.stdout)).toEqual({ publicKey: keys?.publicKey, outcome: 'present', former: 0 });
    expect(readLocalVapidKeys(dir)).toEqual(keys);
  });

  it('rotates them, and keeps the former ones', async () => {
    await run();
    const former = readLocalVapidKeys(dir);
    const { stdout } = await run('--rotate', '--json');
    const keys = readLocalVapidKeys(dir);
    expect(JSON.parse(stdout)).toEqual({ publicKey: keys?.publicKey, outcome: 'rotated', former: 1 });
    expect(keys?.publicKey).not.toBe(former?.publicKey);
    expect(keys?.previous).toEqual([{ publicKey: former?.publicKey, privateKey: former?.privateKey }]);
    expect(readFileSync(path.join(dir, 'vapid-keys.json'), 'utf8')).toBe(JSON.stringify(keys));
  });
});

describe('bin/push/keys prod', () => {
  /** What Secrets Manager has, and answers as it does by its HTTP API. */
  let secret: string;
  let secretsManager: Server;

  beforeEach(async () => {
    secret = 'none yet';
    secretsManager = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const isPut = String(request.headers['x-amz-target']).endsWith('PutSecretValue');
        if (isPut) secret = (JSON.parse(body) as { SecretString: string }).SecretString;
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(isPut ? {} : { SecretString: secret }));
      });
    });
    await new Promise<void>((resolve) => secretsManager.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(secretsManager.address() as AddressInfo).port}`;
    for (const [name, value] of Object.entries({
      AWS_REGION: 'ca-central-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
      AWS_ENDPOINT_URL_STS: endpoint,
    })) {
      vi.stubEnv(name, value);
    }
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    secretsManager.close();
  });

  it('puts them into the secret, and prints no private key', async () => {
    const env = { AWS_REGION: 'ca-central-1', VAPID_SECRET_ID: 'the keys' };
    const { exitCode, stdout, stderr } = await runBin('push/keys', ['prod'], { env });
    const keys = parseVapidKeys(secret);
    expect({ exitCode, keys }).toMatchObject({ exitCode: 0, keys: { previous: [] } });
    expect(stdout + stderr).toContain(keys?.publicKey);
    expect(stdout + stderr).toContain('Set pushPublicKey in infra/cdk.json to it and deploy CruddurApi.');
    expect(stdout + stderr).not.toContain(keys?.privateKey);
  });

  it('is refused without the name of the secret', async () => {
    const { exitCode, stderr } = await runBin('push/keys', ['prod'], { env: { AWS_REGION: 'ca-central-1' } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('VAPID_SECRET_ID must be set');
    expect(secret).toBe('none yet');
  });
});
