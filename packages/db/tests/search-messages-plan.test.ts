import { randomUUID } from 'node:crypto';
import { parseSearchQuery } from '@cruddur/config';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type DatabaseHandle, type MessageSearch, searchMessages } from '../src/index.ts';
import { openMigratedDatabase, type TestDatabase } from './users-database.ts';

const MESSAGES = 40_000;
/** Of these, the caller has sent or received as many. */
const OWN = 2_000;
const callerUuid = randomUUID();
const messageGroupUuid = randomUUID();

describe('searchMessages among the messages of many people', () => {
  let database: DatabaseHandle & TestDatabase;
  let single: DatabaseHandle;
  const statements: { statement: string; parameters: readonly unknown[] }[] = [];
  beforeAll(async () => {
    database = await openMigratedDatabase();
    single = createDatabase(database.url, {
      max: 1,
      statementTimeoutMillis: 60_000,
      queryTimeoutMillis: 60_000,
      onQuery: (statement, parameters) => statements.push({ statement, parameters }),
    });
    await single.db.execute(
      sql`insert into search_messages
          select case when is_own and i % 2 = 0 then ${messageGroupUuid}::uuid else gen_random_uuid() end,
                 gen_random_uuid(),
                 case when is_own and i % 4 < 2 then ${callerUuid}::uuid else gen_random_uuid() end,
                 case when is_own and i % 4 >= 2 then ${callerUuid}::uuid else gen_random_uuid() end,
                 i, i::text, 0, i % 8 < 4, 'tea ' || case i % 400 when 20 then 'ferry' when 60 then '明天' else md5(i::text) end
          from (select i, i % ${MESSAGES / OWN} < 1 as is_own from generate_series(1, ${MESSAGES}) i) as numbers`,
    );
    await single.db.execute(sql`vacuum analyze search_messages`);
  });
  afterAll(async () => {
    await single.close();
    await database.drop();
  });

  const find = (query: string, rest: Partial<MessageSearch> = {}) =>
    searchMessages(single.db, { callerUuid, terms: parseSearchQuery(query), limit: 20, ...rest });

  /** What PostgreSQL reads for a search, as `Index Scan using …`. */
  async function scansOf(query: string, rest?: Partial<MessageSearch>): Promise<string[]> {
    await find(query, rest);
    const { statement = '', parameters = [] } = statements.at(-1) ?? {};
    const { rows } = await single.pool.query(`explain ${statement}`, [...parameters]);
    return rows.flatMap(
      (row) => /(\w+ )*Scan .*?(on|using) search_messages\w*/.exec(String(row['QUERY PLAN']))?.[0] ?? [],
    );
  }

  /** Rows of the table that a search reads. */
  async function rowsReadBy(query: string): Promise<number> {
    const read = async () => {
      await single.db.execute(sql`select pg_stat_force_next_flush()`);
      const { rows } = await single.db.execute<{ read: number }>(
        sql`select (seq_tup_read + idx_tup_fetch)::int as read from pg_stat_user_tables where relname = 'search_messages'`,
      );
      return rows[0]?.read ?? 0;
    };
    const before = await read();
    await find(query);
    return (await read()) - before;
  }

  it.each<[string, string, Partial<MessageSearch>, number]>([
    ['a common word', 'tea', {}, 20],
    ['a rare word', 'ferry', {}, 20],
    ['two Chinese characters', '明天', {}, 20],
    ['one letter', 'e', {}, 20],
    ['no hit', 'zyzzyva', {}, 0],
    ['several words', 'tea ferry', {}, 20],
    ['one conversation', 'tea', { messageGroupUuid }, 20],
    ["the caller's messages", 'tea', { from: 'me' }, 20],
    ['a time', 'tea', { before: MESSAGES / 2, after: 100 }, 20],
    ['links', 'tea', { hasLink: true }, 20],
  ])('uses an index for %s', async (_, query, rest, found) => {
    expect(await find(query, rest)).toHaveLength(found);
    const scans = await scansOf(query, rest);
    expect(scans.length).toBeGreaterThan(0);
    for (const scan of scans) expect(scan).toMatch(/Index.*Scan.* search_messages_|Bitmap Heap Scan/);
  });

  it("reads at most the person's own messages, and few of them where many match", async () => {
    expect(await rowsReadBy('zyzzyva')).toBeLessThanOrEqual(OWN);
    expect(await rowsReadBy('tea')).toBeLessThanOrEqual(100);
  });
});
