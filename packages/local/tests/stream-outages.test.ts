import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { ExpiredIteratorException, TrimmedDataAccessException } from '@aws-sdk/client-dynamodb-streams';
import { startDynamoDb } from '@cruddur/local';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import '../../../tests/support/provided-context.ts';
import { failing, StreamTrial } from './support/stream.ts';

let trial: StreamTrial;

beforeEach(async () => {
  trial = new StreamTrial(inject('dynamodbEndpoint'), `outages-${randomUUID()}`);
  await trial.createTable();
});
afterEach(() => trial.end());

describe('when DynamoDB', () => {
  it('expires an iterator, nothing is lost or repeated', async () => {
    let expired = 0;
    trial.streams.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'GetRecordsCommand' && trial.texts.length === 2 && expired++ === 0) {
          throw new ExpiredIteratorException({ message: 'Iterator expired', $metadata: {} });
        }
        return next(args);
      },
      { step: 'initialize' },
    );
    const runner = trial.run();
    await trial.write('1', '2');
    await runner.idle();
    await trial.write('3');
    await runner.idle();
    expect(expired).toBeGreaterThan(0);
    expect(trial.texts).toEqual(['1', '2', '3']);
  });

  it('trims the records that an iterator points to, the rest is read', async () => {
    let trimmed = 0;
    trial.streams.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'GetRecordsCommand' && trimmed++ === 0) {
          throw new TrimmedDataAccessException({ message: 'trimmed', $metadata: {} });
        }
        return next(args);
      },
      { step: 'initialize' },
    );
    await trial.write('1');
    await trial.run().idle();
    expect(trial.texts).toEqual(['1']);
    expect(trial.logged).toEqual([expect.stringContaining('were trimmed')]);
  });

  it('recreates the table, the new stream is read', async () => {
    const runner = trial.run();
    await trial.write('1');
    await runner.idle();
    await trial.dynamodb.send(new DeleteTableCommand({ TableName: trial.tableName }));
    await runner.idle();
    await trial.createTable();
    await trial.write('2');
    await runner.idle();
    expect(trial.texts).toEqual(['1', '2']);
  });

  it('drops the table while its records fail, they are dropped and the new stream is read', async () => {
    const runner = trial.run(failing('1'));
    await trial.write('1');
    await expect.poll(() => trial.texts).toContain('1');
    await trial.dynamodb.send(new DeleteTableCommand({ TableName: trial.tableName }));
    await trial.createTable();
    await trial.write('2');
    await runner.idle();
    expect(trial.texts.at(-1)).toBe('2');
    expect(existsSync(trial.deadLetterFile)).toBe(false);
  });

  it('has no table yet, the runner waits for it', async () => {
    await trial.dynamodb.send(new DeleteTableCommand({ TableName: trial.tableName }));
    const runner = trial.run();
    await runner.idle();
    await trial.createTable();
    await trial.write('1');
    await expect.poll(() => trial.texts).toEqual(['1']);
  });

  it('fails now and then, reading continues', async () => {
    let calls = 0;
    trial.streams.middlewareStack.add(
      (next) => async (args) => {
        if (calls++ % 3 === 0) throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
        return next(args);
      },
      { step: 'initialize' },
    );
    await trial.write('1', '2');
    await trial.run().idle();
    expect(trial.texts).toEqual(['1', '2']);
    expect(trial.logged[0]).toContain('socket hang up');
  });
});

it('continues reading when DynamoDB is back', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-away-'));
  const start = (port?: number) =>
    startDynamoDb({ dataDir: dir, logFile: path.join(dir, 'log'), ...(port ? { port } : {}), temporaryDir: dir });
  const engine = await start();
  const away = new StreamTrial(engine.endpoint, 'away');
  await away.createTable();
  const runner = away.run();
  await away.write('1');
  await runner.idle();
  await engine.stop();
  await expect.poll(() => away.logged).toEqual([expect.stringContaining('ECONNREFUSED')]);
  const again = await start(Number(new URL(engine.endpoint).port));
  await away.write('2');
  await runner.idle();
  expect(away.texts).toEqual(['1', '2']);
  expect(away.logged.slice(1)).toEqual(['Reading the stream again.']);
  await away.end();
  await again.stop();
  await rm(dir, { recursive: true });
});
