import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { createCognitoClient } from '@cruddur/cognito';
import type { StackEnv } from '@cruddur/config/env';
import { SEEDED_MESSAGE_GROUP_UUID, SEEDED_PASSWORD } from '@cruddur/config/seed';
import { readLocalVapidKeys } from '@cruddur/config/vapid-keys';
import { createDatabase, findUserByHandle } from '@cruddur/db';
import { createLocalDynamoDbClient, waitForLocalStack } from '@cruddur/local';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdCheckpointer, SupervisorTrial } from './support/supervisor.ts';

async function readSeed({ dynamodb, postgres, cognito, tableName, localDataDir }: StackEnv) {
  const table = createLocalDynamoDbClient(dynamodb.endpoint ?? '');
  const messages = await table.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `MSG#${SEEDED_MESSAGE_GROUP_UUID}` } },
      Select: 'COUNT',
    }),
  );
  const database = createDatabase(postgres.url);
  const person = await findUserByHandle(database.db, 'andrewbrown');
  await database.close();
  const client = createCognitoClient({ region: 'ca-central-1', ...cognito });
  const AuthParameters = { USERNAME: 'andrewbrown', PASSWORD: SEEDED_PASSWORD };
  const signIn = { ClientId: cognito.clientId, AuthFlow: 'USER_PASSWORD_AUTH' as const, AuthParameters };
  const { AuthenticationResult } = await client.send(new InitiateAuthCommand(signIn));
  const [, claims = ''] = AuthenticationResult?.AccessToken?.split('.') ?? [];
  const vapidKeys = readLocalVapidKeys(localDataDir);
  return {
    messages: messages.Count,
    person,
    sub: JSON.parse(Buffer.from(claims, 'base64url').toString()).sub,
    vapidKeys,
  };
}

describe('the supervisor of one data folder', { timeout: 180_000 }, () => {
  let trial: SupervisorTrial;
  let seed: Awaited<ReturnType<typeof readSeed>>;
  const kept = { pk: { S: 'kept' }, sk: { S: 'over a restart' } };

  beforeAll(async () => {
    trial = await SupervisorTrial.create();
  });
  afterAll(() => trial.end());

  /** Starts on the data of the previous test: each of these tests continues where the last one ended. */
  async function start() {
    const supervisor = await trial.run('supervisor');
    await supervisor.printed();
    return supervisor;
  }

  it('starts and sets up a stack, and ends it at SIGTERM', async () => {
    const supervisor = await trial.run('supervisor');
    await Promise.all([waitForLocalStack(trial.stack), supervisor.printed()]);
    seed = await readSeed(trial.stack);
    expect(seed.messages).toBeGreaterThanOrEqual(100);
    expect(seed.vapidKeys).toMatchObject({ previous: [] });
    expect(seed.person).toMatchObject({ displayName: 'Andrew Brown', cognitoUserId: seed.sub });
    expect(supervisor.output).toContain('Created the table');
    const table = createLocalDynamoDbClient(trial.stack.dynamodb.endpoint ?? '');
    await table.send(new PutItemCommand({ TableName: trial.stack.tableName, Item: kept }));

    const stoppedAt = Date.now();
    supervisor.child.kill('SIGTERM');
    expect(await supervisor.exited).toEqual({ code: 0, signal: null });
    // Generous for a busy machine: an engine that hangs is killed after a second and a half.
    expect(Date.now() - stoppedAt).toBeLessThan(30_000);
    expect(trial.engines()).toEqual([]);
  });

  it('finds its data again, and refuses another supervisor and a reset while it runs', async () => {
    const supervisor = await start();
    expect(supervisor.output).not.toMatch(/Made|Wrote/);
    expect(await readSeed(trial.stack)).toEqual(seed);
    const table = createLocalDynamoDbClient(trial.stack.dynamodb.endpoint ?? '');
    const found = await table.send(new GetItemCommand({ TableName: trial.stack.tableName, Key: kept }));
    expect(found.Item).toEqual(kept);

    const rival = await trial.run('supervisor');
    expect(await rival.exited).toMatchObject({ code: 1 });
    expect(rival.output.trim()).toBe(
      `The stack of ${trial.dataDir} already runs in process ${supervisor.child.pid}: end that one, or set LOCAL_DATA_DIR to another folder.`,
    );
    const tooEarly = await trial.run('reset');
    expect(await tooEarly.exited).toMatchObject({ code: 1 });
    expect(tooEarly.output).toContain(`runs in process ${supervisor.child.pid}: end it first`);

    supervisor.child.kill('SIGINT');
    expect(await supervisor.exited).toEqual({ code: 0, signal: null });
  });

  it.each([
    ['PostgreSQL', 'postgres'],
    ['DynamoDB Local', 'dynamodb'],
  ])('ends with a sentence when %s dies', async (name, folder) => {
    const supervisor = await start();
    trial.kill(new RegExp(`-(D|dbPath) ${trial.dataDir}/${folder} `));
    expect(await supervisor.exited).toEqual({ code: 1, signal: null });
    expect(supervisor.output.trim().split('\n').at(-1)).toBe(
      `${name} ended by SIGKILL: see ${trial.dataDir}/logs/${folder}.log.`,
    );
    await expect.poll(() => trial.engines()).toEqual([]);
  });

  it('leaves no engine running when it is killed, and starts again, with new accounts if those are gone', async () => {
    const killed = await start();
    expect(await readSeed(trial.stack)).toEqual(seed);
    const checkpointer = holdCheckpointer(trial.pidOf(new RegExp(`-D ${trial.dataDir}/postgres `)));
    killed.child.kill('SIGKILL');
    await killed.exited;
    await rm(path.join(trial.dataDir, 'cognito'), { recursive: true });
    const next = await start();
    // Also what hung: it would keep the folder in use.
    expect(existsSync(`/proc/${checkpointer}`)).toBe(false);
    const again = await readSeed(trial.stack);
    expect(again.sub).not.toBe(seed.sub);
    expect(again).toEqual({ ...seed, sub: again.sub, person: { ...seed.person, cognitoUserId: again.sub } });
    next.child.kill('SIGHUP');
    expect(await next.exited).toEqual({ code: 0, signal: null });
    await expect.poll(() => trial.engines()).toEqual([]);
  });

  it('releases its folder for a reset', async () => {
    const reset = await trial.run('reset');
    expect(await reset.exited).toMatchObject({ code: 0 });
    expect(existsSync(trial.dataDir)).toBe(false);
  });
});

describe('in a new folder', { timeout: 120_000 }, () => {
  let trial: SupervisorTrial;

  beforeEach(async () => {
    trial = await SupervisorTrial.create();
  });
  afterEach(() => trial.end());

  describe('the supervisor', () => {
    it('stops at once during the start', async () => {
      const supervisor = await trial.run('supervisor');
      await expect.poll(() => trial.engines().length, { timeout: 60_000 }).toBeGreaterThan(0);
      supervisor.child.kill('SIGTERM');
      expect(await supervisor.exited).toEqual({ code: 0, signal: null });
      expect(trial.engines()).toEqual([]);
      expect(supervisor.output).toBe('');
    });

    it.each(['DYNAMODB_PORT', 'COGNITO_PORT', 'POSTGRES_PORT'])('names the process that uses %s', async (variable) => {
      const port = Number(trial.env[variable]);
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      const supervisor = await trial.run('supervisor');
      expect(await supervisor.exited).toEqual({ code: 1, signal: null });
      server.close();
      expect(supervisor.output.trim()).toMatch(
        new RegExp(
          `^Port ${port}, which \\w+ needs, is in use by process ${process.pid} .*: end that, or set ${variable} to`,
        ),
      );
      expect(trial.engines()).toEqual([]);
    });

    it('explains that Java is missing', async () => {
      const bin = path.join(trial.dataDir, 'bin');
      mkdirSync(bin);
      symlinkSync('/usr/bin/id', path.join(bin, 'id'));
      const supervisor = await trial.run('supervisor', { PATH: bin, JAVA_HOME: '' });
      expect(await supervisor.exited).toEqual({ code: 1, signal: null });
      expect(supervisor.output).toMatch(/^Java 17 or newer is needed.*JAVA_HOME.*\n$/);
      expect(trial.engines()).toEqual([]);
    });

    it('explains that its folder cannot be created', async () => {
      writeFileSync(path.join(trial.dataDir, 'file'), '');
      const supervisor = await trial.run('supervisor', { LOCAL_DATA_DIR: path.join(trial.dataDir, 'file', 'data') });
      expect(await supervisor.exited).toEqual({ code: 1, signal: null });
      expect(supervisor.output).toMatch(/^The data folder .* cannot be written \(ENOTDIR\): .*LOCAL_DATA_DIR.*\n$/);
    });

    it('explains that Java is too old', async () => {
      const javaHome = path.join(trial.dataDir, 'old-java');
      mkdirSync(path.join(javaHome, 'bin'), { recursive: true });
      const java = path.join(javaHome, 'bin', 'java');
      writeFileSync(
        java,
        '#!/bin/sh\necho "Error: LinkageError: java.lang.UnsupportedClassVersionError: class file version 61.0" >&2\nexit 1\n',
      );
      chmodSync(java, 0o755);
      const supervisor = await trial.run('supervisor', { JAVA_HOME: javaHome });
      expect(await supervisor.exited).toEqual({ code: 1, signal: null });
      expect(supervisor.output).toMatch(/^Java 17 or newer is needed.*JAVA_HOME.*\n$/);
    });

    it('starts and seeds nothing if every service is named', async () => {
      const supervisor = await trial.run('supervisor', {
        DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1/x',
        AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
        COGNITO_USER_POOL_ID: 'ca-central-1_x',
        COGNITO_CLIENT_ID: 'c',
        CURSOR_SECRET: 'x'.repeat(32),
      });
      await supervisor.printed('(yours)');
      expect(supervisor.output).not.toContain('secret');
      expect(trial.engines()).toEqual([]);
      supervisor.child.kill('SIGTERM');
      expect(await supervisor.exited).toEqual({ code: 0, signal: null });
    });
  });

  describe('waitForLocalStack', () => {
    it('logs what it is waiting for, and stops at the time-out', async () => {
      const lines: string[] = [];
      const wait = () =>
        waitForLocalStack(trial.stack, { timeoutMs: 400, patienceMs: 150, log: (line) => lines.push(line) });
      await expect(wait()).rejects.toThrow(/Gave up after .* not running \(npm run dev starts them\)/);
      expect(lines).toEqual([expect.stringContaining('Still waiting')]);
    });

    it('ignores the file of a killed supervisor', async () => {
      const file = path.join(trial.dataDir, 'supervisor.json');
      writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'another process', ready: true }));
      await expect(waitForLocalStack(trial.stack, { timeoutMs: 150 })).rejects.toThrow(/not running/);
      expect(existsSync(file) && readFileSync(file, 'utf8')).toContain('another process');
    });

    it('waits for named services until they answer', async () => {
      const port = trial.env.POSTGRES_PORT ?? '';
      const stack = () => ({
        ...trial.stack,
        postgres: { ...trial.stack.postgres, embedded: false, port: 0, url: `postgresql://127.0.0.1:${port}/x` },
        dynamodb: { embedded: false, port: 0, endpoint: undefined },
        cognito: { ...trial.stack.cognito, embedded: false, endpoint: undefined },
      });
      await expect(waitForLocalStack(stack(), { timeoutMs: 150 })).rejects.toThrow(`127.0.0.1:${port} (DATABASE_URL)`);
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve));
      await waitForLocalStack(stack());
      server.close();
    });
  });
});
