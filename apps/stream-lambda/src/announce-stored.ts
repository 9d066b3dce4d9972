import type { Logger } from '@aws-lambda-powertools/logger';
import { type MessageStored, STORED_MAX_AGE_MS } from '@cruddur/bus';
import type { DynamoDBRecord } from 'aws-lambda';
import type { ShownGroup } from './push/queue-notifications.ts';

/** Publishes a stored message to the server instances. Resolves to whether it was sent. Never rejects. */
export type PublishStored = (event: MessageStored) => Promise<boolean>;

/**
 * Publishes the new, edited and deleted messages of a batch, all at once: a server that ended between its write and its
 * publication has not. Call it once the rows are moved, which show a stream what it missed.
 *
 * Never rejects, and takes at most a second per partition of the bus. What is lost is logged and counted, and a gap follows
 * when Redis is back.
 *
 * @returns what became of them, by the names of metrics
 */
export async function announceStored(
  { publish, logger, now = Date.now }: { publish: PublishStored; logger: Logger; now?: () => number },
  shown: readonly ShownGroup[],
): Promise<Record<string, number>> {
  const isRecent = ({ dynamodb }: DynamoDBRecord) =>
    // In seconds.
    now() - (dynamodb?.ApproximateCreationDateTime ?? 0) * 1000 < STORED_MAX_AGE_MS;
  const events = shown.flatMap(({ group, memberUuids }) =>
    group.records.filter(({ record }) => isRecent(record)).map(({ record }) => toStored(record, memberUuids)),
  );
  const sent = await Promise.all(events.map(publish));
  const lost = sent.filter((isSent) => !isSent).length;
  if (lost > 0) logger.error('stored messages not announced', { lost });
  return { StoredAnnounced: sent.length - lost, StoredLost: lost };
}

/** The record was read before: its image is a message. */
function toStored({ dynamodb }: DynamoDBRecord, memberUuids: readonly string[]): MessageStored {
  const { message_uuid: uuid, version } = dynamodb?.NewImage ?? {};
  return { type: 'stored', messageUuid: uuid?.S ?? '', version: Number(version?.N ?? 0), memberUuids };
}
