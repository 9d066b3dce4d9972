import type { Logger } from '@aws-lambda-powertools/logger';
import { formatTime, hasDevices, type ReportedMessage, type TableRef } from '@cruddur/ddb';
import pMap from 'p-map';
import type { FoldedGroup } from '../fold-records.ts';
import type { JobQueue } from './job-queue.ts';
import { newJob, type PushJob } from './push-job.ts';

/** A group whose rows show what a batch reports of it. */
export interface ShownGroup {
  group: FoldedGroup;
  memberUuids: readonly string[];
}

interface QueueDeps {
  table: TableRef;
  queue: JobQueue;
  logger: Logger;
}

/** Recipients whose devices are looked up in parallel. */
const CONCURRENCY = 10;

/**
 * Queues a job for the newest message of each sender in each group, and for each deleted message, if the recipient has devices that
 * receive pushes; and those that close what was read. One call of half a read unit for each recipient.
 *
 * Never rejects: the rows are moved, and a stream that waits for the queue would hold up all lists of its shard. What cannot be
 * queued is logged and counted, and its messages stay unread in the list (docs/decisions/0029).
 *
 * @returns what became of them, by the names of metrics
 */
export async function queueNotifications(
  { table, queue, logger }: QueueDeps,
  shown: readonly ShownGroup[],
  closes: readonly PushJob[],
): Promise<Record<string, number>> {
  const jobs = shown.flatMap(jobsOf);
  const counts = (NotificationsQueued: number, NotificationsLost: number) => ({
    NotificationsQueued,
    NotificationsLost,
  });
  if (jobs.length + closes.length === 0) return counts(0, 0);
  try {
    const recipients = [...new Set(jobs.map(({ recipientUuid }) => recipientUuid))];
    const answers = await pMap(recipients, (uuid) => hasDevices(table, uuid), { concurrency: CONCURRENCY });
    const wanted = [...jobs.filter(({ recipientUuid }) => answers[recipients.indexOf(recipientUuid)]), ...closes];
    if (wanted.length > 0) await queue.send(wanted.map((job) => ({ body: JSON.stringify(job), delaySeconds: 0 })));
    return counts(wanted.length, 0);
  } catch (error) {
    logger.error('notifications lost', { error: error as Error, jobs: jobs.length + closes.length });
    return counts(0, jobs.length + closes.length);
  }
}

function jobsOf({ group, memberUuids }: ShownGroup): PushJob[] {
  const { messageGroupUuid, newestOf, deleted } = group;
  const recipientOf = ({ sender }: ReportedMessage) => memberUuids.find((uuid) => uuid !== sender.uuid);
  const jobs: PushJob[] = [];
  for (const message of newestOf.values()) {
    const { uuid: messageUuid, sk, sender } = message;
    const recipientUuid = recipientOf(message);
    if (recipientUuid === undefined) continue;
    const { uuid: senderUuid } = sender;
    jobs.push(newJob({ kind: 'message', messageGroupUuid, messageUuid, sk, senderUuid, recipientUuid }));
  }
  for (const message of deleted) {
    const recipientUuid = recipientOf(message);
    if (recipientUuid === undefined) continue;
    jobs.push(newJob({ kind: 'close', messageGroupUuid, recipientUuid, through: formatTime(message.at) }));
  }
  return jobs;
}
