import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import '../../../tests/support/provided-context.ts';
import { failing, StreamTrial, textOf } from './support/stream.ts';

let trial: StreamTrial;

beforeEach(async () => {
  trial = new StreamTrial(inject('dynamodbEndpoint'), `stream-${randomUUID()}`);
  await trial.createTable();
});
afterEach(() => trial.end());

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

describe('reading', () => {
  it('passes every new message in order, at most 100 at a time', async () => {
    await trial.write(...numbers(1, 120));
    await trial.run().idle();
    expect(trial.texts).toEqual(numbers(1, 120));
    expect(trial.batches.map((batch) => batch.length)).toEqual([100, 20]);
  });

  it('passes messages as they are written; idle() waits for all of them', async () => {
    const runner = trial.run();
    for (const text of numbers(1, 40)) {
      await trial.write(text);
      await runner.idle();
      expect(trial.texts.at(-1)).toBe(text);
    }
    expect(trial.texts).toEqual(numbers(1, 40));
  });

  it('passes only new, edited and deleted messages, and counts the rest as handled', async () => {
    await trial.put('GRP#someone', 'a group row');
    await trial.write('1');
    await trial.put('RECEIPT#x', 'a receipt');
    const changed = { TableName: trial.tableName, Key: { pk: { S: 'MSG#g' }, sk: { S: '000000001' } } };
    for (const change of ['edit', 'reaction', 'deletion']) {
      const Item = { ...changed.Key, message: { S: change }, last_change: { S: change } };
      await trial.dynamodb.send(new PutItemCommand({ TableName: trial.tableName, Item }));
    }
    await trial.dynamodb.send(new DeleteItemCommand(changed));
    await trial.write('2');
    await trial.put('GRP#someone', 'the last of the stream');
    let last = '';
    const runner = trial.run(async ({ Records }) => {
      last = Records.at(-1)?.dynamodb?.SequenceNumber ?? '';
    });
    await runner.idle();
    await runner.stop();
    await trial.run().idle();
    expect(trial.texts).toEqual(['1', 'edit', 'deletion', '2']);
    expect(trial.checkpoint.sequenceNumber).toMatch(/^\d{21}$/);
    expect(BigInt(trial.checkpoint.sequenceNumber)).toBeGreaterThan(BigInt(last));
  });

  it('passes the event that Lambda would', async () => {
    await trial.write('hello');
    const events: DynamoDBStreamEvent[] = [];
    const requestIds: string[] = [];
    await trial
      .run(async (event, context) => {
        events.push(event);
        requestIds.push(context.awsRequestId);
      })
      .idle();
    expect(requestIds).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(events).toEqual([
      {
        Records: [
          {
            eventID: expect.stringMatching(/./),
            eventName: 'INSERT',
            eventVersion: '1.1',
            eventSource: 'aws:dynamodb',
            awsRegion: expect.any(String),
            eventSourceARN: expect.stringContaining(`:table/${trial.tableName}/stream/`),
            dynamodb: {
              ApproximateCreationDateTime: expect.any(Number),
              Keys: { pk: { S: 'MSG#g' }, sk: { S: '000000000' } },
              NewImage: { pk: { S: 'MSG#g' }, sk: { S: '000000000' }, message: { S: 'hello' } },
              SequenceNumber: expect.stringMatching(/^\d{21}$/),
              SizeBytes: expect.any(Number),
              StreamViewType: 'NEW_IMAGE',
            },
          },
        ],
      },
    ]);
  });
});

describe('the checkpoint', () => {
  it('lets a new runner continue where the last one ended', async () => {
    const first = trial.run();
    await trial.write('1', '2');
    await first.idle();
    await first.stop();
    await trial.write('3');
    await trial.run().idle();
    expect(trial.texts).toEqual(['1', '2', '3']);
  });

  it('is not moved by a handler that never finished', async () => {
    await trial.write('1', '2');
    let release = () => {};
    const hanging = trial.run(() => new Promise((resolve) => (release = resolve)));
    await expect.poll(() => trial.batches).toHaveLength(1);
    trial.batches.length = 0;
    const next = async () => {
      await trial.run().idle();
      expect(trial.texts).toEqual(['1', '2']);
    };
    // As after a kill: the next runner does not wait for the hanging handler.
    await Promise.all([hanging.stop(), next().finally(() => release())]);
  });

  it('that cannot be read starts the stream from its beginning, with a log line', async () => {
    await trial.write('1');
    writeFileSync(trial.checkpointFile, '{"streamArn":"arn');
    await trial.run().idle();
    expect(trial.texts).toEqual(['1']);
    expect(trial.logged).toEqual([expect.stringContaining('cannot be read')]);
  });

  it('that points to a trimmed record falls back to the oldest one left, with a log line', async () => {
    const first = trial.run();
    await trial.write('1');
    await first.idle();
    await first.stop();
    const text = readFileSync(trial.checkpointFile, 'utf8');
    writeFileSync(trial.checkpointFile, text.replace(trial.checkpoint.sequenceNumber, '0'.repeat(21)));
    await trial.write('2');
    await trial.run().idle();
    expect(trial.texts).toEqual(['1', '1', '2']);
    expect(trial.logged).toEqual([expect.stringContaining('were trimmed')]);
  });
});

describe('failures', () => {
  it('are retried from the first record that failed', async () => {
    await trial.write('1', '2', '3', '4');
    let calls = 0;
    await trial.run((event, context) => (calls++ === 0 ? failing('4', '2')(event, context) : Promise.resolve())).idle();
    expect(trial.batches).toEqual([
      ['1', '2', '3', '4'],
      ['2', '3', '4'],
    ]);
  });

  it('let a new runner continue at the first failed record', async () => {
    await trial.write('1', '2', '3');
    const first = trial.run(failing('2'));
    await expect.poll(() => trial.batches.length).toBeGreaterThan(1);
    await first.stop();
    trial.batches.length = 0;
    await trial.run().idle();
    expect(trial.texts).toEqual(['2', '3']);
  });

  it('that repeat for one record put it into the dead-letter file, and the other records are handled', async () => {
    await trial.write('1', 'poison', '3');
    const runner = trial.run(failing('poison'), { maximumRetryAttempts: 2 });
    await runner.idle();
    await trial.write('4');
    await runner.idle();
    expect(trial.batches.at(-1)).toEqual(['4']);
    expect(trial.batches.filter((batch) => batch.includes('poison'))).toHaveLength(3);
    expect(trial.deadLetters).toHaveLength(1);
    expect(trial.deadLetters[0]).toMatchObject({ attempts: 3, time: expect.stringMatching(/^20\d\d-.*Z$/) });
    expect(trial.deadLetters.map(({ record }) => textOf(record))).toEqual(['poison']);
  });

  it('of a whole batch are retried as a whole', async () => {
    await trial.write('1', '2');
    let calls = 0;
    const thrower = () => (calls++ < 2 ? Promise.reject(new Error('store away')) : Promise.resolve());
    await trial.run(thrower).idle();
    expect(trial.batches).toEqual([
      ['1', '2'],
      ['1', '2'],
      ['1', '2'],
    ]);
    expect(trial.logged).toContainEqual(expect.stringContaining('store away'));
  });

  it('of a handler that always throws on one record make only that one a dead letter', async () => {
    await trial.write(...numbers(1, 9));
    const thrower = async (event: DynamoDBStreamEvent) => {
      if (event.Records.map(textOf).includes('6')) throw new Error('six');
    };
    await trial.run(thrower, { maximumRetryAttempts: 1 }).idle();
    expect(trial.batches.filter((batch) => !batch.includes('6')).flat()).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '7',
      '8',
      '9',
    ]);
    expect(trial.deadLetters).toMatchObject([{ error: { message: 'six' }, attempts: 2 }]);
    expect(trial.deadLetters.map(({ record }) => textOf(record))).toEqual(['6']);
  });
});

it('stops only when the handler has returned', async () => {
  await trial.write('1');
  const order: string[] = [];
  let finish = () => {};
  const runner = trial.run(async () => {
    await new Promise<void>((resolve) => (finish = resolve));
    order.push('handled');
  });
  await expect.poll(() => trial.batches).toHaveLength(1);
  await Promise.all([
    runner.stop().then(() => order.push('stopped')),
    // A stop that did not wait would be done before this call is answered.
    trial.put('RECEIPT#x', 'a receipt').then(() => finish()),
  ]);
  expect(order).toEqual(['handled', 'stopped']);
  await trial.run().idle();
  expect(trial.batches).toHaveLength(1);
  await expect(runner.idle()).rejects.toThrow(/abort/);
});
