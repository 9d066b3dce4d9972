import { findUsersByUuid } from '@cruddur/db';
import { type Person, type VerifyReport, verifyTable } from '@cruddur/ddb';
import { type CommandIo, operatorCommand } from '../cli/command.ts';
import { refused } from '../cli/errors.ts';
import type { Column } from '../cli/output.ts';
import { type OperatorSession, openSession } from '../cli/session.ts';
import { count } from '../cli/text.ts';
import { withDatabase } from '../cli/with-database.ts';
import { withTable } from '../cli/with-table.ts';

type Breach = VerifyReport['breaches'][number];

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
      'of deleted messages, pairs with several groups, and blocks, requests, suspensions, pins and cleared conversations on ' +
      'which the items of the table do not agree. Exits with 1 if any is left.',
    examples: ['bin/ddb/verify', 'bin/ddb/verify prod --json', 'bin/ddb/verify --repair'],
  })
    .option('--repair', 'fix what can be fixed, and report it; names of people come from Postgres')
    .action(async (where, options) => {
      const repair = options.repair === true;
      const session = await openSession(io, where, options, {
        services: repair ? ['dynamodb', 'postgres'] : ['dynamodb'],
      });
      const report = await verify(session, repair);
      const left = report.breaches.filter(({ repaired }) => repaired === undefined).length;
      await printReport(session, report, left);
      if (left === 0) return;
      throw refused(`${count(left, 'breach', 'breaches')} left${repair ? '' : ': --repair fixes what can be fixed'}.`);
    });

async function verify(session: OperatorSession, repair: boolean): Promise<VerifyReport> {
  const findPerson = async (uuid: string): Promise<Person | undefined> =>
    (await withDatabase(session, (db) => findUsersByUuid(db, [uuid])))[0];
  return await session.out.withProgress('Verifying', (update) =>
    withTable(session, (table) =>
      verifyTable(table, {
        repair,
        findPerson: repair ? findPerson : undefined,
        onProgress: (items) => update(`Verifying: ${count(items, 'item')}`),
      }),
    ),
  );
}

async function printReport(
  { out }: OperatorSession,
  { items, groups, breaches }: VerifyReport,
  left: number,
): Promise<void> {
  await out.rows(breaches, COLUMNS, 'No breaches found.');
  const repaired = breaches.length - left;
  await out.result(
    { items, groups, breaches: breaches.length, repaired },
    `${count(items, 'item')}, ${count(groups, 'group')}: ${count(breaches.length, 'breach', 'breaches')}, ${repaired} repaired.`,
  );
}
