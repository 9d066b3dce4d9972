import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createDatabase, type DatabaseHandle, indexMessages, listIndexedMessages } from '@cruddur/db';
import { keys, type MessageStore, readSearchableMessages } from '@cruddur/ddb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_REGION } from '../support/dynamodb.ts';
import { createTestStore, originGroup, person, putItems } from '../support/messages.ts';
import { binEnv, binFile, runBin } from './support/run-bin.ts';
import { createSeededDatabase } from './support/stores.ts';

const members: [ReturnType<typeof person>, ReturnType<typeof person>] = [person(), person()];
const group = randomUUID();
const { messages, rows } = originGroup({
  uuid: group,
  members,
  times: ['2023-01-01T10:00:00', '2023-01-01T10:00:01', '2023-01-01T10:00:02'],
});
const marker = { ...keys.readMarker(members[0].uuid, group), cleared_through: '2023-01-01T10:00:00.000000+00:00' };

let database: Awaited<ReturnType<typeof createSeededDatabase>> & DatabaseHandle;
let store: MessageStore;
beforeAll(async () => {
  const seeded = await createSeededDatabase();
  database = {
    ...seeded,
    ...createDatabase(seeded.url, { max: 2, statementTimeoutMillis: 60_000, queryTimeoutMillis: 60_000 }),
  };
});
afterAll(async () => {
  await database.close();
  await database.drop();
});
beforeEach(async () => {
  await database.pool.query('truncate search_messages, search_cleared');
  store = await createTestStore({}, DEFAULT_REGION);
  await putItems(store, [...messages, ...rows, marker]);
});
afterEach(() => store.client.destroy());

const run = (command: 'search/rebuild' | 'ddb/verify', args: string[] = [], interrupted?: AbortSignal) =>
  runBin(command, args, { env: { DDB_TABLE: store.tableName, DATABASE_URL: database.url }, interrupted });
const indexed = () => listIndexedMessages(database.db, { limit: 100 });

/** The command line that an interrupted run has printed. */
const continuation = (stderr: string) => /bin\/search\/rebuild (--from \S+)$/m.exec(stderr)?.[1]?.split(' ') ?? [];

describe('bin/search/rebuild', () => {
  it('fills an empty index, and writes nothing where it is right', async () => {
    const filled = await run('search/rebuild');
    expect(filled).toMatchObject({ exitCode: 0, stderr: '' });
    expect(filled.stdout).toBe(
      'Compared 0 rows of the index with the table, and 6 items of the table with the index: 4 indexed, 0 removed.',
    );
    expect((await indexed()).map(({ folded }) => folded).sort()).toEqual(['line 1', 'line 2', 'line 3']);
    const again = await run('search/rebuild', ['--json']);
    expect(again.records()).toEqual([{ rows: 4, items: 6, indexed: 0, removed: 0 }]);
  });

  it('rebuilds one group', async () => {
    await putItems(store, originGroup({ uuid: randomUUID(), members, times: ['2024-01-01T10:00:00'] }).messages);
    expect((await run('search/rebuild', ['--group', group.toUpperCase(), '--json'])).records()).toMatchObject([
      { indexed: 4 },
    ]);
  });

  it('begins the same group again after an interruption', async () => {
    const stopped = await run('search/rebuild', ['--group', group], AbortSignal.abort());
    expect([stopped.exitCode, stopped.stderr]).toEqual([
      1,
      `Error: Stopped. To begin again: bin/search/rebuild --group ${group}`,
    ]);
  });

  it('refuses a group that is nowhere', async () => {
    const { exitCode, stderr } = await run('search/rebuild', ['--group', '00000000-0000-4000-8000-000000000000']);
    expect([exitCode, stderr]).toEqual([
      1,
      'Error: Neither the table nor the index has anything of a group 00000000-0000-4000-8000-000000000000.',
    ]);
  });

  it('finishes its page at Ctrl-C', async () => {
    const locking = await database.pool.connect();
    await locking.query('begin');
    await locking.query('lock table search_messages in access exclusive mode');
    const env = { ...binEnv(), DDB_TABLE: store.tableName, DATABASE_URL: database.url };
    const rebuild = spawn(binFile('search/rebuild'), { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const stderr: string[] = [];
    rebuild.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
    const isWaiting = async () =>
      (await locking.query("select from pg_locks where not granted and relation = 'search_messages'::regclass"))
        .rowCount;
    const interrupt = async () => {
      try {
        await expect.poll(isWaiting).toBe(1);
        rebuild.kill('SIGINT');
        await expect.poll(() => stderr.join('')).toContain('Stopping after this page.');
      } finally {
        await locking.query('rollback');
        locking.release();
      }
    };
    const [[exitCode]] = await Promise.all([once(rebuild, 'close'), interrupt()]);
    expect(exitCode).toBe(1);
    expect(continuation(stderr.join('').trim())).toHaveLength(2);
  });

  it('prints where to continue after an interruption, and continues there', async () => {
    const stopped = await run('search/rebuild', [], AbortSignal.abort());
    expect(stopped).toMatchObject({ exitCode: 1, stdout: '' });
    expect(stopped.stderr).toMatch(/^Error: Stopped\. To continue: bin\/search\/rebuild --from \S+$/);
    expect(await indexed()).toEqual([]);
    const { exitCode, stdout } = await run('search/rebuild', continuation(stopped.stderr));
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('4 indexed, 0 removed')]);
  });

  it('prints where to continue after a failure', async () => {
    await database.pool.query('alter table search_cleared rename to away');
    const failed = await run('search/rebuild');
    expect(failed).toMatchObject({ exitCode: 2, stdout: '' });
    expect(failed.stderr).toContain('lacks tables: create them with bin/db/schema-load');
    await database.pool.query('alter table away rename to search_cleared');
    expect(await run('search/rebuild', continuation(failed.stderr))).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await indexed()).toHaveLength(3);
  });

  it('says without a terminal how far it is', async () => {
    await database.pool.query(
      `insert into search_messages select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), i, 'x', 0, false, ''
       from generate_series(1, 10500) i`,
    );
    const { stdout, stderr } = await run('search/rebuild');
    expect(stderr).toMatch(/^Compared 10,000 rows, 0 items\. To continue: bin\/search\/rebuild --from \S+$/);
    expect(stdout).toContain('4 indexed, 10,500 removed');
    expect(await run('search/rebuild', continuation(stderr))).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('reports what cannot be indexed', async () => {
    const odd = originGroup({ uuid: 'friends', members, times: ['2024-01-01T10:00:00'] });
    await putItems(store, odd.messages);
    expect(await run('search/rebuild')).toMatchObject({
      exitCode: 0,
      stderr: 'Left out: malformed item MSG#friends 2024-01-01T10:00:00: pk: names no group',
    });
  });

  it('refuses a position of nowhere, and one of a group', async () => {
    const position = Buffer.from('["clears"]').toString('base64url');
    const refusals = await Promise.all(
      [
        ['--from', 'here'],
        ['--from', Buffer.from('["messages","a","b"]').toString('base64url')],
        ['--from', position, '--group', group],
        ['--group', 'friends'],
      ].map((args) => run('search/rebuild', args)),
    );
    expect(refusals.map(({ exitCode, stderr }) => [exitCode, stderr.split('\n')[0]])).toEqual([
      [1, expect.stringContaining('It must be what an interrupted run has printed.')],
      [1, expect.stringContaining('It must be what an interrupted run has printed.')],
      [1, 'Error: --from continues a run without --group.'],
      [1, expect.stringContaining('It must be a uuid.')],
    ]);
  });
});

describe('bin/ddb/verify --search', () => {
  it('compares index and table, and repairs the index', async () => {
    await run('search/rebuild');
    const clean = await run('ddb/verify', ['--search']);
    expect(clean).toMatchObject({ exitCode: 0, stderr: 'No breaches found.' });
    expect(clean.stdout).toMatch(/^6 items, 1 group, 4 indexed messages and clears: 0 breaches, 0 repaired\.$/);

    const [first] = messages;
    const messageUuid = randomUUID();
    const [found] = await readSearchableMessages(store, [
      { messageGroupUuid: group, messageUuid: first?.message_uuid ?? '', sortKey: first?.sk ?? '' },
    ]);
    if (found?.is !== 'there') return expect.fail('the table lacks a message');
    await indexMessages(database.db, [
      { ...found.entity, messageUuid },
      { ...found.entity, version: 2, text: 'not of the table' },
    ]);
    const wrong = await run('ddb/verify', ['--search', '--json']);
    expect(wrong.exitCode).toBe(1);
    const breach = (kind: string, uuid = '') => ({ kind, messageGroupUuid: group, detail: `message ${uuid}` });
    expect(wrong.records()).toEqual(
      expect.arrayContaining([
        breach('search_surplus', messageUuid),
        breach('search_stale', first?.message_uuid),
        { items: 6, groups: 1, rows: 5, breaches: 2, repaired: 0 },
      ]),
    );
    expect(await run('ddb/verify')).toMatchObject({ exitCode: 0 });
    const repaired = await run('ddb/verify', ['--search', '--repair']);
    expect(repaired).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('2 breaches, 2 repaired') });
    expect(await run('ddb/verify', ['--search'])).toMatchObject({ exitCode: 0 });
  });
});
