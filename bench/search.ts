import { randomUUID } from 'node:crypto';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { parseSearchQuery } from '@cruddur/config';
import { createDatabase, type DatabaseHandle, indexMessages, searchMessages } from '@cruddur/db';
import { addMicros, formatTime, type Micros, membersItem, messageItem, micros, type Person } from '@cruddur/ddb';
import { callProcedure } from './calls.ts';
import { log, type Table } from './report.ts';
import { benchIndexLag } from './search-lag.ts';
import { type BenchPerson, type BenchStack, withBenchStack } from './stack.ts';
import { median, quantile } from './statistics.ts';

const PEOPLE = 10_000;
/** Of each person that searches. */
const OWN_MESSAGES = 10_000;
const CONVERSATIONS = 50;
/** The messages of the person that searches are spread over those of all others. */
const SLICES = 100;
const BATCH_SIZE = 25;
const ROUNDS = 5;
const CALLS = 40;

/** What is searched for, and how many of the messages have it. */
const QUERIES = [
  ['a common word', 'ferry', OWN_MESSAGES / 2],
  ['a rare word', 'zephyr', 3],
  ['two Chinese characters', '明天', 10],
  ['one letter', 'q', OWN_MESSAGES / 100],
  ['no hit', 'xylophone', 0],
] as const;

const HEAD = ['messages', 'query', 'index p50 ms', 'index p95 ms', '÷ the smallest', 'call p50 ms', 'call p95 ms'];

/** Times searches of a person with 10,000 messages, among those of 10,000 people, and how far the index is behind. */
export function benchSearch(sizes: readonly number[]): Promise<Table[]> {
  return withBenchStack(async (stack) => {
    const rows: string[][] = [];
    const smallest = new Map<string, number>();
    let filled = 0;
    for (const size of sizes) {
      const person = await stack.makePerson(`searcher${size}`);
      await fill(stack, person.person, size - filled);
      filled = size;
      for (const [name, query] of QUERIES) {
        const index = await time(() => searchIndex(stack, person, query));
        const call = await time(() =>
          callProcedure({ url: stack.apiUrl, token: person.token }, 'messages.search', { query }),
        );
        const first = smallest.get(name) ?? index.p50;
        smallest.set(name, first);
        const growth = (index.p50 / first).toFixed(2);
        const times = [index.p50, index.p95].map((ms) => ms.toFixed(1));
        rows.push([size.toLocaleString('en-US'), name, ...times, growth, call.p50.toFixed(1), call.p95.toFixed(1)]);
      }
    }
    return [{ head: HEAD, rows }, await benchIndexLag(stack)];
  });
}

function searchIndex({ database }: BenchStack, { person }: BenchPerson, query: string) {
  return searchMessages(database.db, { callerUuid: person.uuid, terms: parseSearchQuery(query), limit: 21 });
}

async function time(call: () => Promise<unknown>): Promise<{ p50: number; p95: number }> {
  const rounds: number[][] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const times: number[] = [];
    for (let i = 0; i < CALLS; i++) {
      const before = performance.now();
      await call();
      times.push(performance.now() - before);
    }
    // The first one warms up.
    if (round > 0) rounds.push(times);
  }
  return { p50: median(rounds.map(median)), p95: median(rounds.map((times) => quantile(times, 0.95))) };
}

/** Fills table and index with the person's messages, among those of others in the index. */
async function fill(stack: BenchStack, person: Person, total: number): Promise<void> {
  const start = performance.now();
  const patient = createDatabase(stack.databaseUrl, {
    max: 1,
    statementTimeoutMillis: 600_000,
    queryTimeoutMillis: 600_000,
  });
  const others = Array.from({ length: CONVERSATIONS }, (_, i) => ({
    messageGroupUuid: randomUUID(),
    other: { uuid: randomUUID(), handle: `friend${i}`, displayName: `Friend ${i}` },
  }));
  await put(
    stack,
    others.map(({ messageGroupUuid, other }) => membersItem(messageGroupUuid, [person, other])),
  );
  const oldest = micros((Date.now() - OWN_MESSAGES * 1000) * 1000);
  const own = Array.from(
    { length: OWN_MESSAGES },
    (_, n): OwnMessage => ({
      ...(others[n % CONVERSATIONS] as (typeof others)[number]),
      uuid: randomUUID(),
      at: addMicros(oldest, n * 1_000_000),
      text: nthText(n),
      isSent: n % 4 < 2,
    }),
  );
  for (let slice = 0; slice < SLICES; slice++) {
    await indexOthers(patient, Math.round((total - OWN_MESSAGES) / SLICES));
    const part = OWN_MESSAGES / SLICES;
    await write(stack, person, own.slice(slice * part, (slice + 1) * part));
  }
  await patient.pool.query('vacuum analyze search_messages');
  await patient.close();
  log(`${total.toLocaleString('en-US')} messages in ${((performance.now() - start) / 1000).toFixed(0)} s`);
}

interface OwnMessage {
  messageGroupUuid: string;
  other: Person;
  uuid: string;
  at: Micros;
  text: string;
  isSent: boolean;
}

/** A message of some ten words, with those that {@link QUERIES} look for. */
function nthText(n: number): string {
  const words = QUERIES.flatMap(([, word, count]) =>
    count > 0 && n % Math.floor(OWN_MESSAGES / count) === 0 ? word : [],
  );
  return [...words, `The tide of day ${n} turns before the harbour lights are out`].join(' ');
}

async function write(stack: BenchStack, person: Person, messages: readonly OwnMessage[]): Promise<void> {
  await put(
    stack,
    messages.map(({ messageGroupUuid, uuid, at, text, isSent, other }) =>
      messageItem(messageGroupUuid, at, isSent ? person : other, { uuid, text }),
    ),
  );
  await indexMessages(
    stack.database.db,
    messages.map(({ messageGroupUuid, uuid, at, text, isSent, other }) => ({
      messageUuid: uuid,
      messageGroupUuid,
      senderUuid: (isSent ? person : other).uuid,
      recipientUuid: (isSent ? other : person).uuid,
      sortKey: formatTime(at),
      sentAt: at,
      version: 0,
      text,
      hasLink: false,
    })),
  );
}

/** Indexes messages between two of many people. */
async function indexOthers({ pool }: DatabaseHandle, count: number): Promise<void> {
  const anyone = `('00000000-0000-4000-8000-' || lpad((random() * ${PEOPLE})::int::text, 12, '0'))::uuid`;
  await pool.query(
    `insert into search_messages
     select gen_random_uuid(), gen_random_uuid(), ${anyone}, ${anyone}, i, '2026-11-20T08:15:00.000000+00:00', 0, false,
            md5(i::text) || ' ' || md5(random()::text)
     from generate_series(1, $1::int) i`,
    [count],
  );
}

async function put({ table }: BenchStack, items: readonly object[]): Promise<void> {
  for (let from = 0; from < items.length; from += BATCH_SIZE) {
    const puts = items
      .slice(from, from + BATCH_SIZE)
      .map((Item) => ({ PutRequest: { Item: Item as Record<string, unknown> } }));
    await table.client.send(new BatchWriteCommand({ RequestItems: { [table.tableName]: puts } }));
  }
}
