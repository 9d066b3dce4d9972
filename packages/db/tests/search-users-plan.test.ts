import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type DatabaseHandle, searchUsers } from '../src/index.ts';
import { openMigratedDatabase, type TestDatabase } from './users-database.ts';

const PEOPLE = 20_000;

describe('searchUsers among many people', () => {
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

  /** How often the table was read from end to end, and each of its indexes was used. */
  async function scans(): Promise<Record<string, number>> {
    await single.db.execute(sql`select pg_stat_force_next_flush()`);
    const { rows } = await single.db.execute<{ name: string; scans: number }>(
      sql`select relname as name, seq_scan::int as scans from pg_stat_user_tables where relname = 'users'
          union all select indexrelname, idx_scan::int from pg_stat_user_indexes where relname = 'users'`,
    );
    return Object.fromEntries(rows.map(({ name, scans: count }) => [name, count]));
  }

  it.each([
    ['a beginning of many handles', 'handle_1', 0],
    ['one word of a display name', 'wc4ca4238', 1],
    ['a word that everybody has', 'common', 1],
    ['two words', 'common wc4ca', 1],
  ])('reads by index for %s', async (_case, query, searchesOfWords) => {
    const before = await scans();
    expect((await searchUsers(single.db, { query, limit: 10 })).length).toBeGreaterThan(0);
    const after = await scans();
    const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
    // The planner looks at the first and last handle too, and is counted.
    expect(grown('users_handle_unique')).toBeGreaterThanOrEqual(1);
    expect(grown('users_search_words')).toBe(searchesOfWords);
    expect(grown('users')).toBe(0);
  });
});
