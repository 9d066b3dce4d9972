import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, ensureDatabase } from '../src/index.ts';
import { absentDatabase, type TestDatabase } from './users-database.ts';

describe('ensureDatabase', () => {
  let absent: TestDatabase;
  beforeEach(async () => {
    absent = await absentDatabase();
  });
  afterEach(() => absent.drop());

  it('creates the database once', async () => {
    expect(await ensureDatabase(absent.url)).toBe(true);
    expect(await ensureDatabase(absent.url)).toBe(false);
  });

  it('creates it once for eight concurrent calls', async () => {
    const created = await Promise.all(Array.from({ length: 8 }, () => ensureDatabase(absent.url)));
    expect(created.filter(Boolean)).toHaveLength(1);
  });

  it('uses UTF-8, and folds the case of every alphabet', async () => {
    await ensureDatabase(absent.url);
    const { db, close } = createDatabase(absent.url);
    const { rows } = await db.execute(
      sql`select current_setting('server_encoding') as encoding, lower('ÉЖΣ') as lower`,
    );
    await close();
    expect(rows).toEqual([{ encoding: 'UTF8', lower: 'éжσ' }]);
  });

  it('accepts a name with quotes and spaces', async () => {
    const url = new URL(absent.url);
    url.pathname = encodeURIComponent(`it's "a" ${url.pathname.slice(1)}`);
    expect(await ensureDatabase(url.href)).toBe(true);
    const { db, close } = createDatabase(absent.url.replace(/[^/]+$/, 'postgres'));
    await db.execute(sql`drop database ${sql.identifier(decodeURIComponent(url.pathname.slice(1)))}`);
    await close();
  });

  it('rejects if the connection is refused', async () => {
    const url = new URL(absent.url);
    url.port = '1';
    await expect(ensureDatabase(url.href)).rejects.toThrow('ECONNREFUSED');
  });
});
