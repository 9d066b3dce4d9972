import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CuttableProxy, startCuttableProxy } from '../../../tests/support/cuttable-proxy.ts';
import { createTestDatabase } from '../../../tests/support/database.ts';
import {
  createDatabase,
  type DatabaseHandle,
  type DatabaseOptions,
  isDatabaseUnavailable,
  pingDatabase,
} from '../src/index.ts';
import type { TestDatabase } from './users-database.ts';

describe('createDatabase', () => {
  let server: TestDatabase;
  let proxy: CuttableProxy;
  const open: DatabaseHandle[] = [];

  beforeAll(async () => {
    server = await createTestDatabase();
    proxy = await startCuttableProxy(server.url);
  });
  afterEach(async () => {
    await proxy.restore();
    await Promise.all(open.splice(0).map((database) => database.close()));
  });
  afterAll(async () => {
    await proxy.cut();
    await server.drop();
  });

  function connect(options: DatabaseOptions = {}, url = server.url): DatabaseHandle {
    const database = createDatabase(url, options);
    open.push(database);
    return database;
  }

  async function failureOf(promise: Promise<unknown>): Promise<unknown> {
    return await promise.then(
      () => expect.fail('did not fail'),
      (error: unknown) => error,
    );
  }

  /** Waits until a statement is sleeping in the server. */
  async function untilAsleep(): Promise<void> {
    const { db } = connect();
    const asleep = sql`select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
    await expect.poll(async () => (await db.execute(asleep)).rowCount).toBe(1);
  }

  it('answers a ping, and sets its application name', async () => {
    const { db } = connect();
    await pingDatabase(db);
    expect((await db.execute(sql`select current_setting('application_name') as name`)).rows).toEqual([
      { name: 'cruddur' },
    ]);
  });

  it('limits a statement to two seconds', async () => {
    const { db } = connect({ queryTimeoutMillis: 30_000 });
    const failure = await failureOf(db.execute(sql`select pg_sleep(3)`));
    expect(isDatabaseUnavailable(failure)).toBe(true);
    expect(failure).toMatchObject({ cause: { code: '57014' } });
    await pingDatabase(db);
  });

  it('survives broken idle connections, and reports each', async () => {
    const errors: Error[] = [];
    const { db, pool } = connect({ onError: (error) => errors.push(error) });
    await Promise.all([pingDatabase(db), pingDatabase(db)]);
    expect(pool.idleCount).toBe(2);
    await connect().db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and state = 'idle' and pid <> pg_backend_pid()`,
    );
    await expect.poll(() => pool.totalCount).toBe(0);
    expect(errors).toHaveLength(2);
    expect(errors.every(isDatabaseUnavailable)).toBe(true);
    await pingDatabase(db);
  });

  it('reports a server that dies during a query as unavailable, and reconnects', async () => {
    const { db } = connect({}, proxy.url);
    await pingDatabase(db);
    const [failure] = await Promise.all([
      failureOf(db.execute(sql`select pg_sleep(30)`)),
      untilAsleep().then(() => proxy.cut()),
    ]);
    expect(isDatabaseUnavailable(failure)).toBe(true);
    const refused = await failureOf(pingDatabase(db));
    expect(refused).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(isDatabaseUnavailable(refused)).toBe(true);
    await proxy.restore();
    await pingDatabase(db);
  });

  it('gives up on a frozen server, and reconnects', async () => {
    const { db } = connect({ queryTimeoutMillis: 1500, connectionTimeoutMillis: 1500 }, proxy.url);
    await pingDatabase(db);
    proxy.freeze();
    const onOpenConnection = await failureOf(pingDatabase(db));
    expect(onOpenConnection).toMatchObject({ cause: { message: 'Query read timeout' } });
    const onNewConnection = await failureOf(pingDatabase(db));
    expect([onOpenConnection, onNewConnection].every(isDatabaseUnavailable)).toBe(true);
    await proxy.restore();
    await pingDatabase(db);
  });

  it('does not wait forever for a free connection', async () => {
    const { db, pool } = connect({ max: 1, connectionTimeoutMillis: 1500 });
    const held = await pool.connect();
    expect(isDatabaseUnavailable(await failureOf(pingDatabase(db)))).toBe(true);
    held.release();
    await pingDatabase(db);
  });

  it('reports too many connections as unavailable', async () => {
    const { db } = connect();
    const role = `limited_${new URL(server.url).pathname.slice(1)}`;
    await db.execute(sql`create role ${sql.identifier(role)} login password 'limited' connection limit 1`);
    const url = new URL(server.url);
    [url.username, url.password] = [role, 'limited'];
    const limited = connect({ max: 2 }, url.href);
    // One after the other: PostgreSQL may refuse both of two concurrent connections.
    const held = await limited.pool.connect();
    const failure = await failureOf(pingDatabase(limited.db));
    held.release();
    expect(failure).toMatchObject({ cause: { code: '53300' } });
    expect(isDatabaseUnavailable(failure)).toBe(true);
    await limited.close();
    await db.execute(sql`drop role ${sql.identifier(role)}`);
  });

  it('closes once its queries are done, even if called twice', async () => {
    const database = connect();
    // The query waits for this lock, which is released only after the first call of `close`.
    const lock = await connect().pool.connect();
    await lock.query('select pg_advisory_lock(1)');
    const closeTwice = async () => {
      await expect.poll(() => database.pool.totalCount).toBe(1);
      const closed = [database.close(), database.close()];
      await Promise.all([...closed, lock.query('select pg_advisory_unlock(1)')]);
      lock.release();
    };
    const busy = database.db.execute(sql`select pg_advisory_lock(1), 'done' as state`);
    const [{ rows }] = await Promise.all([busy, closeTwice()]);
    expect(rows).toMatchObject([{ state: 'done' }]);
    expect(isDatabaseUnavailable(await failureOf(pingDatabase(database.db)))).toBe(true);
  });

  it('does not report a mistake in a query as unavailable', async () => {
    const { db } = connect();
    expect(isDatabaseUnavailable(await failureOf(db.execute(sql`select * from nowhere`)))).toBe(false);
  });
});
