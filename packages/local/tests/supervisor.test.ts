import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { createCognitoClient } from '@cruddur/cognito';
import { SEEDED_MESSAGE_GROUP_UUID, SEEDED_PASSWORD } from '@cruddur/config/seed';
import { createDatabase, findUserByHandle } from '@cruddur/db';
import { createLocalDynamoDbClient, waitForLocalStack } from '@cruddur/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SupervisorTrial } from './support/supervisor.ts';

let trial: SupervisorTrial;

beforeEach(async () => {
  trial = await SupervisorTrial.create();
});
afterEach(() => trial.end());

async function readSeed() {
  const { dynamodb, postgres, cognito, tableName } = trial.stack;
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
  return { messages: messages.Count, person, sub: JSON.parse(Buffer.from(claims, 'base64url').toString()).sub };
}

describe('the supervisor', { timeout: 120_000 }, () => {
  it('brings a stack that is set up, ends it at SIGTERM, and finds its data again', async () => {
    const first = trial.run('dev');
    await waitForLocalStack(trial.stack);
    await first.ready();
    const seed = await readSeed();
    expect(seed.messages).toBeGreaterThanOrEqual(100);
    expect(seed.person).toMatchObject({ displayName: 'Andrew Brown', cognitoUserId: seed.sub });
    expect(first.output).toContain('Made the table');
    const table = createLocalDynamoDbClient(trial.stack.dynamodb.endpoint ?? '');
    const Key = { pk: { S: 'kept' }, sk: { S: 'over a restart' } };
    await table.send(new PutItemCommand({ TableName: trial.stack.tableName, Item: Key }));

    const stoppedAt = Date.now();
    first.child.kill('SIGTERM');
    expect(await first.exited).toEqual({ code: 0, signal: null });
    // It does not wait for anything: whatever hangs is killed after a second and a half.
    expect(Date.now() - stoppedAt).toBeLessThan(30_000);
    expect(trial.engines()).toEqual([]);

    const second = trial.run('dev');
    await second.ready();
    expect(second.output).not.toMatch(/Made|Wrote/);
    expect(await readSeed()).toEqual(seed);
    expect((await table.send(new GetItemCommand({ TableName: trial.stack.tableName, Key }))).Item).toEqual(Key);

    const rival = trial.run('dev');
    expect(await rival.exited).toMatchObject({ code: 1 });
    expect(rival.output.trim()).toBe(
      `The stack of ${trial.dataDir} already runs in process ${second.child.pid}: end that one, or set LOCAL_DATA_DIR to another folder.`,
    );
    const tooEarly = trial.run('reset');
    expect(await tooEarly.exited).toMatchObject({ code: 1 });
    expect(tooEarly.output).toContain(`runs in process ${second.child.pid}: end it first`);

    second.child.kill('SIGINT');
    expect(await second.exited).toEqual({ code: 0, signal: null });
    const reset = trial.run('reset');
    expect(await reset.exited).toMatchObject({ code: 0 });
    expect(existsSync(trial.dataDir)).toBe(false);
  });

  it.each([
    ['PostgreSQL', 'postgres'],
    ['DynamoDB Local', 'dynamodb'],
  ])('ends with a sentence when %s dies', async (name, folder) => {
    const supervisor = trial.run('dev');
    await supervisor.ready();
    const engine = trial
      .engines()
      .find(({ command }) => new RegExp(`-(D|dbPath) ${trial.dataDir}/${folder} `).test(`${command} `));
    process.kill(engine?.pid ?? 0, 'SIGKILL');
    expect(await supervisor.exited).toEqual({ code: 1, signal: null });
    expect(supervisor.output.trim().split('\n').at(-1)).toBe(
      `${name} ended by SIGKILL: see ${trial.dataDir}/logs/${folder}.log.`,
    );
    await expect.poll(() => trial.engines()).toEqual([]);
  });

  it('when killed leaves no engine behind, and starts again, with new accounts where those are gone', async () => {
    const killed = trial.run('dev');
    await killed.ready();
    const seed = await readSeed();
    killed.child.kill('SIGKILL');
    await killed.exited;
    await rm(path.join(trial.dataDir, 'cognito'), { recursive: true });
    const next = trial.run('dev');
    await next.ready();
    const again = await readSeed();
    expect(again.sub).not.toBe(seed.sub);
    expect(again).toEqual({ ...seed, sub: again.sub, person: { ...seed.person, cognitoUserId: again.sub } });
    next.child.kill('SIGHUP');
    expect(await next.exited).toEqual({ code: 0, signal: null });
    await expect.poll(() => trial.engines()).toEqual([]);
  });

  it('stops at once when it is told so while it starts', async () => {
    const supervisor = trial.run('dev');
    await expect.poll(() => trial.engines().length, { timeout: 60_000 }).toBeGreaterThan(0);
    supervisor.child.kill('SIGTERM');
    expect(await supervisor.exited).toEqual({ code: 0, signal: null });
    expect(trial.engines()).toEqual([]);
    expect(supervisor.output).toBe('');
  });

  it.each(['DYNAMODB_PORT', 'COGNITO_PORT', 'POSTGRES_PORT'])('names who has the port of %s', async (variable) => {
    const port = Number(trial.env[variable]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const supervisor = trial.run('dev');
    expect(await supervisor.exited).toEqual({ code: 1, signal: null });
    server.close();
    expect(supervisor.output.trim()).toMatch(
      new RegExp(
        `^Port ${port}, which \\w+ needs, is in use by process ${process.pid} .*: end that, or set ${variable} to`,
      ),
    );
    expect(trial.engines()).toEqual([]);
  });

  it('says how to get Java where there is none', async () => {
    const bin = path.join(trial.dataDir, 'bin');
    mkdirSync(bin);
    symlinkSync('/usr/bin/id', path.join(bin, 'id'));
    const supervisor = trial.run('dev', { PATH: bin, JAVA_HOME: '' });
    expect(await supervisor.exited).toEqual({ code: 1, signal: null });
    expect(supervisor.output).toMatch(/^Java 17 or newer is needed.*JAVA_HOME.*\n$/);
    expect(trial.engines()).toEqual([]);
  });

  it('says when its folder cannot be made', async () => {
    writeFileSync(path.join(trial.dataDir, 'file'), '');
    const supervisor = trial.run('dev', { LOCAL_DATA_DIR: path.join(trial.dataDir, 'file', 'data') });
    expect(await supervisor.exited).toEqual({ code: 1, signal: null });
    expect(supervisor.output).toMatch(/^The data folder .* cannot be written \(ENOTDIR\): .*LOCAL_DATA_DIR.*\n$/);
  });

  it('says how to get Java where it is too old', async () => {
    const javaHome = path.join(trial.dataDir, 'old-java');
    mkdirSync(path.join(javaHome, 'bin'), { recursive: true });
    const java = path.join(javaHome, 'bin', 'java');
    writeFileSync(
      java,
      '#!/bin/sh\necho "Error: LinkageError: java.lang.UnsupportedClassVersionError: class file version 61.0" >&2\nexit 1\n',
    );
    chmodSync(java, 0o755);
    const supervisor = trial.run('dev', { JAVA_HOME: javaHome });
    expect(await supervisor.exited).toEqual({ code: 1, signal: null });
    expect(supervisor.output).toMatch(/^Java 17 or newer is needed.*JAVA_HOME.*\n$/);
  });

  it('starts and seeds nothing where every service is named', async () => {
    const supervisor = trial.run('dev', {
      DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1/x',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      COGNITO_USER_POOL_ID: 'ca-central-1_x',
      COGNITO_CLIENT_ID: 'c',
      CURSOR_SECRET: 'x'.repeat(32),
    });
    await expect.poll(() => supervisor.output).toContain('(yours)');
    expect(supervisor.output).not.toContain('secret');
    expect(trial.engines()).toEqual([]);
    supervisor.child.kill('SIGTERM');
    expect(await supervisor.exited).toEqual({ code: 0, signal: null });
  });
});

describe('waitForLocalStack', () => {
  it('says what it waits for, and gives up in time', async () => {
    const lines: string[] = [];
    const wait = () =>
      waitForLocalStack(trial.stack, { timeoutMs: 400, patienceMs: 150, log: (line) => lines.push(line) });
    await expect(wait()).rejects.toThrow(/Gave up after .* not running \(npm run dev starts them\)/);
    expect(lines).toEqual([expect.stringContaining('Still waiting')]);
  });

  it('does not take the file of a supervisor that was killed for a ready stack', async () => {
    const file = path.join(trial.dataDir, 'supervisor.json');
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'another process', ready: true }));
    await expect(waitForLocalStack(trial.stack, { timeoutMs: 150 })).rejects.toThrow(/not running/);
    expect(existsSync(file) && readFileSync(file, 'utf8')).toContain('another process');
  });

  it('waits for named services until they answer', async () => {
    const port = trial.env.POSTGRES_PORT ?? '';
    const stack = () => ({
      ...trial.stack,
      postgres: { embedded: false, port: 0, url: `postgresql://127.0.0.1:${port}/x` },
      dynamodb: { embedded: false, port: 0 },
      cognito: { ...trial.stack.cognito, embedded: false, endpoint: undefined },
    });
    await expect(waitForLocalStack(stack(), { timeoutMs: 150 })).rejects.toThrow(`127.0.0.1:${port} (DATABASE_URL)`);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve));
    await waitForLocalStack(stack());
    server.close();
  });
});
