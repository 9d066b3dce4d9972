import {
  createMessage,
  createMessageToPerson,
  findSuspension,
  keys,
  type Message,
  type MessageStore,
  parseTime,
  reportMessage,
} from '@cruddur/ddb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_REGION } from '../support/dynamodb.ts';
import { createTestStore, draft, itemsOf } from '../support/messages.ts';
import { type BinCommand, runBin } from './support/run-bin.ts';
import { createSeededDatabase } from './support/stores.ts';

let database: Awaited<ReturnType<typeof createSeededDatabase>>;
let store: MessageStore;
/** Of a message of londo's, and of one of bayko's, by andrewbrown. */
let reports: string[];

beforeAll(async () => {
  [database, store] = await Promise.all([createSeededDatabase(), createTestStore({}, DEFAULT_REGION)]);
  const [andrew, bayko, londo] = [user('andrewbrown'), user('bayko'), user('londo')];
  const offer = await createMessageToPerson(store, andrew, draft({ sender: londo, text: 'Buy my\nlamps' }));
  const reply = { messageUuid: offer.uuid, at: timeOf(offer) };
  await createMessage(store, offer.messageGroupUuid, draft({ sender: andrew, text: 'No', replyTo: reply }));
  const other = await createMessageToPerson(store, andrew, draft({ sender: bayko, text: 'You again' }));
  const report = (message: Message, note?: string) =>
    reportMessage(store, {
      messageGroupUuid: message.messageGroupUuid,
      messageUuid: message.uuid,
      at: timeOf(message),
      reporter: andrew,
      reason: 'spam',
      note,
    });
  reports = [await report(offer, 'Every day'), await report(other)];
});
afterAll(async () => {
  store.client.destroy();
  await database.drop();
});

const user = (handle: string) => database.people.get(handle) ?? expect.fail(`no ${handle}`);
const timeOf = ({ createdAt }: Message) => parseTime(createdAt) ?? expect.fail('no time');
const reportAt = (index: number) => reports[index] ?? expect.fail('no report');

const run = (command: BinCommand, args: string[] = [], typed?: { cue: string; type: string }) =>
  runBin(command, args, { env: { DDB_TABLE: store.tableName, DATABASE_URL: database.url }, ...(typed && { typed }) });

describe('bin/moderation/list and show', () => {
  it('list the open reports, oldest first, of all people or one', async () => {
    const all = await run('moderation/list', ['--json']);
    expect(all.records().map(({ id }) => id)).toEqual(reports);
    const one = await run('moderation/list', ['--handle', 'LONDO']);
    expect(one).toMatchObject({ exitCode: 0, stderr: '' });
    expect(one.stdout).toMatch(new RegExp(`${reportAt(0)} │ spam   │ londo │ andrewbrown │ Buy my lamps`));
    expect(one.stdout).not.toContain(reportAt(1));
    const first = await run('moderation/list', ['--limit', '1']);
    expect(first.stderr).toBe('There are more: add --limit.');
    expect(await run('moderation/list', ['--resolved'])).toMatchObject({ stderr: 'There are no resolved reports.' });
    const none = await run('moderation/list', ['--handle', 'loren']);
    expect(none).toMatchObject({ exitCode: 0, stderr: 'There are no open reports of messages of loren.' });
  });

  it('show a report with what was said around it', async () => {
    const { exitCode, stdout } = await run('moderation/show', [reportAt(0)]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^reported {2}\S+ \S+ by andrewbrown \(Andrew Brown\)$/m);
    expect(stdout).toMatch(/^reason {4}spam: Every day$/m);
    expect(stdout).toMatch(/^of {8}londo \(Londo Mollari\)$/m);
    expect(stdout).toMatch(/^> \S+ \S+ londo: Buy my lamps$/m);
    expect(stdout).toMatch(/^ {2}\S+ \S+ andrewbrown: No \[in reply to: Buy my lamps\]$/m);
    const [record] = (await run('moderation/show', [reportAt(0), '--json'])).records();
    expect(record).toMatchObject({ id: reportAt(0), note: 'Every day', after: [{ message: 'No' }], suspension: null });
    const absent = await run('moderation/show', ['0'.repeat(32)]);
    expect(absent).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('There is no report 0000') });
  });
});

describe('bin/moderation/resolve', () => {
  it('asks for the beginning of the id, and does nothing without it or a reason', async () => {
    const id = reportAt(1);
    const [unconfirmed, wrong, unexplained] = await Promise.all([
      run('moderation/resolve', [id, '--reason', 'A joke']),
      run('moderation/resolve', [id, '--reason', 'A joke', '--yes', 'yes']),
      run('moderation/resolve', [id, '--yes', id.slice(0, 8)]),
    ]);
    expect([unconfirmed, wrong, unexplained].map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
    expect(unconfirmed.stderr).toContain(
      `${id.slice(0, 8)} must be typed, but there is no terminal. Add --yes ${id.slice(0, 8)}`,
    );
    expect(wrong.stderr).toContain(`"yes" is not ${id.slice(0, 8)}`);
    expect(unexplained.stderr).toContain("required option '--reason <TEXT>' not specified");
    expect(await itemsOf(store, keys.reports('open'))).toHaveLength(2);
    const typed = { cue: `Type ${id.slice(0, 8)}`, type: `${id.slice(0, 8)}\r` };
    const done = await run('moderation/resolve', [id, '--reason', 'A joke', '--by', 'ada'], typed);
    expect(done).toMatchObject({ exitCode: 0, stdout: 'Resolved the report of a message of bayko.' });
    const again = await run('moderation/resolve', [id, '--reason', 'No', '--yes', id.slice(0, 8), '--json']);
    expect(again.records()).toMatchObject([{ report: id, isResolvedNow: false, by: 'ada', reason: 'A joke' }]);
    const { stdout } = await run('moderation/show', [id]);
    expect(stdout).toMatch(/^status {4}resolved \S+ \S+ by ada: A joke$/m);
    expect((await run('moderation/list', ['--resolved', '--json'])).records()).toMatchObject([{ id }]);
  });
});

describe('bin/moderation/suspend and unsuspend', () => {
  it('change whether a person can send, with who and why in the audit', async () => {
    const londo = user('londo');
    const by = ['--by', 'ada', '--yes', 'londo'];
    const done = await run('moderation/suspend', ['londo', '--reason', 'Sells lamps', ...by, '--json']);
    expect(done.records()).toMatchObject([
      { handle: 'londo', uuid: londo.uuid, isSuspended: true, isChangedNow: true, by: 'ada', conversations: 1 },
    ]);
    expect(await findSuspension(store, londo.uuid)).toMatchObject({ by: 'ada', reason: 'Sells lamps' });
    const again = await run('moderation/suspend', ['londo', '--reason', 'Once more', ...by]);
    expect(again.stdout).toMatch(
      /^londo was already suspended by ada on .*: Sells lamps\. Closed now: 0 conversations\.$/,
    );
    const shown = await run('moderation/show', [reportAt(0)]);
    expect(shown.stdout).toMatch(/^of {8}londo \(Londo Mollari\), suspended by ada on .*: Sells lamps$/m);
    const lifted = await run('moderation/unsuspend', ['londo', '--reason', 'Has stopped', ...by]);
    expect(lifted.stdout).toMatch(/^Unsuspended londo, in 1 conversation\. Was suspended by ada on .*: Sells lamps\.$/);
    expect(await findSuspension(store, londo.uuid)).toBeUndefined();
    const idle = await run('moderation/unsuspend', ['londo', '--reason', 'Has stopped', ...by]);
    expect(idle.stdout).toBe('londo was not suspended. Opened now: 0 conversations.');
    const entries = (await run('moderation/audit', ['--json', '--limit', '2'])).records();
    expect(entries).toMatchObject([
      { action: 'unsuspend', by: 'ada', reason: 'Has stopped', person: { handle: 'londo' }, reportId: null },
      { action: 'suspend', by: 'ada', reason: 'Sells lamps', person: { uuid: londo.uuid } },
    ]);
  });

  it('are refused without confirmation, and for a handle that no one has', async () => {
    const [unconfirmed, unknown, order] = await Promise.all([
      run('moderation/suspend', ['bayko', '--reason', 'Spam']),
      run('moderation/suspend', ['kosh', '--reason', 'Spam', '--yes', 'kosh']),
      run('moderation/suspend', ['prod', '--reason', 'Spam', '--yes', 'prod']),
    ]);
    expect(unconfirmed).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('Add --yes bayko') });
    expect(unknown).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no user with the handle kosh') });
    expect(order).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('The handle comes first') });
    expect(await findSuspension(store, user('bayko').uuid)).toBeUndefined();
  });

  it('name the user of this machine in the audit without --by', async () => {
    await run('moderation/suspend', ['loren', '--reason', 'Spam', '--yes', 'loren']);
    const audit = await run('moderation/audit', ['--limit', '1']);
    expect(audit.stdout).toMatch(/│ \S+ +│ suspend │ loren +│ Spam +│/);
  });
});
