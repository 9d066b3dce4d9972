import { Logger } from '@aws-lambda-powertools/logger';
import { createVapidKeys } from '@cruddur/config/vapid-keys';
import {
  createMessage,
  createMessageToPerson,
  formatTime,
  type Message,
  parseTime,
  registerDevice,
} from '@cruddur/ddb';
import { v7 } from 'uuid';
import { createPushHandler, type PushHandler } from '../apps/stream-lambda/src/push/create-push-handler.ts';
import { newJob } from '../apps/stream-lambda/src/push/push-job.ts';
import { sendPush } from '../apps/stream-lambda/src/push/send-push.ts';
import { startPushService } from '../tests/support/push-service.ts';
import { createSubscription } from '../tests/support/push-subscription.ts';
import { log, type Table } from './report.ts';
import { type BenchStack, withBenchStack } from './stack.ts';
import { median, spreadOf } from './statistics.ts';

const ROUNDS = 7;
const BATCHES = [1, 10];
const JOBS_PER_ROUND = 50;
const SUBJECT = 'mailto:operators@cruddur.example';
const HEAD = ['jobs in a batch', 'job ÷ push alone', 'ms for a job', 'pushes/s', 'pushes/s alone'];

/** The Lambda that sends pushes, against encrypting and posting the same pushes alone, with a push service on this machine. */
export function benchPush(): Promise<Table[]> {
  return withBenchStack(async (stack) => {
    const service = await startPushService();
    try {
      const keys = createVapidKeys();
      const { store, ben } = stack;
      const device = await addDevice(stack, `${service.origin}/push/ben`, keys.publicKey);
      const sender = { keys, subject: SUBJECT, services: [service.origin] };
      const handle = createPushHandler({
        ...sender,
        table: store,
        queue: { send: () => Promise.reject(new Error('a push was not accepted')) },
        logger: new Logger({ logLevel: 'SILENT' }),
      });
      const payload = JSON.stringify({ text: 'x'.repeat(400), url: `/messages/${v7()}` });
      const alone = () => sendPush(sender, device, { payload, topic: 'x'.repeat(32), urgency: 'high' });
      const rows: string[][] = [];
      for (const size of BATCHES) {
        log(`${size} jobs in a batch`);
        const rounds: { handler: number; alone: number }[] = [];
        for (let round = 0; round <= ROUNDS; round++) {
          const events = eventsOf(await write(stack, JOBS_PER_ROUND), ben.uuid, size);
          const handler = await seconds(async () => {
            for (const event of events) await handleAll(handle, event);
          });
          const floor = await seconds(async () => {
            for (let i = 0; i < JOBS_PER_ROUND; i += size) {
              await Promise.all(Array.from({ length: size }, alone));
            }
          });
          if (round > 0) rounds.push({ handler, alone: floor });
        }
        const rate = (of: 'handler' | 'alone') => median(rounds.map((each) => JOBS_PER_ROUND / each[of])).toFixed(0);
        rows.push([
          String(size),
          spreadOf(rounds, (each) => each.handler / each.alone),
          spreadOf(rounds, (each) => (each.handler / JOBS_PER_ROUND) * 1000),
          rate('handler'),
          rate('alone'),
        ]);
      }
      return [{ head: HEAD, rows }];
    } finally {
      await service.close();
    }
  });
}

async function addDevice({ store, ben }: BenchStack, endpoint: string, publicKey: string) {
  const { keys } = createSubscription(endpoint);
  const options = { userUuid: ben.uuid, endpoint, keys, publicKey, name: 'Firefox', hidesText: false };
  await registerDevice(store, options);
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth, public_key: publicKey } as Parameters<typeof sendPush>[1];
}

async function write({ store, ana, ben }: BenchStack, count: number): Promise<Message[]> {
  const text = 'x'.repeat(400);
  const first = await createMessageToPerson(store, ben, { uuid: v7(), sender: ana, text });
  const messages = [first];
  while (messages.length < count) {
    messages.push(await createMessage(store, first.messageGroupUuid, { uuid: v7(), sender: ana, text }));
  }
  return messages;
}

/** Events of SQS with a job for each message. */
function eventsOf(messages: Message[], recipientUuid: string, size: number): Parameters<PushHandler>[0][] {
  const records = messages.map(({ messageGroupUuid, uuid: messageUuid, userUuid: senderUuid, createdAt }) => {
    const at = parseTime(createdAt);
    if (at === undefined) throw new Error(`${createdAt} is no time`);
    const address = { messageGroupUuid, messageUuid, sk: formatTime(at) };
    const job = newJob({ kind: 'message', ...address, senderUuid, recipientUuid });
    return { messageId: messageUuid, body: JSON.stringify(job), attributes: { ApproximateReceiveCount: '1' } };
  });
  const count = Math.ceil(records.length / size);
  return Array.from({ length: count }, (_, i) => ({
    Records: records.slice(i * size, (i + 1) * size),
  })) as Parameters<PushHandler>[0][];
}

async function handleAll(handle: PushHandler, event: Parameters<PushHandler>[0]): Promise<void> {
  const { batchItemFailures } = await handle(event);
  if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} jobs failed`);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
