import { Logger } from '@aws-lambda-powertools/logger';
import type { MessageStored } from '@cruddur/bus';
import type { DynamoDBRecord } from 'aws-lambda';
import { expect, it, vi } from 'vitest';
import { record } from '../../../tests/support/stream.ts';
import { announceStored } from './announce-stored.ts';
import { foldRecords } from './fold-records.ts';

const NOW_S = 1_800_000_000;

/** Announces records that are some seconds old. */
async function announce(records: DynamoDBRecord[], { isSent = true, ageS = 1 } = {}) {
  const dated = records.map(({ dynamodb, ...rest }) => ({
    ...rest,
    dynamodb: { ...dynamodb, ApproximateCreationDateTime: NOW_S - ageS },
  }));
  const shown = foldRecords(dated).groups.map((group) => ({ group, memberUuids: ['ana', 'ben'] }));
  const logger = new Logger({ logLevel: 'SILENT' });
  const logged = vi.spyOn(logger, 'error');
  const published: MessageStored[] = [];
  const publish = async (event: MessageStored) => {
    published.push(event);
    return isSent;
  };
  const counts = await announceStored({ publish, logger, now: () => NOW_S * 1000 }, shown);
  return { published, counts, logged };
}

it('announces each new and edited message to both members, by its version and without its text', async () => {
  const records = [
    record({ group: 'a', message_uuid: 'new' }),
    record({ group: 'a', message_uuid: 'edited', eventName: 'MODIFY', last_change: 'edit', version: 3, revision: 1 }),
  ];
  const { published, counts } = await announce(records);
  expect(published).toEqual([
    { type: 'stored', messageUuid: 'new', version: 0, memberUuids: ['ana', 'ben'] },
    { type: 'stored', messageUuid: 'edited', version: 3, memberUuids: ['ana', 'ben'] },
  ]);
  expect(counts).toEqual({ StoredAnnounced: 2, StoredLost: 0 });
});

it('announces no message of an hour ago, which the Lambda reads again', async () => {
  expect((await announce([record({ group: 'a' })], { ageS: 3600 })).published).toEqual([]);
});

it('logs and counts what is lost', async () => {
  const { counts, logged } = await announce([record({ group: 'a' })], { isSent: false });
  expect(counts).toEqual({ StoredAnnounced: 0, StoredLost: 1 });
  expect(logged).toHaveBeenCalledWith('stored messages not announced', { lost: 1 });
});
