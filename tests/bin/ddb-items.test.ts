import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import { createDatabase, type User } from '@cruddur/db';
import { keys, type MessageStore } from '@cruddur/ddb';
import { seedConversation } from '@cruddur/ddb/seed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_REGION } from '../support/dynamodb.ts';
import { createTestStore, itemsOf, originGroup, person, putItems } from '../support/messages.ts';
import { type BinCommand, binEnv, binFile, runBin } from './support/run-bin.ts';
import { createSeededDatabase } from './support/stores.ts';

let database: Awaited<ReturnType<typeof createSeededDatabase>>;
let store: MessageStore;

beforeAll(async () => {
  [database, store] = await Promise.all([createSeededDatabase(), createTestStore({}, DEFAULT_REGION)]);
});
afterAll(async () => {
  store.client.destroy();
  await database.drop();
});

const user = (handle: string): User => database.people.get(handle) ?? expect.fail(`no ${handle}`);
const pair = () => ({ andrewbrown: user('andrewbrown'), bayko: user('bayko') });

function run(command: BinCommand, args: string[] = [], { tableName }: MessageStore = store) {
  return runBin(command, args, { env: { DDB_TABLE: tableName, DATABASE_URL: database.url } });
}

describe('bin/ddb/seed', () => {
  it("writes the conversation with the people's uuids from Postgres, once", async () => {
    const first = await run('ddb/seed');
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toMatch(/^Wrote the conversation: \d{3} messages\.$/);
    const messages = await itemsOf(store, keys.messages(SEEDED_MESSAGE_GROUP_UUID));
    expect(messages.length).toBeGreaterThanOrEqual(100);
    expect(new Set(messages.map((item) => item.user_uuid))).toEqual(
      new Set([user('andrewbrown').uuid, user('bayko').uuid]),
    );
    const again = await run('ddb/seed', ['--json']);
    expect(again.exitCode).toBe(0);
    expect(again.records()).toEqual([{ table: store.tableName, outcome: 'present' }]);
    expect(await itemsOf(store, keys.messages(SEEDED_MESSAGE_GROUP_UUID))).toEqual(messages);
  });

  it('refuses if the two people were recreated', async () => {
    const recreated = await createSeededDatabase();
    const env = { DDB_TABLE: store.tableName, DATABASE_URL: recreated.url };
    const { exitCode, stdout, stderr } = await runBin('ddb/seed', [], { env });
    await recreated.drop();
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('an earlier andrewbrown and bayko');
  });

  it('refuses if Postgres lacks the two people; --verbose shows each statement', async () => {
    const lacking = await createSeededDatabase();
    const { pool, close } = createDatabase(lacking.url);
    await pool.query("delete from users where handle = 'bayko'");
    await close();
    const { exitCode, stderr } = await runBin('ddb/seed', ['--verbose'], { env: { DATABASE_URL: lacking.url } });
    await lacking.drop();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^SQL select .* \[\["andrewbrown","bayko"\]\]$/m);
    expect(stderr).toContain('run bin/db/seed');
    expect(stderr).not.toContain(`:${new URL(lacking.url).password}@`);
  });
});

describe('bin/ddb/patterns', () => {
  beforeAll(async () => {
    await seedConversation(store, pair(), { now: new Date('2026-11-20T08:15:30.123Z') });
  });

  it('shows the newest messages of a group with handle, time and first 40 characters', async () => {
    const { exitCode, stdout } = await run('ddb/patterns/get-conversations');
    expect(exitCode).toBe(0);
    const rows = stdout.split('\n').filter((line) => /^│ (andrewbrown|bayko) /.test(line));
    expect(rows).toHaveLength(20);
    expect(rows.at(-1)).toMatch(/│ bayko +│ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d │ I will heat the iron\. Both\. +│/);
    expect(rows.join()).toContain('│ Last position: 44.2071, -79.1188. Walk e │');
    expect(stdout).toMatch(/Consumed [\d.]+ read units? \(1 × Query\)$/);
  });

  it("filters by date, year and limit, prints JSON, and finds last year's messages", async () => {
    const group = randomUUID();
    const members = [person({ handle: 'vir' }), person({ handle: 'lennier' })] as const;
    const times = [
      '2025-12-31T23:59:59.999999+00:00',
      '2026-01-01T00:00:00+00:00',
      '2026-03-05T10:00:00',
      '2026-03-06',
    ];
    const items = originGroup({ uuid: group, members: [...members], times });
    await putItems(store, [...items.messages, ...items.rows]);
    const list = async (...args: string[]) => {
      const ran = await run('ddb/patterns/get-conversations', ['--group', group, '--json', ...args]);
      expect(ran.exitCode).toBe(0);
      return ran.records();
    };
    const [all, year, span, newest, none] = await Promise.all([
      list(),
      list('--year', '2025'),
      list('--from', '2026-01-01', '--to', '2026-03-05'),
      list('--limit', '1'),
      run('ddb/patterns/get-conversations', ['--group', group, '--year', '2019']),
    ]);
    const texts = (records: Record<string, unknown>[]) => records.slice(0, -1).map(({ message }) => message);
    expect(texts(all)).toEqual(['Line 1', 'Line 2', 'Line 3', 'Line 4']);
    expect(all[0]).toMatchObject({ handle: 'vir', createdAt: '2025-12-31T23:59:59.999999Z', messageGroupUuid: group });
    expect(all.at(-1)).toMatchObject({ consumedCapacity: { units: expect.any(Number) } });
    expect(texts(year)).toEqual(['Line 1']);
    expect(texts(span)).toEqual(['Line 2', 'Line 3']);
    expect(texts(newest)).toEqual(['Line 4']);
    expect(none).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(group) });
  });

  it('replaces control characters that would affect the terminal', async () => {
    const group = randomUUID();
    const { messages } = originGroup({ uuid: group, members: [person(), person()], times: ['2026-11-20T08:15:30'] });
    await putItems(
      store,
      messages.map((item) => ({ ...item, message: 'a\u001b[2J\r\nb\u202ec' })),
    );
    const { stdout } = await run('ddb/patterns/get-conversations', ['--group', group]);
    expect(stdout).toContain('│ a�[2J b�c │');
  });

  it('says which messages were deleted', async () => {
    const group = randomUUID();
    const [vir, lennier] = [person(), user('loren')];
    const { messages, rows } = originGroup({
      uuid: group,
      members: [vir, lennier],
      times: ['2026-11-20', '2026-11-21'],
    });
    await putItems(store, [
      ...messages.map((item, i) => (i === 0 ? item : { ...item, message: '', deleted_at: item.sk, version: 1 })),
      ...rows.map((row) => ({ ...row, message: '', message_deleted: true, message_version: 1 })),
    ]);
    const [thread, list] = await Promise.all([
      run('ddb/patterns/get-conversations', ['--group', group]),
      run('ddb/patterns/list-conversations', ['--handle', 'loren']),
    ]);
    expect(thread.stdout).toMatch(/│ Line 1 +│\n.*│ \(deleted\) +│\n/);
    expect(list.stdout).toMatch(/│ \(deleted\) +│/);
  });

  it('refuses invalid and contradictory dates', async () => {
    const refusals = await Promise.all(
      [
        ['--from', '2026-02-30'],
        ['--from', '2026-03', '--to', '2026-02'],
      ].map((args) => run('ddb/patterns/get-conversations', args)),
    );
    expect(refusals.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(Array(2).fill([1, '']));
    expect(refusals.map(({ stderr }) => stderr)).toEqual([
      expect.stringContaining('a date such as 2026-11-20'),
      expect.stringContaining('--from 2026-03 is after --to 2026-02'),
    ]);
  });

  it("shows a user's groups, ignoring the case of the handle, and refuses an unknown one", async () => {
    const [human, json, unknown] = await Promise.all([
      run('ddb/patterns/list-conversations'),
      run('ddb/patterns/list-conversations', ['--handle', 'BAYKO', '--json']),
      run('ddb/patterns/list-conversations', ['--handle', 'kosh']),
    ]);
    expect(human.exitCode).toBe(0);
    expect(human.stdout).toMatch(
      /│ bayko │ \d{4}-.* │ I will heat the iron\. Both\. │ 5ae290ed-55d1-47a0-bc6d-fe2bc2700399 │/,
    );
    expect(human.stdout).toContain('Consumed 1.5 read units (2 × Query)');
    expect(json.records()).toMatchObject([
      { uuid: SEEDED_MESSAGE_GROUP_UUID, handle: 'andrewbrown', message: 'I will heat the iron. Both.' },
      { consumedCapacity: { units: 1.5 } },
    ]);
    expect(unknown).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('no user with the handle kosh'),
    });
  });
});

describe('bin/ddb/scan', () => {
  const large = 'x'.repeat(300_000);
  const items = Array.from({ length: 8 }, (_, i) => ({ pk: 'LARGE', sk: String(i), large, tags: new Set(['a']) }));
  let largeTable: MessageStore;
  beforeAll(async () => {
    largeTable = await createTestStore({}, DEFAULT_REGION);
    await putItems(largeTable, items);
  });
  afterAll(() => largeTable.client.destroy());

  it('prints every item, page by page', async () => {
    const json = await run('ddb/scan', ['--json'], largeTable);
    expect(json.exitCode).toBe(0);
    expect(json.records()).toEqual(items.map((item) => ({ ...item, tags: ['a'] })));
    expect(json.stderr).toMatch(/^8 items in [2-9] pages, [\d.]+ read units$/);
    const { stdout } = await run('ddb/scan', [], largeTable);
    expect(stdout.split('\n').map((line) => /^LARGE {2}\d .*"tags":\["a"\]/.test(line))).toEqual(Array(8).fill(true));
  });

  it('exits without an error when its reader closes the pipe', async () => {
    const env = { ...binEnv(), DDB_TABLE: largeTable.tableName };
    const scan = spawn(binFile('ddb/scan'), { env, stdio: ['ignore', 'pipe', 'pipe'] });
    scan.stdout.once('data', () => scan.stdout.destroy());
    const [[exitCode], stderr] = await Promise.all([once(scan, 'close'), text(scan.stderr)]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('prints a readable line per item', async () => {
    const { exitCode, stdout, stderr } = await run('ddb/scan', ['--verbose']);
    expect(exitCode).toBe(0);
    const lines = stdout.split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^GROUP#5ae290ed-\S+ {2}MEMBERS {2}\{"/));
    expect(stderr).toMatch(new RegExp(`^DynamoDB Scan ${store.tableName} [\\d.]+ units? \\d+ ms$`, 'm'));
    expect(stderr).toContain(`${lines.length} items in 1 page`);
  });
});

describe('bin/ddb/verify', () => {
  it('passes a clean table, and finds and repairs a breach', async () => {
    const table = await createTestStore({}, DEFAULT_REGION);
    await seedConversation(table, pair());
    const clean = await run('ddb/verify', [], table);
    expect(clean).toMatchObject({ exitCode: 0, stderr: 'No breaches found.' });
    expect(clean.stdout).toMatch(/^\d+ items, 1 group: 0 breaches, 0 repaired\.$/);

    const TableName = table.tableName;
    const pk = keys.messageGroups(user('bayko').uuid);
    const [row] = await itemsOf(table, pk);
    await table.client.send(new DeleteCommand({ TableName, Key: { pk, sk: row?.sk } }));
    await table.client.send(new PutCommand({ TableName, Item: { ...row, sk: '2026-01-01T00:00:00.000000+00:00' } }));
    const found = await run('ddb/verify', ['--json'], table);
    expect(found.exitCode).toBe(1);
    expect(found.records()).toMatchObject([
      { kind: 'row_stale', messageGroupUuid: SEEDED_MESSAGE_GROUP_UUID },
      { breaches: 1, repaired: 0 },
    ]);
    expect(found.stderr).toContain('1 breach left: --repair');
    const ofGroup = await run('ddb/verify', ['--json', '--group', SEEDED_MESSAGE_GROUP_UUID], table);
    expect(ofGroup.records().slice(0, 1)).toEqual(found.records().slice(0, 1));
    const unknown = await run('ddb/verify', ['--group', randomUUID()], table);
    expect(unknown).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('The table has nothing of the group'),
    });
    expect((await run('ddb/verify', ['--group', SEEDED_MESSAGE_GROUP_UUID, '--search'], table)).exitCode).toBe(1);

    const repaired = await run('ddb/verify', ['--repair'], table);
    expect(repaired.exitCode).toBe(0);
    expect(repaired.stdout).toMatch(/│ row_stale │.*│ .*rows put at the newest message/);
    const { Items } = await table.client.send(
      new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }),
    );
    expect(Items).toEqual([row]);
    table.client.destroy();
  });
});
