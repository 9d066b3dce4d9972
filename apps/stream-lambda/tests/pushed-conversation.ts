import { Logger } from '@aws-lambda-powertools/logger';
import { createVapidKeys } from '@cruddur/config/vapid-keys';
import {
  createMessage,
  createMessageToPerson,
  deleteMessage,
  type Message,
  type Micros,
  markRead,
  micros,
  type NewGroupOptions,
  type Person,
  registerDevice,
} from '@cruddur/ddb';
import type { SQSBatchResponse } from 'aws-lambda';
import { inject } from 'vitest';
import '../../../tests/support/provided-context.ts';
import { createTestStore, draft, person } from '../../../tests/support/messages.ts';
import { type PushReceiver, subscribeAt } from '../../../tests/support/push-service.ts';
import { eventOf, lambdaContext } from '../../../tests/support/stream.ts';
import { openTableStream } from '../../../tests/support/table-stream.ts';
import { createHandler } from '../src/create-handler.ts';
import { createPushHandler, type PushHandler, type PushHandlerDeps } from '../src/push/create-push-handler.ts';
import type { JobEntry } from '../src/push/job-queue.ts';
import type { PushJob } from '../src/push/push-job.ts';

export const VAPID_KEYS = createVapidKeys();

let records = 0;

/** Calls a push handler with jobs, as SQS does; `received` is how often it has delivered them. */
export async function deliver(
  handler: PushHandler,
  entries: readonly Pick<JobEntry, 'body'>[],
  received = 1,
): Promise<SQSBatchResponse> {
  const attributes = { ApproximateReceiveCount: String(received) };
  const Records = entries.map(({ body }) => ({ messageId: `record ${++records}`, body, attributes }));
  return handler({ Records } as Parameters<PushHandler>[0]);
}

/** The jobs of entries. */
export const jobsOf = (entries: readonly JobEntry[]): PushJob[] => entries.map(({ body }) => JSON.parse(body));

/** Two people on a new table, whose stream is read by the Lambda that moves rows; its queue is an array, which `pushAll` empties. */
export async function startConversation(service: { origin: string }, overrides: Partial<PushHandlerDeps> = {}) {
  const store = await createTestStore();
  const readStream = await openTableStream(store, inject('dynamodbEndpoint'));
  const [ana, ben] = [person(), person()];
  const queued: JobEntry[] = [];
  const queue = { send: async (entries: readonly JobEntry[]) => void queued.push(...entries) };
  const logger = new Logger({ logLevel: 'SILENT' });
  const moveRows = createHandler({ table: store, queue, logger });
  const createSender = (changes: Partial<PushHandlerDeps> = {}) =>
    createPushHandler({
      table: store,
      queue,
      keys: VAPID_KEYS,
      subject: 'mailto:operators@cruddur.example',
      services: [service.origin],
      logger,
      ...overrides,
      ...changes,
    });
  const sendPushes = createSender();
  let group: string | undefined;

  /** The Lambda that moves rows handles what was written since the last call. */
  async function catchUp(): Promise<void> {
    const event = eventOf(await readStream());
    const { batchItemFailures } = await moveRows(event, lambdaContext);
    if (batchItemFailures.length > 0) throw new Error('rows were not moved');
  }

  return {
    store,
    ana,
    ben,
    queue,
    queued,
    catchUp,
    createSender,
    sendPushes,
    groupUuid: () => group ?? '',
    /** Adds a device of a person at the push service. */
    async addDevice(
      { uuid: userUuid }: Person,
      options: { hidesText?: boolean; publicKey?: string; endpoint?: string; clock?: () => Micros } = {},
    ): Promise<PushReceiver> {
      const receiver = subscribeAt(service.origin);
      const { keys } = receiver;
      const { hidesText = false, publicKey = VAPID_KEYS.publicKey, endpoint = receiver.endpoint, clock } = options;
      await registerDevice(clock ? { ...store, clock } : store, {
        userUuid,
        endpoint,
        keys,
        publicKey,
        name: 'Firefox',
        hidesText,
      });
      return receiver;
    },
    /** Sends a message from Ana to Ben, or back. */
    async send(
      text: string,
      { sender = ana, ...options }: { sender?: Person } & NewGroupOptions = {},
    ): Promise<Message> {
      const message = draft({ sender, text });
      const sent = group
        ? await createMessage(store, group, message)
        : await createMessageToPerson(store, sender === ana ? ben : ana, message, options);
      group = sent.messageGroupUuid;
      return sent;
    },
    read: (message: Message, { uuid: userUuid }: Person = ben) =>
      markRead(store, { messageGroupUuid: message.messageGroupUuid, userUuid, at: timeOf(message) }),
    delete: (message: Message) =>
      deleteMessage(store, {
        messageGroupUuid: message.messageGroupUuid,
        messageUuid: message.uuid,
        at: timeOf(message),
        userUuid: message.userUuid,
        memberUuids: [ana.uuid, ben.uuid],
      }),
    /** What is queued is handled, and what that queues, too, but for what waits. */
    async pushAll(): Promise<void> {
      await catchUp();
      for (let i = 0; i < queued.length; ) {
        const [entry] = queued[i]?.delaySeconds === 0 ? queued.splice(i, 1) : [];
        if (!entry) i++;
        else if ((await deliver(sendPushes, [entry])).batchItemFailures.length > 0) throw new Error('a job failed');
      }
    },
    /** The jobs that wait for another attempt, without their delay. */
    takeWaiting: (): JobEntry[] =>
      queued
        .splice(0)
        .map(({ body }) => ({ body: JSON.stringify({ ...JSON.parse(body), notBefore: 0 }), delaySeconds: 0 })),
  };
}

export const timeOf = ({ createdAt }: Pick<Message, 'createdAt'>) =>
  micros(Date.parse(`${createdAt.slice(0, 19)}Z`) * 1000 + Number(createdAt.slice(20, 26)));
