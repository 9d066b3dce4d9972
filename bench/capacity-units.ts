import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import {
  type CapacityUse,
  createMessage,
  createMessageStore,
  createMessageToPerson,
  EPOCH,
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
import { createHandler } from '../apps/stream-lambda/src/create-handler.ts';
import { firstAttemptId } from '../tests/support/first-attempt-id.ts';
import { eventOf, lambdaContext, recordOf } from '../tests/support/stream.ts';
import type { Table } from './report.ts';
import { withBenchStack } from './stack.ts';

export const TEXTS = {
  '400 bytes': 'x'.repeat(400),
  '1,024 characters': 'x'.repeat(1024),
  '1,024 emoji': '🏮'.repeat(1024),
};
const BURST = 20;
const PAGE = { messages: 50, groups: 20 };

/** Capacity units of each access pattern, by the length of the messages. Tests check the same figures. */
export function benchCapacityUnits(): Promise<Table[]> {
  return withBenchStack(async ({ table }) => {
    const columns: Record<string, number>[] = [];
    for (const text of Object.values(TEXTS)) columns.push(await measureCapacityUnits(table, text));
    const rows = Object.keys(columns[0] ?? {}).map((what) => [what, ...columns.map((units) => String(units[what]))]);
    return [{ head: ['units', ...Object.keys(TEXTS)], rows }];
  });
}

/** The capacity units of each access pattern, for messages with a text. Exact: DynamoDB charges by size. */
export async function measureCapacityUnits(table: TableRef, text: string): Promise<Record<string, number>> {
  const uses: CapacityUse[] = [];
  const client = meterClient(table.client, (use) => uses.push(use));
  const store = createMessageStore({ client, tableName: table.tableName, cursorSecret: randomUUID() });
  const ana = person('ana');
  const units = async (kind: CapacityUse['kind'], run: () => Promise<unknown>) => {
    uses.length = 0;
    await run();
    return uses.reduce((sum, use) => sum + (use.kind === kind ? use.units : 0), 0);
  };
  const handler = createHandler({ table: store, logger: new Logger({ logLevel: 'SILENT' }) });
  const move = (sent: Message[]) =>
    handler(eventOf(sent.map((message) => recordOf(itemOf(message, ana)))), lambdaContext);

  let first: Message | undefined;
  const opening = await units('write', async () => {
    first = await startGroup(store, { ana, text });
  });
  const group = first?.messageGroupUuid ?? '';
  const send = () => createMessage(store, group, { uuid: firstAttemptId(), sender: ana, text });
  const written = await units('write', send);
  const [one, other] = [await send(), await send()];
  const moved = await units('write', () => move([one]));
  const movedReads = await units('read', () => move([other]));
  const burst = await units('write', async () => {
    const messages: Message[] = [];
    // In sequence, as in the stream.
    for (let i = 0; i < BURST; i++) messages.push(await send());
    await move(messages);
  });
  await times(PAGE.messages, send);
  await times(PAGE.groups, async () => readUpTo(store, await startGroup(store, { ana, text }), ana));
  const newest = await send();
  const marker = await units('write', () => readUpTo(store, newest, ana));
  await move([newest]);
  await readUpTo(store, newest, ana);
  const thread = { messageGroupUuid: group, callerUuid: ana.uuid, limit: PAGE.messages };
  const list = { userUuid: ana.uuid, limit: PAGE.groups };
  return {
    'the first message to a person: message, members, both rows (write)': opening,
    'a single message, when sent (write)': written,
    'the same, when both rows move (write)': moved,
    'the same (read)': movedReads,
    [`a message in a batch of ${BURST}, sent and moved (write)`]: burst / BURST,
    [`a page of ${PAGE.messages} messages (read)`]: await units('read', () => listMessages(store, thread)),
    [`a page of ${PAGE.groups} groups, all read (read)`]: await units('read', () => listMessageGroups(store, list)),
    'a read marker that moves (write)': marker,
  };
}

function startGroup(store: MessageStore, { ana, text }: { ana: Person; text: string }): Promise<Message> {
  return createMessageToPerson(store, person('ben'), { uuid: firstAttemptId(), sender: ana, text });
}

function readUpTo(store: MessageStore, { messageGroupUuid, createdAt }: Message, { uuid: userUuid }: Person) {
  return markRead(store, { messageGroupUuid, userUuid, at: parseTime(createdAt) ?? EPOCH });
}

function itemOf({ messageGroupUuid, createdAt, uuid, message: text }: Message, sender: Person) {
  return messageItem(messageGroupUuid, parseTime(createdAt) ?? EPOCH, sender, { uuid, text });
}

const times = (count: number, run: () => Promise<unknown>) => Promise.all(Array.from({ length: count }, run));

const person = (handle: string): Person => ({ uuid: randomUUID(), handle, displayName: `Person ${handle}` });
