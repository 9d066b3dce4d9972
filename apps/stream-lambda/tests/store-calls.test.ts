import { Logger } from '@aws-lambda-powertools/logger';
import {
  createMessage,
  createMessageToPerson,
  keys,
  type MessageItem,
  type MessageStore,
  type Person,
  traceCalls,
} from '@cruddur/ddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { injectFaults } from '../../../tests/support/faults.ts';
import { createTestStore, draft, itemsOf, person } from '../../../tests/support/messages.ts';
import { eventOf, lambdaContext, recordOf } from '../../../tests/support/stream.ts';
import { createHandler } from '../src/create-handler.ts';

let store: MessageStore;
/** The last batch's calls per operation, and the most that ran at the same time. */
let calls: Record<string, number> = {};
let atOnce = 0;
let ana: Person;

beforeEach(async () => {
  store = await createTestStore();
  ana = person();
  let underWay = 0;
  store.client.middlewareStack.add(
    (next) => async (args) => {
      atOnce = Math.max(atOnce, ++underWay);
      return next(args).finally(() => underWay--);
    },
    { step: 'initialize' },
  );
  traceCalls(store.client, ({ operation }) => {
    calls[operation] = (calls[operation] ?? 0) + 1;
  });
});

const newHandler = () => createHandler({ table: store, logger: new Logger({ logLevel: 'SILENT' }) });

async function handle(items: MessageItem[], handler = newHandler()): Promise<typeof calls> {
  [calls, atOnce] = [{}, 0];
  expect(await handler(eventOf(items.map((item) => recordOf(item))), lambdaContext)).toEqual({ batchItemFailures: [] });
  return { ...calls };
}

/** New messages in a new group, of which the handler has had the first. */
async function write(count: number): Promise<MessageItem[]> {
  const sender = ana;
  const { messageGroupUuid } = await createMessageToPerson(store, person(), draft({ sender }));
  for (let i = 0; i < count; i++) await createMessage(store, messageGroupUuid, draft({ sender }));
  return (await itemsOf(store, keys.messages(messageGroupUuid))).slice(-count);
}

const LONE = { Query: 3, BatchGetItem: 1, PutItem: 2, DeleteItem: 2 };

describe('the calls of a batch', () => {
  it('are eight for a single message: two reads, the read markers, two puts, two deletes and a query of the thread', async () => {
    expect(await handle(await write(1))).toEqual(LONE);
    expect(atOnce).toBe(3);
  });

  it('are one more for several messages of a group, however many: both lists are read instead of the thread', async () => {
    for (const count of [2, 12]) expect(await handle(await write(count))).toEqual({ ...LONE, Query: 4 });
  });

  it('are as many for each group of a batch; ten groups move in parallel', async () => {
    const items: MessageItem[] = [];
    for (let i = 0; i < 12; i++) items.push(...(await write(1)));
    expect(await handle(items)).toEqual({ Query: 36, BatchGetItem: 12, PutItem: 24, DeleteItem: 24 });
    expect(atOnce).toBeGreaterThan(10);
    expect(atOnce).toBeLessThanOrEqual(30);
  });

  it('are seven for each group and one for the markers of all, once their members are known', async () => {
    const handler = newHandler();
    const groups = [await write(2), await write(2), await write(2)];
    await handle(
      groups.flatMap((items) => items.slice(0, 1)),
      handler,
    );
    const second = groups.flatMap((items) => items.slice(1));
    expect(await handle(second, handler)).toEqual({ Query: 9, BatchGetItem: 1, PutItem: 6, DeleteItem: 6 });
  });

  it('are two reads for the first message of a group, whose rows were created with it', async () => {
    const { messageGroupUuid } = await createMessageToPerson(store, person(), draft({ sender: ana }));
    expect(await handle(await itemsOf(store, keys.messages(messageGroupUuid)))).toEqual({ Query: 2 });
  });

  it('write nothing for a repeated event: the rows are read by key and from the lists, and counted again', async () => {
    const items = await write(1);
    await handle(items);
    expect(await handle(items)).toEqual({ Query: 8, GetItem: 1, BatchGetItem: 3 });
  });

  it('read both lists if the thread has a newer message', async () => {
    const [first] = await write(2);
    expect(await handle(first ? [first] : [])).toEqual({ ...LONE, Query: 5 });
  });

  it('are two more if the index lags: the members, and their rows by key', async () => {
    const faults = injectFaults(store.client);
    const items = await write(1);
    faults.indexLags = true;
    expect(await handle(items)).toEqual({ ...LONE, GetItem: 1, BatchGetItem: 2 });
  });
});
