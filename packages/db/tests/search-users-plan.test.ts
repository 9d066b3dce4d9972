import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type DatabaseHandle, searchUsers } from '../src/index.ts';
import { openMigratedDatabase, type TestDatabase } from './users-database.ts';

const PEOPLE = 20_000;

describe('searchUsers with many users', () => {
  let database: DatabaseHandle & TestDatabase;
  let single: DatabaseHandle;
  beforeAll(async () => {
    database = await openMigratedDatabase();
    single = createDatabase(database.url, { max: 1, statementTimeoutMillis: 60_000, queryTimeoutMillis: 60_000 });
    await single.db.execute(
      sql`insert into users (display_name, handle, email, cognito_user_id)
          select 'Person W' || md5(i::text) || ' Common', 'handle_' || i, '', 'MOCK' from generate_series(1, ${PEOPLE}) i`,
    );
    await single.db.execute(sql`vacuum analyze users`);
  });
  afterAll(async () => {
    await single.close();
    await database.drop();
  });

  /** Counts sequential scans of the table and uses of its indexes. */
  async function scans(): Promise<Record<string, number>> {
    await single.db.execute(sql`select pg_stat_force_next_flush()`);
    const { rows } = await single.db.execute<{ name: string; scans: number }>(
      sql`select relname as name, seq_scan::int as scans from pg_stat_user_tables where relname = 'users'
          union all select indexrelname, idx_scan::int from pg_stat_user_indexes where relname = 'users'`,
    );
    return Object.fromEntries(rows.map(({ name, scans: count }) => [name, count]));
  }

  /** Counts rows read from the table, and pages read from the index of words, during a search. */
  async function costOf(query: string): Promise<{ people: number; pages: number }> {
    const read = async () => {
      await single.db.execute(sql`select pg_stat_force_next_flush()`);
      const { rows } = await single.db.execute<{ people: number; pages: number }>(
        sql`select (select (seq_tup_read + idx_tup_fetch)::int from pg_stat_user_tables where relname = 'users') as people,
                   (select (idx_blks_read + idx_blks_hit)::int from pg_statio_user_indexes
                    where indexrelname = 'users_search_folded') as pages`,
      );
      return rows[0] ?? { people: 0, pages: 0 };
    };
    const before = await read();
    await searchUsers(single.db, { query, limit: 10 });
    const after = await read();
    return { people: after.people - before.people, pages: after.pages - before.pages };
  }

  it('reads a limited number of rows, however many users share a name', async () => {
    for (const query of ['person', 'common', 'person common', 'p c']) {
      expect((await costOf(query)).people).toBeLessThanOrEqual(1100);
    }
  });

  it('costs no more for twenty words than for the five longest', async () => {
    const short = Array.from({ length: 18 }, (_, i) => `w${i + 10}`);
    const five = ['person', 'common', ...short.slice(0, 3)];
    expect(await costOf(['person', ...short, 'common'].join(' '))).toEqual(await costOf(five.join(' ')));
    expect(await costOf('p pe per pers perso person')).toEqual(await costOf('person'));
  });

  it.each([
    ['a prefix of many handles', 'handle_1', 0],
    ['one word of a display name', 'wc4ca4238', 1],
    ['a word that every user has', 'common', 1],
    ['two words', 'common wc4ca', 1],
  ])('uses an index for %s', async (_case, query, searchesOfWords) => {
    const before = await scans();
    expect((await searchUsers(single.db, { query, limit: 10 })).length).toBeGreaterThan(0);
    const after = await scans();
    const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
    // The planner also reads the first and last handle, which counts.
    expect(grown('users_handle_unique')).toBeGreaterThanOrEqual(1);
    expect(grown('users_search_folded')).toBe(searchesOfWords);
    expect(grown('users')).toBe(0);
  });
});
