import type { Logger } from '@aws-lambda-powertools/logger';
import {
  createMessageToPerson,
  keys,
  listMessageGroups,
  type MessageItem,
  type Person,
  registerDevice,
} from '@cruddur/ddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestStore, draft, itemsOf, person } from '../../../tests/support/messages.ts';
import { createSubscription } from '../../../tests/support/push-subscription.ts';
import { eventOf, lambdaContext, recordOf } from '../../../tests/support/stream.ts';
import { createHandler } from '../src/create-handler.ts';
import type { JobEntry } from '../src/push/job-queue.ts';

let store: Awaited<ReturnType<typeof createTestStore>>;
let ana: Person;
let ben: Person;
let items: MessageItem[];
const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };

beforeEach(async () => {
  store = await createTestStore();
  [ana, ben] = [person(), person()];
  const { messageGroupUuid } = await createMessageToPerson(store, ben, draft({ sender: ana, text: 'A secret' }));
  items = await itemsOf(store, keys.messages(messageGroupUuid));
  vi.clearAllMocks();
});

const addDevice = ({ uuid: userUuid }: Person) => {
  const { endpoint, keys: secrets } = createSubscription();
  return registerDevice(store, {
    userUuid,
    endpoint,
    keys: secrets,
    publicKey: 'B',
    name: 'Firefox',
    hidesText: false,
  });
};

/** The calls and units of a batch with the message. */
async function handle(queue: { send(entries: readonly JobEntry[]): Promise<void> } | undefined) {
  const handler = createHandler({ table: store, queue, logger: logger as unknown as Logger });
  store.uses.length = 0;
  const result = await handler(eventOf(items.map((item) => recordOf(item))), lambdaContext);
  expect(result).toEqual({ batchItemFailures: [] });
  return store.uses.map(({ operation, units }) => ({ operation, units }));
}

const counted = () => logger.info.mock.calls.at(-1)?.[1];

describe('the notification of a message', () => {
  it('costs one call for a recipient without devices, and no job', async () => {
    const without = await handle(undefined);
    const sent: JobEntry[] = [];
    const uses = await handle({ send: async (entries) => void sent.push(...entries) });
    expect(uses.length - without.length).toBe(1);
    // Half a unit of AWS. DynamoDB Local counts nothing for what does not exist.
    expect(uses.at(-1)).toEqual({ operation: 'Query', units: 0 });
    expect(sent).toEqual([]);
    expect(counted()).toMatchObject({ NotificationsQueued: 0, NotificationsLost: 0 });
  });

  it('is queued after the rows have been moved', async () => {
    await addDevice(ben);
    const listed: string[] = [];
    const send = async () => {
      const { items: groups } = await listMessageGroups(store, { userUuid: ben.uuid, limit: 10 });
      listed.push(...groups.map(({ message }) => message));
    };
    await handle({ send });
    expect(listed).toEqual(['A secret']);
    expect(counted()).toMatchObject({ NotificationsQueued: 1, NotificationsLost: 0 });
  });

  it('is lost, logged and counted if the queue is away: the rows are moved, and nothing is repeated', async () => {
    await addDevice(ben);
    await handle({ send: () => Promise.reject(new Error('the queue is away')) });
    expect(logger.error).toHaveBeenCalledWith('notifications lost', { error: expect.any(Error), jobs: 1 });
    expect(JSON.stringify(logger.error.mock.calls)).not.toContain('A secret');
    expect(counted()).toMatchObject({ RecordsFailed: 0, NotificationsQueued: 0, NotificationsLost: 1 });
    const { items: groups } = await listMessageGroups(store, { userUuid: ben.uuid, limit: 10 });
    expect(groups).toMatchObject([{ message: 'A secret' }]);
  });
});

describe('the read marker of a person who was notified', () => {
  const AT = '2026-11-20T08:15:30.123456+00:00';
  const LATER = '2026-11-20T08:15:30.123457+00:00';
  const EARLIER = '2026-11-20T08:15:30.123455+00:00';
  const queuedOf = async (attributes: object, eventName: 'MODIFY' | 'REMOVE' = 'MODIFY') => {
    const sent: JobEntry[] = [];
    const queue = { send: async (entries: readonly JobEntry[]) => void sent.push(...entries) };
    const handler = createHandler({ table: store, queue, logger: logger as unknown as Logger });
    const marker = { ...keys.readMarker(ben.uuid, 'group'), ...attributes };
    await handler(eventOf([recordOf(marker, eventName)]), lambdaContext);
    return sent.map(({ body }) => JSON.parse(body));
  };
  const close = { kind: 'close', messageGroupUuid: 'group', through: AT };

  it.each([
    ['has read the message', { notified_through: AT, read_up_to: AT }],
    ['has read a later one', { notified_through: AT, read_up_to: LATER }],
    ['has cleared it', { notified_through: AT, read_up_to: EARLIER, cleared_through: AT }],
  ])('queues its close if the person %s', async (_, attributes) => {
    expect(await queuedOf(attributes)).toMatchObject([{ ...close, recipientUuid: ben.uuid }]);
  });

  it.each([
    ['has read less', { notified_through: AT, read_up_to: EARLIER }],
    ['has read nothing', { notified_through: AT }],
    ['was not notified', { read_up_to: LATER }],
  ])('queues nothing if the person %s', async (_, attributes) => {
    expect(await queuedOf(attributes)).toEqual([]);
  });

  it('queues nothing if it is removed', async () => {
    expect(await queuedOf({ notified_through: AT, read_up_to: AT }, 'REMOVE')).toEqual([]);
  });
});
