import { randomUUID } from 'node:crypto';
import type { _Record, Shard } from '@aws-sdk/client-dynamodb-streams';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import '../../../tests/support/provided-context.ts';
import { failing, StreamTrial } from './support/stream.ts';

/** Shards with the texts of their records. DynamoDB Local rolls its one shard over after four hours: too long here. */
interface Tree {
  shards: (Shard & { ShardId: string; texts: string[]; open?: boolean })[];
}

let trial: StreamTrial;
let tree: Tree;

beforeEach(async () => {
  trial = new StreamTrial(inject('dynamodbEndpoint'), `shards-${randomUUID()}`);
  await trial.createTable();
  tree = { shards: [] };
  trial.streams.middlewareStack.add(
    (_next, context) =>
      async ({ input }) => ({
        response: {},
        output: { $metadata: {}, ...answer(context.commandName ?? '', input as Record<string, string | number>) },
      }),
    { step: 'initialize' },
  );
});
afterEach(() => trial.end());

/** Answers as DynamoDB Streams does: one shard a page, iterators of the form `shard:position`. */
function answer(command: string, input: Record<string, string | number>): object {
  if (command === 'DescribeStreamCommand') {
    const at = tree.shards.findIndex(({ ShardId }) => ShardId === input.ExclusiveStartShardId) + 1;
    const last = at + 1 < tree.shards.length ? { LastEvaluatedShardId: tree.shards[at]?.ShardId } : {};
    return { StreamDescription: { Shards: tree.shards.slice(at, at + 1), ...last } };
  }
  if (command === 'GetShardIteratorCommand') {
    const after = input.ShardIteratorType === 'AFTER_SEQUENCE_NUMBER' ? Number(input.SequenceNumber) : 0;
    return { ShardIterator: `${input.ShardId}:${after}` };
  }
  const [id = '', position = ''] = String(input.ShardIterator).split(':');
  const shard = tree.shards.find(({ ShardId }) => ShardId === id);
  const from = Number(position);
  const texts = shard?.texts.slice(from, from + Number(input.Limit)) ?? [];
  const end = from + texts.length;
  const ended = !shard?.open && end >= (shard?.texts.length ?? 0);
  return {
    Records: texts.map((text, i) => toRecord(text, from + i + 1)),
    ...(ended ? {} : { NextShardIterator: `${id}:${end}` }),
  };
}

function toRecord(text: string, sequenceNumber: number): _Record {
  const Keys = { pk: { S: 'MSG#g' }, sk: { S: text } };
  return {
    eventName: 'INSERT',
    dynamodb: { Keys, NewImage: { ...Keys, message: { S: text } }, SequenceNumber: String(sequenceNumber) },
  };
}

it('reads a child shard only after its parent, across every page of shards', async () => {
  tree.shards = [
    { ShardId: 'c', ParentShardId: 'b', texts: ['5'], open: true },
    { ShardId: 'b', ParentShardId: 'a', texts: ['3', '4'] },
    { ShardId: 'a', ParentShardId: 'trimmed', texts: ['1', '2'] },
  ];
  await trial.run().idle();
  expect(trial.texts).toEqual(['1', '2', '3', '4', '5']);
});

it('continues with the child when a shard rolls over', async () => {
  const shard = { ShardId: 'a', texts: ['1'], open: true };
  tree.shards = [shard];
  const runner = trial.run();
  await runner.idle();
  shard.texts.push('2');
  shard.open = false;
  tree.shards.push({ ShardId: 'b', ParentShardId: 'a', texts: ['3'], open: true });
  await runner.idle();
  expect(trial.texts).toEqual(['1', '2', '3']);
});

it('does not read a finished shard again after a restart, nor the part that was handled', async () => {
  const open = { ShardId: 'b', ParentShardId: 'a', texts: ['2'], open: true };
  tree.shards = [{ ShardId: 'a', texts: ['1'] }, open];
  const first = trial.run();
  await first.idle();
  await first.stop();
  open.texts.push('3');
  await trial.run().idle();
  expect(trial.texts).toEqual(['1', '2', '3']);
});

it('holds a child back while a record of its parent fails, but not another branch', async () => {
  tree.shards = [
    { ShardId: 'a', texts: ['poison'] },
    { ShardId: 'a2', ParentShardId: 'a', texts: ['after'], open: true },
    { ShardId: 'b', texts: ['elsewhere'], open: true },
  ];
  await trial.run(failing('poison'), { maximumRetryAttempts: 3 }).idle();
  expect(trial.texts).toEqual(['poison', 'elsewhere', 'poison', 'poison', 'poison', 'after']);
});
