import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { formatPushPayload } from '@cruddur/config/push-payload';
import {
  claimNotification,
  type DeviceItem,
  findNotified,
  forgetNotified,
  isAbandoned,
  isoOf,
  markNotified,
  queryDevices,
  removeDevice,
  type TableRef,
  type WithClock,
} from '@cruddur/ddb';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { JobQueue } from './job-queue.ts';
import { type PushJob, parsePushJob } from './push-job.ts';
import { entryOf, retryOf } from './push-retry.ts';
import { type Push, type PushOutcome, type PushSender, sendPush } from './send-push.ts';

export interface PushHandlerDeps extends PushSender {
  table: TableRef & WithClock;
  /** For attempts that must be repeated later. */
  queue: JobQueue;
  logger: Logger;
  metrics?: Metrics;
}

export type PushHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

/** What became of the pushes of a batch, by the names of metrics. */
type Count = (name: 'PushesSent' | 'PushesDeferred' | 'PushesGivenUp' | 'PushesRefused' | 'DevicesRemoved') => void;

/**
 * Creates the handler that sends pushes. Whether a person is notified, and what is shown, is decided and read here, when it is sent. A
 * device whose push service is busy gets a separate job, so that it delays no other. Jobs that fail for another reason are reported:
 * the queue repeats them, and keeps those that fail again and again.
 */
export function createPushHandler(deps: PushHandlerDeps): PushHandler {
  const { logger, metrics } = deps;
  return async ({ Records: records }) => {
    const counts = new Map<string, number>();
    const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
    const failed = await Promise.all(records.map((record) => handleRecord(deps, record, count)));
    const batchItemFailures = failed.flat();
    const counted = {
      JobsReceived: records.length,
      JobsFailed: batchItemFailures.length,
      ...Object.fromEntries(counts),
    };
    logger.info('batch', counted);
    for (const [name, value] of Object.entries(counted)) metrics?.addMetric(name, MetricUnit.Count, value);
    metrics?.publishStoredMetrics();
    return { batchItemFailures };
  };
}

async function handleRecord(deps: PushHandlerDeps, { messageId, body, attributes }: SQSRecord, count: Count) {
  try {
    const job = parsePushJob(body);
    // The stream queues a job again when it repeats a batch: that one has not been received before, and must not ring again.
    const isRepeated = job.deviceUuid !== undefined || Number(attributes.ApproximateReceiveCount) > 1;
    await runJob(deps, job, { isRepeated, count });
    return [];
  } catch (error) {
    deps.logger.error('job failed', { error: error as Error, messageId });
    return [{ itemIdentifier: messageId }];
  }
}

interface JobRun {
  isRepeated: boolean;
  count: Count;
}

async function runJob(deps: PushHandlerDeps, job: PushJob, { isRepeated, count }: JobRun): Promise<void> {
  const { table, queue } = deps;
  const now = Date.now();
  if (job.notBefore > now) return queue.send([entryOf(job, now)]);
  const all = await queryDevices(table, job.recipientUuid);
  const wanted = job.deviceUuid === undefined ? all : all.filter(({ sk }) => sk === job.deviceUuid);
  const devices = job.kind === 'close' ? wanted.filter(mayReceiveCloses) : wanted;
  if (devices.length === 0 && job.kind === 'message') return;
  const pushOf = job.kind === 'message' ? await messagePush(table, job, isRepeated) : await closePush(table, job);
  if (!pushOf) return;
  const outcomes = await Promise.all(
    devices.map(
      async (device): Promise<PushOutcome> =>
        isAbandoned(device, table.clock()) ? { kind: 'gone' } : sendPush(deps, device, pushOf(device)),
    ),
  );
  const retries: PushJob[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const device = devices[index] as DeviceItem;
    const retry = await settle(deps, job, { device, outcome, count });
    if (retry) retries.push(retry);
  }
  if (retries.length > 0) await queue.send(retries.map((retry) => entryOf(retry, Date.now())));
  // Last: if it fails, the job is repeated.
  if (job.kind === 'close' && job.deviceUuid === undefined) await forgetNotified(table, addressOf(job));
}

/** Safari ends the subscription of a browser that has shown nothing for three pushes: a notification there is closed by its page. */
const mayReceiveCloses = ({ endpoint }: DeviceItem) => !new URL(endpoint).hostname.endsWith('.push.apple.com');

const topicOf = ({ messageGroupUuid }: PushJob) => messageGroupUuid.replaceAll('-', '');
const addressOf = (job: PushJob & { kind: 'close' }) => ({ ...job, userUuid: job.recipientUuid });

type PushOf = (device: DeviceItem) => Push;

async function messagePush(
  table: TableRef & WithClock,
  job: PushJob & { kind: 'message' },
  isRepeated: boolean,
): Promise<PushOf | undefined> {
  const notification = await claimNotification(table, { ...job, isRepeated });
  if (!notification) return undefined;
  const { messageGroupUuid, messageUuid } = job;
  return ({ hides_text: hidesText }) => ({
    payload: formatPushPayload({
      kind: 'message',
      messageGroupUuid,
      messageUuid,
      ...notification,
      text: hidesText ? null : notification.text,
    }),
    topic: topicOf(job),
    urgency: 'high',
  });
}

/** Only if the devices show the notification. One that shows a later message stays, and replaces it where it could not be closed. */
async function closePush(table: TableRef, job: PushJob & { kind: 'close' }): Promise<PushOf | undefined> {
  const { messageGroupUuid, through } = job;
  const notified = await findNotified(table, addressOf(job));
  const isRepeated = job.deviceUuid !== undefined && notified === undefined;
  if (notified !== through && !isRepeated) return undefined;
  const payload = formatPushPayload({ kind: 'close', messageGroupUuid, through: isoOf(through) });
  return () => ({ payload, topic: topicOf(job), urgency: 'low' });
}

/** @returns a job for the device, if the push must be repeated */
async function settle(
  { table, logger }: PushHandlerDeps,
  job: PushJob,
  { device, outcome, count }: { device: DeviceItem; outcome: PushOutcome; count: Count },
): Promise<PushJob | undefined> {
  const { sk: deviceUuid } = device;
  // A job that is repeated pushes again.
  const update = (writing: Promise<void>) =>
    writing.catch((error: unknown) => logger.warn('device not updated', { error: error as Error, deviceUuid }));
  switch (outcome.kind) {
    case 'sent':
      count('PushesSent');
      if (job.kind === 'message') await update(markNotified(table, device));
      return undefined;
    case 'gone':
      count('DevicesRemoved');
      await update(removeDevice(table, job.recipientUuid, deviceUuid));
      return undefined;
    case 'refused':
      count('PushesRefused');
      logger.error('push refused', { why: outcome.why, deviceUuid });
      return undefined;
    case 'deferred': {
      const retry = retryOf(job, { deviceUuid, waitMs: outcome.waitMs, now: Date.now() });
      count(retry ? 'PushesDeferred' : 'PushesGivenUp');
      if (!retry) logger.warn('push given up', { why: outcome.why, deviceUuid, attempts: job.attempts + 1 });
      return retry;
    }
  }
}
