import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import {
  type CapacityUse,
  createMessage,
  createMessageStore,
  createMessageToPerson,
  listMessageGroups,
  listMessages,
  type Message,
  type MessageStore,
  markRead,
  messageItem,
  meterClient,
  type Person,
  parseTime,
  type TableRef,
} from '@cruddur/ddb';
import { v7 } from 'uuid';
import { createHandler } from '../apps/stream-lambda/src/create-handler.ts';
import { eventOf, lambdaContext, recordOf } from '../tests/support/stream.ts';

/** What messages are measured with: their text. */
export const TEXTS = {
  '400 bytes': 'x'.repeat(400),
  '1,024 characters': 'x'.repeat(1024),
  '1,024 emoji': '🏮'.repeat(1024),
};
const BURST = 20;
const PAGE = { messages: 50, groups: 20 };

/** Units of one thing that is done. */
export type CapacityTable = Record<string, number>;

/** What each pattern costs in capacity units, where every message has the given text. Exact: DynamoDB charges by size. */
export async function measureCapacity(table: TableRef, text: string): Promise<CapacityTable> {
  const uses: CapacityUse[] = [];
  const client = meterClient(table.client, (use) => uses.push(use));
  const store = createMessageStore({ client, tableName: table.tableName, cursorSecret: randomUUID() });
  const handler = createHandler({ table: store, logger: new Logger({ logLevel: 'SILENT' }) });
  const ana = person('ana');
  const units = async (kind: CapacityUse['kind'], run: () => Promise<unknown>) => {
    uses.length = 0;
    await run();
    return uses.reduce((sum, use) => sum + (use.kind === kind ? use.units : 0), 0);
  };
  const send = (group: string) => createMessage(store, group, { uuid: v7(), sender: ana, text });
  const move = (sent: Message[]) =>
    handler(eventOf(sent.map((message) => recordOf(itemOf(message, ana)))), lambdaContext);

  let first: Message | undefined;
  const opening = await units('write', async () => {
    first = await startGroup(store, { ana, text });
  });
  const group = first?.messageGroupUuid ?? '';
  let sent: Message[] = [];
  const written = await units('write', async () => {
    sent = [await send(group)];
  });
  const moved = await units('write', () => move(sent));
  sent = [await send(group)];
  const movedReads = await units('read', () => move(sent));
  const burst = await units('write', async () => {
    const messages: Message[] = [];
    // One after the other, as the stream has them.
    for (let i = 0; i < BURST; i++) messages.push(await send(group));
    await move(messages);
  });
  await times(PAGE.messages, () => send(group));
  await times(PAGE.groups, async () => readUpTo(store, await startGroup(store, { ana, text }), ana));
  const newest = await send(group);
  const marker = await units('write', () => readUpTo(store, newest, ana));
  await move([newest]);
  await readUpTo(store, newest, ana);
  const thread = { messageGroupUuid: group, callerUuid: ana.uuid, limit: PAGE.messages };
  return {
    'the first message to a person: message, members, both rows (write)': opening,
    'a lone message, as it is sent (write)': written,
    'the same, as both rows move (write)': moved,
    'the same (read)': movedReads,
    [`a message of ${BURST} that come as one batch, sent and moved (write)`]: burst / BURST,
    [`a page of ${PAGE.messages} messages (read)`]: await units('read', () => listMessages(store, thread)),
    [`a page of ${PAGE.groups} groups, all of them read (read)`]: await units('read', () =>
      listMessageGroups(store, { userUuid: ana.uuid, limit: PAGE.groups }),
    ),
    'a read marker that moves (write)': marker,
  };
}

function startGroup(store: MessageStore, { ana, text }: { ana: Person; text: string }): Promise<Message> {
  return createMessageToPerson(store, person('ben'), { uuid: v7(), sender: ana, text });
}

function readUpTo(store: MessageStore, { messageGroupUuid, createdAt }: Message, { uuid: userUuid }: Person) {
  return markRead(store, { messageGroupUuid, userUuid, at: parseTime(createdAt) ?? 0 });
}

function itemOf({ messageGroupUuid, createdAt, uuid, message: text }: Message, sender: Person) {
  return messageItem(messageGroupUuid, parseTime(createdAt) ?? 0, sender, { uuid, text });
}

const times = (count: number, run: () => Promise<unknown>) => Promise.all(Array.from({ length: count }, run));

const person = (handle: string): Person => ({ uuid: randomUUID(), handle, displayName: `Person ${handle}` });
