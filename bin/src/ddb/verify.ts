import { findUsersByUuid } from '@cruddur/db';
import { type Person, type VerifyReport, verifyTable } from '@cruddur/ddb';
import { type CommandIo, operatorCommand, uuid } from '../cli/command.ts';
import { refused } from '../cli/errors.ts';
import type { Column } from '../cli/output.ts';
import { type OperatorSession, openSession } from '../cli/session.ts';
import { count } from '../cli/text.ts';
import { withDatabase } from '../cli/with-database.ts';
import { withTable } from '../cli/with-table.ts';
import { type SearchBreach, type SearchReport, verifyIndex } from '../search/verify-index.ts';

type Breach = VerifyReport['breaches'][number] | SearchBreach;

const COLUMNS: readonly Column<Breach>[] = [
  { title: 'breach', value: ({ kind }) => kind },
  { title: 'group', value: ({ messageGroupUuid }) => messageGroupUuid },
  { title: 'where', value: ({ detail }) => detail },
  { title: 'repaired', value: ({ repaired }) => repaired ?? 'no' },
];

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/ddb/verify', {
    summary:
      'Reads the whole table and reports every breach of its guarantees: orphan, duplicate, stale, missing and malformed ' +
      'rows, wrong counts of unread messages, duplicate and malformed messages, messages without a group, earlier versions ' +
      'of deleted messages, pairs with several groups, and blocks, requests, suspensions, pins, cleared conversations and devices ' +
      'on which the items of the table do not agree. With --search, compares the search index with the table, too. Exits ' +
      'with 1 if any is left.',
    examples: [
      'bin/ddb/verify',
      'bin/ddb/verify prod --json',
      'bin/ddb/verify --repair',
      'bin/ddb/verify --search',
      'bin/ddb/verify prod --group 5ae290ed-55d1-47a0-bc6d-fe2bc2700399',
    ],
  })
    .option('--repair', 'fix what can be fixed, and report it; names of people come from Postgres')
    .option('--search', 'compare the search index in Postgres with the table, in both directions')
    .option(
      '--group <UUID>',
      'read only this message group, without blocks, requests, suspensions, pins, devices and pairs',
      uuid,
    )
    .action(async (where, options) => {
      const { repair = false, search = false, group } = options;
      if (group && search) throw refused('--group is of the table: bin/search/rebuild has its own --group.');
      const session = await openSession(io, where, options, {
        services: repair || search ? ['dynamodb', 'postgres'] : ['dynamodb'],
      });
      const report = await verify(session, repair, group);
      if (group && report.items === 0) throw refused(`The table has nothing of the group ${group}.`);
      // After the repair of groups: what is indexed depends on their members.
      const index = search ? await verifySearch(session, repair) : undefined;
      const breaches = [...report.breaches, ...(index?.breaches ?? [])];
      const left = breaches.filter(({ repaired }) => repaired === undefined).length;
      await printReport(session, { ...report, breaches, rows: index?.rows }, left);
      if (left === 0) return;
      throw refused(`${count(left, 'breach', 'breaches')} left${repair ? '' : ': --repair fixes what can be fixed'}.`);
    });

async function verify(session: OperatorSession, repair: boolean, group: string | undefined): Promise<VerifyReport> {
  const findPerson = async (uuid: string): Promise<Person | undefined> =>
    (await withDatabase(session, (db) => findUsersByUuid(db, [uuid])))[0];
  return await session.out.withProgress('Verifying', (update) =>
    withTable(session, (table) =>
      verifyTable(table, {
        repair,
        messageGroupUuid: group,
        findPerson: repair ? findPerson : undefined,
        onProgress: (items) => update(`Verifying: ${count(items, 'item')}`),
      }),
    ),
  );
}

async function verifySearch(session: OperatorSession, repair: boolean): Promise<SearchReport> {
  return await session.out.withProgress('Comparing the search index', (update) =>
    withTable(session, (table) =>
      withDatabase(session, (db) =>
        verifyIndex(
          { table, db },
          {
            repair,
            onProgress: ({ rows, items, waitingFor }) => {
              const waiting = waitingFor > 0 ? `; waiting for ${count(waitingFor, 'change')} in the stream` : '';
              update(`Comparing the search index: ${count(rows, 'row')}, ${count(items, 'item')}${waiting}`);
            },
          },
        ),
      ),
    ),
  );
}

interface Report extends Pick<VerifyReport, 'items' | 'groups'> {
  breaches: Breach[];
  /** Of the search index, if it was compared. */
  rows: number | undefined;
}

async function printReport(
  { out }: OperatorSession,
  { items, groups, breaches, rows }: Report,
  left: number,
): Promise<void> {
  await out.rows(breaches, COLUMNS, 'No breaches found.');
  const repaired = breaches.length - left;
  const indexed =
    rows === undefined ? '' : `, ${count(rows, 'indexed message or clear', 'indexed messages and clears')}`;
  await out.result(
    { items, groups, ...(rows === undefined ? {} : { rows }), breaches: breaches.length, repaired },
    `${count(items, 'item')}, ${count(groups, 'group')}${indexed}: ${count(breaches.length, 'breach', 'breaches')}, ${repaired} repaired.`,
  );
}
